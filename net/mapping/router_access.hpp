// SPDX-License-Identifier: MIT
//
// What all ways of asking have in common: which router, and for how long to wait. Internal to
// net/mapping.
#pragma once

#include <functional>
#include <optional>

#include "net/mapping/gateway.hpp"
#include "net/mapping/port_mapper.hpp"

namespace kith::net {

struct RouterAccess {
    using Waits = std::vector<std::chrono::milliseconds>;
    std::function<std::vector<Bytes>()> gateways = default_gateways;
    std::uint16_t port = 5351;  ///< UDP, of PCP and NAT-PMP alike
    /// A request is sent again after each but the last of these. RFC 6886 section 3.1 goes on for
    /// a minute, RFC 6887 begins with 3 s: a router is next door, and the next way waits.
    Waits waits{std::chrono::milliseconds(250), std::chrono::milliseconds(500),
                std::chrono::milliseconds(1000)};
    /// At the end of the program nobody wants to wait: together under the mapper's unmap_within.
    Waits unmap_waits{std::chrono::milliseconds(250), std::chrono::milliseconds(500)};
    Bytes ssdp{239, 255, 255, 250};  ///< where UPnP devices are called
    std::uint16_t ssdp_port = 1900;

    [[nodiscard]] std::optional<Bytes> router() const;
    /// The router of an older mapping, if it still is one of ours.
    [[nodiscard]] std::optional<Bytes> still_there(const Mapping& mapping) const;
};

[[nodiscard]] std::unique_ptr<MappingBackend> make_pcp_backend(RouterAccess access);
[[nodiscard]] std::unique_ptr<MappingBackend> make_nat_pmp_backend(RouterAccess access);
[[nodiscard]] std::unique_ptr<MappingBackend> make_upnp_backend(RouterAccess access);

inline constexpr const char* no_router = "no router is known: this machine has no default route";

}  // namespace kith::net
