// SPDX-License-Identifier: MIT
//
// Numbers of links that are circuits: those of the driver never have the highest bit. Internal to
// net/relay.
#pragma once

#include "net/transport.hpp"

namespace kith::net {

inline constexpr LinkId circuit_bit = LinkId{1} << 63;
[[nodiscard]] inline bool is_circuit(LinkId link) { return (link & circuit_bit) != 0; }

}  // namespace kith::net
