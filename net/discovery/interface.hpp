// SPDX-License-Identifier: MIT
//
// A network interface of this machine, as discovery and the diagnosis page see it. A plain value.
#pragma once

#include <string>
#include <vector>

#include "net/transport.hpp"

namespace kith::net {

struct Interface {
    std::string name;         ///< "eth0"
    std::uint32_t index = 0;  ///< the system's; unique while it exists
    bool loopback = false;
    std::vector<SocketAddress> addresses;  ///< port 0; link-local ones included, with scope
    std::vector<Bytes> broadcast;          ///< IPv4 broadcast addresses, 4 bytes each
    bool operator==(const Interface&) const = default;
};

inline constexpr std::size_t interfaces_max = 64;  ///< more are left out, loopback never

}  // namespace kith::net
