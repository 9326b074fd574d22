// SPDX-License-Identifier: MIT
#include "app/relay/reload.hpp"

#include <algorithm>

namespace kith::relay {
namespace {

bool can_change(const Setting& setting) {
    return setting.value == &Settings::allow || setting.value == &Settings::log_level ||
           setting.value == &Settings::mailbox_days ||
           setting.value == &Settings::mailbox_per_person ||
           setting.value == &Settings::mailbox_total;
}

std::size_t missing_in(const AllowList& list, const AllowList& other) {
    return static_cast<std::size_t>(std::count_if(
        list.begin(), list.end(), [&](const auto& person) { return !other.contains(person); }));
}

}  // namespace

Difference difference(const Settings& before, const Settings& after) {
    Difference result;
    for (const Setting& setting : all_settings()) {
        if (before.*setting.value == after.*setting.value) continue;
        (can_change(setting) ? result.applied : result.needs_restart).emplace_back(setting.name);
    }
    return result;
}

ListDifference difference(const AllowList& before, const AllowList& after) {
    return {missing_in(after, before), missing_in(before, after)};
}

}  // namespace kith::relay
