// SPDX-License-Identifier: MIT
//
// What can be said to a relay, once for the command line and once for its file: `--listen X` there
// is `listen = "X"` here. Pure functions, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace kith::relay {

/// As written; none: not said.
struct Settings {
    std::optional<std::string> listen{}, data{}, public_host{}, secret{}, allow{}, metrics{},
        log_level{};
    bool operator==(const Settings&) const = default;
};

struct Setting {
    const char* name;  ///< "public-host"
    const char* type;  ///< of the value, for the help
    const char* text;
    std::optional<std::string> Settings::*value;
    /// An empty string, or what is wrong with this value.
    std::string (*check)(const std::string& value);
};

[[nodiscard]] std::span<const Setting> all_settings();

/// What `first` says, and what else `second` says.
[[nodiscard]] Settings merged(Settings first, const Settings& second);

}  // namespace kith::relay
