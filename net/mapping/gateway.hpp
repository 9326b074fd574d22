// SPDX-License-Identifier: MIT
//
// The routers this machine sends to when it knows no other way. Free function without state, for
// any thread; reads the system's routes each time. Internal to net/mapping.
#pragma once

#include <vector>

#include "net/transport.hpp"

namespace kith::net {

inline constexpr std::size_t gateways_max = 4;

/// IPv4, the best route first, without repetition; empty where the system tells none.
[[nodiscard]] std::vector<Bytes> default_gateways();

/// The same, from the text of Linux's /proc/net/route.
[[nodiscard]] std::vector<Bytes> gateways_in(const std::string& routes);

}  // namespace kith::net
