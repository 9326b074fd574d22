// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace kith::node {

/// Memory of this process that is in RAM, in bytes; 0 where the system does not say. Any thread.
std::uint64_t resident_bytes();

}  // namespace kith::node
