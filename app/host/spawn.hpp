// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace kith::host {

/// Starts this program again with other arguments, in a session of its own; it outlives us. Any
/// thread. The error is a sentence.
tl::expected<void, std::string> spawn_self(const std::vector<std::string>& arguments);

}  // namespace kith::host
