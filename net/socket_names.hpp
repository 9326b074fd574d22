// SPDX-License-Identifier: MIT
//
// Between our addresses and the system's. Internal to net/.
#pragma once

#include <uv.h>

#include <optional>

#include "net/transport.hpp"

namespace kith::net {

[[nodiscard]] sockaddr_storage to_sockaddr(const SocketAddress& address) noexcept;
[[nodiscard]] SocketAddress from_sockaddr(const sockaddr* address);
/// Numeric IPv4 or IPv6.
[[nodiscard]] std::optional<SocketAddress> parse_numeric(const std::string& text,
                                                         std::uint16_t port);
/// The generic view of an address.
[[nodiscard]] inline const sockaddr* as_sockaddr(const sockaddr_storage& storage) noexcept {
    return reinterpret_cast<const sockaddr*>(&storage);
}

[[nodiscard]] bool is_wildcard(const SocketAddress& address) noexcept;
[[nodiscard]] bool is_loopback(const SocketAddress& address) noexcept;
[[nodiscard]] bool is_link_local(const SocketAddress& address) noexcept;

/// Addresses of interfaces that are up, with `port`: those of the network first. Loopback and
/// link-local ones only when there are no others.
[[nodiscard]] std::vector<SocketAddress> interface_addresses(bool v6, std::uint16_t port);

}  // namespace kith::net
