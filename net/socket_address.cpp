// SPDX-License-Identifier: MIT
#include <uv.h>

#include "net/transport.hpp"

namespace kith::net {

std::string to_string(const SocketAddress& address) {
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
