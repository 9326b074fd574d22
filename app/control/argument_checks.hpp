// SPDX-License-Identifier: MIT
//
// Whether a value of the command line can be what it is meant to be: an empty string, or a sentence
// that says what is wrong. For app/control's own files.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace kith::control {

using Check = std::function<std::string(const std::string& value)>;

[[nodiscard]] std::string not_empty(const std::string& value);
[[nodiscard]] std::string check_name(const std::string& name);
/// As profile::valid_profile_name, which has the last word: a plain folder name on every system.
[[nodiscard]] std::string check_profile(const std::string& name);
/// Numeric. IPv6 is checked roughly, the rest when it is bound.
[[nodiscard]] std::string check_address(const std::string& address);
[[nodiscard]] std::string check_message(const std::string& id);
[[nodiscard]] std::string check_fingerprint(const std::string& fingerprint);
[[nodiscard]] std::string check_relay(const std::string& address);
[[nodiscard]] Check whole_number(std::uint64_t min, std::uint64_t max);

}  // namespace kith::control
