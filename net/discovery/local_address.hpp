// SPDX-License-Identifier: MIT
//
// What belongs to the local network. Internal to net/. Free functions without state.
#pragma once

#include "net/discovery/interface.hpp"

namespace kith::net {

/// Not routed in the internet: RFC 1918, 169.254/16, 100.64/10 (RFC 6598), loopback, fe80::/10,
/// fc00::/7 (RFC 4193). IPv4 inside of IPv6 counts as IPv4.
[[nodiscard]] bool is_local(const SocketAddress& address);
/// In a network that the interface is in, as far as its addresses tell: a broadcast address, the
/// same /24 or the same /64.
[[nodiscard]] bool is_on_link(const SocketAddress& address, const Interface& interface);

/// Which to dial first, lower is better: the network, link-local, loopback.
[[nodiscard]] int reach_rank(const SocketAddress& address);

}  // namespace kith::net
