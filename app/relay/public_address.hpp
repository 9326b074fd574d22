// SPDX-License-Identifier: MIT
//
// Where a relay says that it is. Pure functions, any thread.
#pragma once

#include <vector>

#include "app/relay/configuration.hpp"
#include "net/transport.hpp"

namespace kith::relay {

struct PublicAddress {
    std::string host;
    std::uint16_t port = 0;
    bool guessed = false;  ///< taken from an interface: others may not be able to reach it
};

/// As configured; else the address listened on; else the first of `reachable` (with it loopback, if
/// there is nothing else).
[[nodiscard]] PublicAddress public_address(const Configuration& configuration,
                                           std::uint16_t listening_port,
                                           const std::vector<net::SocketAddress>& reachable);

}  // namespace kith::relay
