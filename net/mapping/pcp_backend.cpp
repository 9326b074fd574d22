// SPDX-License-Identifier: MIT
#include <algorithm>

#include "crypto/random.hpp"
#include "net/mapping/lease.hpp"
#include "net/mapping/pcp.hpp"
#include "net/mapping/router_access.hpp"
#include "net/mapping/router_socket.hpp"
#include "net/mapping/router_words.hpp"

namespace kith::net {
namespace {

constexpr std::chrono::seconds wished_lease{7200};

class PcpBackend final : public MappingBackend {
public:
    explicit PcpBackend(RouterAccess access) : access_(std::move(access)) {}
    [[nodiscard]] MappingProtocol protocol() const override { return MappingProtocol::pcp; }
    tl::expected<Granted, Refused> map(std::uint16_t internal_port,
                                       const std::optional<Mapping>& before) override;
    void unmap(const Mapping& mapping) override;

private:
    using Answer = tl::expected<pcp::Response, Refused>;
    Answer ask(const Bytes& router, pcp::Request request, const RouterAccess::Waits& waits);

    RouterAccess access_;
    /// The same for as long as this runs: renewing and removing need the one of the first request,
    /// and another router learns nothing from it.
    const pcp::Nonce nonce_ = crypto::SystemRandom().array<12>();
};

pcp::Request wish(std::uint16_t internal_port, const std::optional<Mapping>& before) {
    pcp::Request request;
    request.lifetime = wished_lease;
    request.internal_port = internal_port;
    request.external_port = internal_port;
    if (!before || before->internal_port != internal_port) return request;
    request.external_port = before->external.port;
    if (before->external.address.size() == 4)
        std::ranges::copy(before->external.address, request.external.begin());
    return request;
}

PcpBackend::Answer PcpBackend::ask(const Bytes& router, pcp::Request request,
                                   const RouterAccess::Waits& waits) {
    const std::string name = spelled(router);
    RouterSocket socket(router, access_.port);
    if (!socket.usable()) return tl::unexpected(Refused{name + " cannot be reached", {}, false});
    request.client = socket.local_address();
    request.nonce = nonce_;
    tl::expected<pcp::Response, pcp::Foreign> response;
    const bool answered = socket.ask(
        pcp::encode(request), waits,
        [&](ByteView message) {
            response = pcp::decode(message, request);
            return response || response.error() == pcp::Foreign::nat_pmp_only;
        },
        cancelled_);
    if (!answered) return tl::unexpected(Refused{name + " does not answer PCP", {}, false});
    if (!response) return tl::unexpected(Refused{name + " speaks NAT-PMP, and no PCP", {}, false});
    if (response->result != pcp::success) {
        const std::string why = pcp::result_name(response->result);
        return tl::unexpected(Refused{name + " refused PCP (" + why + ")", {}, true});
    }
    return *response;
}

tl::expected<MappingBackend::Granted, MappingBackend::Refused> PcpBackend::map(
    std::uint16_t internal_port, const std::optional<Mapping>& before) {
    const auto router = access_.router();
    if (!router) return tl::unexpected(Refused{no_router, {}, false});
    const auto response = ask(*router, wish(internal_port, before), access_.waits);
    if (!response) return tl::unexpected(response.error());
    const auto address = usable_public_address(response->external);
    if (response->external_port == 0 || response->lifetime.count() == 0) {
        return tl::unexpected(
            Refused{spelled(*router) + " answered PCP with a mapping that is none", address, true});
    }
    Mapping mapping{MappingProtocol::pcp,
                    {address.value_or(Bytes{}), response->external_port, 0},
                    internal_port,
                    bounded_lease(response->lifetime),
                    spelled(*router)};
    return Granted{std::move(mapping), address};
}

void PcpBackend::unmap(const Mapping& mapping) {
    const auto router = access_.still_there(mapping);
    if (!router) return;
    pcp::Request request;  // lifetime 0, nothing wished for (RFC 6887 section 15)
    request.internal_port = mapping.internal_port;
    (void)ask(*router, request, access_.unmap_waits);
}

}  // namespace

std::unique_ptr<MappingBackend> make_pcp_backend(RouterAccess access) {
    return std::make_unique<PcpBackend>(std::move(access));
}

}  // namespace kith::net
