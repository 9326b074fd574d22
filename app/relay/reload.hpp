// SPDX-License-Identifier: MIT
//
// What SIGHUP changes. Pure functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "app/relay/allow_list.hpp"
#include "app/relay/settings.hpp"

namespace kith::relay {

/// Names of settings.
struct Difference {
    std::vector<std::string> applied;        ///< allow, log-level, how much is kept: from now on
    std::vector<std::string> needs_restart;  ///< all others
};
[[nodiscard]] Difference difference(const Settings& before, const Settings& after);

struct ListDifference {
    std::size_t added = 0, removed = 0;
};
[[nodiscard]] ListDifference difference(const AllowList& before, const AllowList& after);

}  // namespace kith::relay
