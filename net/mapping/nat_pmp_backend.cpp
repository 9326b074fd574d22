// SPDX-License-Identifier: MIT
#include "net/mapping/lease.hpp"
#include "net/mapping/nat_pmp.hpp"
#include "net/mapping/router_access.hpp"
#include "net/mapping/router_socket.hpp"
#include "net/mapping/router_words.hpp"

namespace kith::net {
namespace {

constexpr std::chrono::seconds wished_lease{7200};  // recommended, RFC 6886 section 3.3

class NatPmpBackend final : public MappingBackend {
public:
    explicit NatPmpBackend(RouterAccess access) : access_(std::move(access)) {}
    [[nodiscard]] MappingProtocol protocol() const override { return MappingProtocol::nat_pmp; }
    tl::expected<Granted, Refused> map(std::uint16_t internal_port,
                                       const std::optional<Mapping>& before) override;
    void unmap(const Mapping& mapping) override;

private:
    std::optional<nat_pmp::MapResponse> ask_for(RouterSocket& socket, std::uint16_t internal_port,
                                                std::uint16_t external_port,
                                                std::chrono::seconds lease,
                                                const RouterAccess::Waits& waits);
    std::optional<nat_pmp::AddressResponse> ask_address(RouterSocket& socket);

    RouterAccess access_;
};

std::optional<nat_pmp::AddressResponse> NatPmpBackend::ask_address(RouterSocket& socket) {
    std::optional<nat_pmp::AddressResponse> response;
    (void)socket.ask(
        nat_pmp::encode_address_request(), access_.waits,
        [&](ByteView message) { return (response = nat_pmp::decode_address(message)).has_value(); },
        cancelled_);
    return response;
}

std::optional<nat_pmp::MapResponse> NatPmpBackend::ask_for(RouterSocket& socket,
                                                           std::uint16_t internal_port,
                                                           std::uint16_t external_port,
                                                           std::chrono::seconds lease,
                                                           const RouterAccess::Waits& waits) {
    std::optional<nat_pmp::MapResponse> response;
    (void)socket.ask(
        nat_pmp::encode_map_request(internal_port, external_port, lease), waits,
        [&](ByteView message) {
            return (response = nat_pmp::decode_map(message, internal_port)).has_value();
        },
        cancelled_);
    return response;
}

tl::expected<MappingBackend::Granted, MappingBackend::Refused> NatPmpBackend::map(
    std::uint16_t internal_port, const std::optional<Mapping>& before) {
    const auto router = access_.router();
    if (!router) return tl::unexpected(Refused{no_router, {}, false});
    const std::string name = spelled(*router);
    RouterSocket socket(*router, access_.port);
    const auto about = ask_address(socket);
    if (!about) return tl::unexpected(Refused{name + " does not answer NAT-PMP", {}, false});
    const auto refused = [&](const std::string& words, std::optional<Bytes> address) {
        return tl::unexpected(Refused{name + words, std::move(address), true});
    };
    const auto in_brackets = [](std::uint16_t result) {
        return " refused NAT-PMP (" + nat_pmp::result_name(result) + ")";
    };
    if (about->result != 0) return refused(in_brackets(about->result), {});
    const auto address = usable_public_address(about->address);
    const bool again = before && before->internal_port == internal_port;
    const auto granted =
        ask_for(socket, internal_port, again ? before->external.port : internal_port, wished_lease,
                access_.waits);
    if (!granted) return refused(" did not answer the request for a port by NAT-PMP", address);
    if (granted->result != 0) return refused(in_brackets(granted->result), address);
    if (granted->external_port == 0 || granted->lifetime.count() == 0)
        return refused(" answered NAT-PMP with a mapping that is none", address);
    Mapping mapping{MappingProtocol::nat_pmp,
                    {address.value_or(Bytes{}), granted->external_port, 0},
                    internal_port,
                    bounded_lease(granted->lifetime),
                    name};
    return Granted{std::move(mapping), address};
}

void NatPmpBackend::unmap(const Mapping& mapping) {
    const auto router = access_.still_there(mapping);
    if (!router) return;
    RouterSocket socket(*router, access_.port);
    (void)ask_for(socket, mapping.internal_port, 0, std::chrono::seconds(0), access_.unmap_waits);
}

}  // namespace

std::unique_ptr<MappingBackend> make_nat_pmp_backend(RouterAccess access) {
    return std::make_unique<NatPmpBackend>(std::move(access));
}

}  // namespace kith::net
