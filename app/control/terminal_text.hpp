// SPDX-License-Identifier: MIT
//
// Strings of other people on a terminal: escape sequences, control and direction characters and
// invisible ones are shown as <U+001B>, never sent. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace kith::control {

/// For a name or anything else that stays on one line.
[[nodiscard]] std::string safe_name(std::string_view utf8);
/// For a message: line breaks and tabs stay, and so do the joiners that scripts and emoji need.
/// Each line after the first begins with `indent`, so that a message cannot pass for the next one.
[[nodiscard]] std::string safe_text(std::string_view utf8, std::string_view indent);
/// For a part of a message that stays on one line: breaks and tabs become blanks.
[[nodiscard]] std::string safe_line(std::string_view utf8);
/// For a line of JSON: the same characters become \uXXXX, which leaves its meaning as it is.
[[nodiscard]] std::string safe_json(std::string_view json);

}  // namespace kith::control
