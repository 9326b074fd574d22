// SPDX-License-Identifier: MIT
//
// The terminal this process was started on. What belongs to a platform is in terminal_<it>.cpp.
#pragma once

#include <optional>
#include <string>

namespace kith::control {

/// Whether standard output is a terminal that shows emphasis.
[[nodiscard]] bool output_shows_emphasis();
/// Whether standard input is a terminal.
[[nodiscard]] bool can_ask();
/// Shows `prompt` and reads a line without echo. Nothing when there is no terminal or it was
/// closed.
[[nodiscard]] std::optional<std::string> ask_without_echo(const std::string& prompt);

}  // namespace kith::control
