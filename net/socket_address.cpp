// SPDX-License-Identifier: MIT
#include <uv.h>

#include "crypto/relay_address.hpp"
#include "net/transport.hpp"

namespace kith::net {

bool is_relayed(const SocketAddress& address) noexcept {
    return crypto::is_relay_place(address.address);
}

std::string to_string(const SocketAddress& address) {
    if (const auto relay = crypto::relay_at(address.address, address.port))
        return relay->host + ":" + std::to_string(relay->port) + " (relay)";
    const bool v6 = address.address.size() == 16;
    if (!v6 && address.address.size() != 4) return "an unknown kind of address";
    char text[INET6_ADDRSTRLEN] = {};
    uv_inet_ntop(v6 ? AF_INET6 : AF_INET, address.address.data(), text, sizeof text);
    std::string host = text;
    if (address.scope != 0) host += "%" + std::to_string(address.scope);
    if (v6) host = "[" + host + "]";
    return host + ":" + std::to_string(address.port);
}

}  // namespace kith::net
