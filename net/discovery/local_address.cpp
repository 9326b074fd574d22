// SPDX-License-Identifier: MIT
#include "net/discovery/local_address.hpp"

#include <algorithm>

#include "net/socket_names.hpp"

namespace kith::net {
namespace {

constexpr std::size_t ipv4_neighbours = 3;  // bytes in common
constexpr std::size_t ipv6_neighbours = 8;

/// RFC 4291, section 2.5.5.2: ::ffff:a.b.c.d.
SocketAddress unmapped(const SocketAddress& address) {
    const Bytes& bytes = address.address;
    const auto zero = [](std::uint8_t byte) { return byte == 0; };
    if (bytes.size() != 16 || !std::all_of(bytes.begin(), bytes.begin() + 10, zero) ||
        bytes[10] != 0xFF || bytes[11] != 0xFF)
        return address;
    return {Bytes(bytes.begin() + 12, bytes.end()), address.port, 0};
}

bool is_private(const Bytes& bytes) {
    if (bytes.size() == 16) return (bytes[0] & 0xFE) == 0xFC;
    return bytes.size() == 4 &&
           (bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16) ||
            (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 100 && (bytes[1] & 0xC0) == 64));
}

/// The broadcast address ends in ones where hosts differ.
bool below_broadcast(const Bytes& address, const Bytes& broadcast) {
    bool host_part = true;
    for (std::size_t i = broadcast.size(); i-- > 0;) {
        const int mask = host_part ? (broadcast[i] ^ (broadcast[i] + 1)) >> 1 : 0;
        if ((address[i] | mask) != broadcast[i]) return false;
        host_part = host_part && broadcast[i] == 0xFF;
    }
    return true;
}

bool share(const Bytes& a, const Bytes& b, std::size_t count) {
    return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(count), b.begin());
}

}  // namespace

bool is_local(const SocketAddress& address) {
    const SocketAddress plain = unmapped(address);
    return is_loopback(plain) || is_link_local(plain) || is_private(plain.address);
}

bool is_on_link(const SocketAddress& address, const Interface& interface) {
    const Bytes& bytes = address.address;
    if (bytes.size() != 4 && bytes.size() != 16) return false;
    const auto covers = [&](const Bytes& broadcast) {
        return broadcast.size() == bytes.size() && below_broadcast(bytes, broadcast);
    };
    const auto neighbour = [&](const SocketAddress& own) {
        return own.address.size() == bytes.size() &&
               share(own.address, bytes, bytes.size() == 4 ? ipv4_neighbours : ipv6_neighbours);
    };
    return std::ranges::any_of(interface.broadcast, covers) ||
           std::ranges::any_of(interface.addresses, neighbour);
}

int reach_rank(const SocketAddress& address) {
    if (is_loopback(address)) return 2;
    return is_link_local(address) ? 1 : 0;
}

}  // namespace kith::net
