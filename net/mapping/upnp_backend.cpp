// SPDX-License-Identifier: MIT
#include <charconv>

#include "net/mapping/lease.hpp"
#include "net/mapping/router_access.hpp"
#include "net/mapping/router_socket.hpp"
#include "net/mapping/router_words.hpp"
#include "net/mapping/ssdp.hpp"
#include "net/mapping/upnp.hpp"
#include "net/socket_names.hpp"

namespace kith::net {
namespace {

constexpr std::chrono::seconds wished_lease{3600};
constexpr int ports_tried = 4;  // another one in the house may have the first
constexpr std::chrono::milliseconds unmap_time{750};

// Error codes of WANIPConnection:1 and :2.
constexpr int invalid_arguments = 402;
constexpr int conflict = 718;
constexpr int permanent_only = 725;

class UpnpBackend final : public MappingBackend {
public:
    explicit UpnpBackend(RouterAccess access) : access_(std::move(access)) {}
    [[nodiscard]] MappingProtocol protocol() const override { return MappingProtocol::upnp; }
    tl::expected<Granted, Refused> map(std::uint16_t internal_port,
                                       const std::optional<Mapping>& before) override;
    void unmap(const Mapping& mapping) override;

private:
    using Reply = tl::expected<std::string, upnp::Fault>;
    struct Wish {
        std::uint16_t internal_port = 0;
        std::uint16_t external_port = 0;
        std::string client;
    };
    tl::expected<upnp::Service, std::string> find(const Bytes& router);
    Reply call(const upnp::Service& service, const std::string& action,
               const upnp::Arguments& arguments, std::chrono::milliseconds time = http::time_max);
    tl::expected<void, upnp::Fault> add(const upnp::Service& service, const Wish& wish);
    std::optional<upnp::Fault> add_somewhere(const upnp::Service& service, Wish& wish);
    std::optional<Bytes> public_address(const upnp::Service& service);

    RouterAccess access_;
    std::optional<upnp::Service> known_;  ///< of the mapping that is held
};

std::string digits(std::uint64_t number) { return std::to_string(number); }

std::string in_words(const upnp::Fault& fault) {
    std::string words = fault.code == 0 ? "" : digits(static_cast<std::uint64_t>(fault.code));
    if (!fault.words.empty()) words += (words.empty() ? "" : " ") + fault.words;
    return words.empty() ? "without a reason" : words;
}

UpnpBackend::Reply UpnpBackend::call(const upnp::Service& service, const std::string& action,
                                     const upnp::Arguments& arguments,
                                     std::chrono::milliseconds time) {
    const auto reply = http::exchange(service.control.host, upnp::call(service, action, arguments),
                                      time, cancelled_);
    if (!reply) return tl::unexpected(upnp::Fault{0, reply.error()});
    if (reply->status == 200) return reply->body;
    auto fault = upnp::fault(reply->body);
    if (fault.code <= 0) fault = {0, "HTTP status " + std::to_string(reply->status)};
    return tl::unexpected(std::move(fault));
}

/// The first service of the router that knows an address, or else the first.
tl::expected<upnp::Service, std::string> UpnpBackend::find(const Bytes& router) {
    const auto locations = find_devices(router, access_, cancelled_);
    if (locations.empty()) return tl::unexpected(std::string("does not answer UPnP"));
    std::string words = "offers no way to map ports by UPnP";
    std::optional<upnp::Service> first;
    for (const auto& url : locations) {
        const auto description =
            http::exchange(url.host, http::get(url), http::time_max, cancelled_);
        if (!description || description->status != 200) {
            words = description ? "does not hand out its UPnP description" : description.error();
            continue;
        }
        for (const auto& service : upnp::services(description->body, url)) {
            if (public_address(service)) return service;
            if (!first) first = service;
        }
    }
    if (first) return *first;
    return tl::unexpected(words);
}

std::optional<Bytes> UpnpBackend::public_address(const upnp::Service& service) {
    const auto body = call(service, "GetExternalIPAddress", {});
    if (!body) return std::nullopt;
    const auto address = parse_numeric(upnp::value(*body, "NewExternalIPAddress"), 0);
    return address ? usable_public_address(address->address) : std::nullopt;
}

tl::expected<void, upnp::Fault> UpnpBackend::add(const upnp::Service& service, const Wish& wish) {
    upnp::Arguments arguments{{"NewRemoteHost", ""},
                              {"NewExternalPort", digits(wish.external_port)},
                              {"NewProtocol", "TCP"},
                              {"NewInternalPort", digits(wish.internal_port)},
                              {"NewInternalClient", wish.client},
                              {"NewEnabled", "1"},
                              {"NewPortMappingDescription", "Kith"},
                              {"NewLeaseDuration", digits(wished_lease.count())}};
    auto added = call(service, "AddPortMapping", arguments);
    const auto wants_permanent = [](const upnp::Fault& fault) {
        return fault.code == permanent_only || fault.code == invalid_arguments;
    };
    if (!added && wants_permanent(added.error())) {
        arguments.back().second = "0";
        added = call(service, "AddPortMapping", arguments);
    }
    if (!added) return tl::unexpected(added.error());
    return {};
}

std::optional<upnp::Fault> UpnpBackend::add_somewhere(const upnp::Service& service, Wish& wish) {
    std::optional<upnp::Fault> fault;
    for (int i = 0; i < ports_tried; ++i) {
        const auto added = add(service, wish);
        if (added) return std::nullopt;
        fault = added.error();
        if (fault->code != conflict || wish.external_port == 65535) return fault;
        ++wish.external_port;
    }
    return fault;
}

tl::expected<MappingBackend::Granted, MappingBackend::Refused> UpnpBackend::map(
    std::uint16_t internal_port, const std::optional<Mapping>& before) {
    const auto router = access_.router();
    if (!router) return tl::unexpected(Refused{no_router, {}, false});
    const std::string name = spelled(*router);
    const auto service = find(*router);
    if (!service) return tl::unexpected(Refused{name + " " + service.error(), {}, false});
    const auto address = public_address(*service);
    const bool again = before && before->internal_port == internal_port;
    Wish wish{internal_port, again ? before->external.port : internal_port, spelled([&] {
                  const auto own = RouterSocket(*router, access_.port).local_address();
                  return Bytes(own.begin(), own.end());
              }())};
    if (const auto fault = add_somewhere(*service, wish)) {
        return tl::unexpected(
            Refused{name + " refused UPnP (" + in_words(*fault) + ")", address, true});
    }
    known_ = *service;
    Mapping mapping{MappingProtocol::upnp,
                    {address.value_or(Bytes{}), wish.external_port, 0},
                    internal_port,
                    bounded_lease(wished_lease),
                    name};
    return Granted{std::move(mapping), address};
}

void UpnpBackend::unmap(const Mapping& mapping) {
    const auto router = access_.still_there(mapping);
    if (!router || !known_ || known_->control.host.address != *router) return;
    (void)call(*known_, "DeletePortMapping",
               {{"NewRemoteHost", ""},
                {"NewExternalPort", digits(mapping.external.port)},
                {"NewProtocol", "TCP"}},
               unmap_time);
}

}  // namespace

std::unique_ptr<MappingBackend> make_upnp_backend(RouterAccess access) {
    return std::make_unique<UpnpBackend>(std::move(access));
}

}  // namespace kith::net
