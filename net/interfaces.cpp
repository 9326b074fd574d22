// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>

#include "net/socket_names.hpp"

namespace kith::net {
namespace {

template <typename T>
const T& view_as(const void* address) {
    return *static_cast<const T*>(address);
}

}  // namespace

sockaddr_storage to_sockaddr(const SocketAddress& address) noexcept {
    sockaddr_storage storage{};
    if (address.address.size() == 16) {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(address.port);
        v6.sin6_scope_id = address.scope;
        std::memcpy(&v6.sin6_addr, address.address.data(), sizeof v6.sin6_addr);
        std::memcpy(&storage, &v6, sizeof v6);
    } else if (address.address.size() == 4) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(address.port);
        std::memcpy(&v4.sin_addr, address.address.data(), sizeof v4.sin_addr);
        std::memcpy(&storage, &v4, sizeof v4);
    }
    return storage;
}

SocketAddress from_sockaddr(const sockaddr* address) {
    SocketAddress result;
    if (address->sa_family == AF_INET6) {
        const auto& v6 = view_as<sockaddr_in6>(address);
        result.address.resize(sizeof v6.sin6_addr);
        std::memcpy(result.address.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
        result.port = ntohs(v6.sin6_port);
        result.scope = v6.sin6_scope_id;
    } else if (address->sa_family == AF_INET) {
        const auto& v4 = view_as<sockaddr_in>(address);
        result.address.resize(sizeof v4.sin_addr);
        std::memcpy(result.address.data(), &v4.sin_addr, sizeof v4.sin_addr);
        result.port = ntohs(v4.sin_port);
    }
    return result;
}

std::optional<SocketAddress> parse_numeric(const std::string& text, std::uint16_t port) {
    sockaddr_in v4{};
    if (uv_ip4_addr(text.c_str(), port, &v4) == 0) {
        sockaddr_storage storage{};
        std::memcpy(&storage, &v4, sizeof v4);
        return from_sockaddr(as_sockaddr(storage));
    }
    sockaddr_in6 v6{};
    if (uv_ip6_addr(text.c_str(), port, &v6) != 0) return std::nullopt;
    sockaddr_storage storage{};
    std::memcpy(&storage, &v6, sizeof v6);
    return from_sockaddr(as_sockaddr(storage));
}

bool is_wildcard(const SocketAddress& address) noexcept {
    return std::all_of(address.address.begin(), address.address.end(),
                       [](std::uint8_t byte) { return byte == 0; });
}

bool is_loopback(const SocketAddress& address) noexcept {
    const Bytes& bytes = address.address;
    if (bytes.size() == 4) return bytes[0] == 127;
    return bytes.size() == 16 && bytes[15] == 1 &&
           std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

bool is_link_local(const SocketAddress& address) noexcept {
    const Bytes& bytes = address.address;
    if (bytes.size() == 4) return bytes[0] == 169 && bytes[1] == 254;
    return bytes.size() == 16 && bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80;
}

std::vector<SocketAddress> interface_addresses(bool v6, std::uint16_t port) {
    uv_interface_address_t* interfaces = nullptr;
    int count = 0;
    if (uv_interface_addresses(&interfaces, &count) != 0) return {};
    std::vector<SocketAddress> network;
    std::vector<SocketAddress> local;
    for (int i = 0; i < count; ++i) {
        const auto& entry = interfaces[i];
        if ((entry.address.address4.sin_family == AF_INET6) != v6) continue;
        sockaddr_storage storage{};
        std::memcpy(&storage, &entry.address, sizeof entry.address);
        SocketAddress address = from_sockaddr(as_sockaddr(storage));
        address.port = port;
        const bool usable =
            entry.is_internal == 0 && !is_loopback(address) && !is_link_local(address);
        // A link-local address means nothing to others without a scope of theirs.
        if (usable)
            network.push_back(std::move(address));
        else if (is_loopback(address))
            local.push_back(std::move(address));
    }
    uv_free_interface_addresses(interfaces, count);
    return network.empty() ? local : network;
}

}  // namespace kith::net
