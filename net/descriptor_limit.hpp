// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace kith::net {

/// Raises this process's soft limit of open descriptors towards `wanted`, as far as the hard limit
/// allows. Many systems start programs with 1,024, which is fewer links than limits.hpp allows.
/// Returns what there is then.
std::size_t raise_descriptor_limit(std::size_t wanted) noexcept;

}  // namespace kith::net
