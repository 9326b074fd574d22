// SPDX-License-Identifier: MIT
//
// Connections of another program, cut as a network would: from outside, at any moment.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>

namespace kith::e2e {

/// Shuts down TCP connections of a child, each when `chosen` says so. Gives how many; none where
/// the system does not let a program reach into its child.
std::size_t cut_connections(pid_t pid, const std::function<bool()>& chosen);

/// Open descriptors of a program.
[[nodiscard]] std::size_t descriptors_of(pid_t pid);

}  // namespace kith::e2e
