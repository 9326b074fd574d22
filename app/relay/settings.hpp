// SPDX-License-Identifier: MIT
//
// What can be said to a relay, once for the command line and once for its file: `--listen X` there
// is `listen = "X"` here, and a number `--clients-max 5` is `clients-max = 5`. Pure functions, any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace kith::relay {

/// As written; none: not said.
struct Settings {
    std::optional<std::string> listen{}, data{}, public_host{}, secret{}, allow{}, metrics{},
        log_level{};
    // Numbers.
    std::optional<std::string> clients_max{}, circuits_max{}, circuits_per_client{},
        links_per_address{}, connections_per_second{};
    std::optional<std::string> mailbox{}, mailbox_days{}, mailbox_per_person{}, mailbox_total{};
    bool operator==(const Settings&) const = default;
};

struct Setting {
    const char* name;  ///< "public-host"
    const char* type;  ///< of the value, for the help
    const char* text;
    std::optional<std::string> Settings::*value;
    /// An empty string, or what is wrong with this value.
    std::string (*check)(const std::string& value);
    bool number = false;  ///< in the file it stands without quotes
};

inline constexpr std::uint32_t limit_max = 1'000'000;  ///< of each number; the least is 1
[[nodiscard]] std::optional<std::uint32_t> parse_limit(const std::string& text);

[[nodiscard]] std::span<const Setting> all_settings();

/// What `first` says, and what else `second` says.
[[nodiscard]] Settings merged(Settings first, const Settings& second);

}  // namespace kith::relay
