// SPDX-License-Identifier: MIT
//
// The terminal this process was started on. What belongs to a platform is in terminal_<it>.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace kith::control {

/// Whether standard output is a terminal that shows emphasis.
[[nodiscard]] bool output_shows_emphasis();
/// Width of the terminal that standard output is; 0: it is none, or cannot write over a line.
[[nodiscard]] std::size_t output_columns();

/// While it lives, Ctrl+C writes `note` to standard error before it ends the process. One at a
/// time; `note` outlives it.
class NoteOnInterrupt {
public:
    explicit NoteOnInterrupt(const char* note);
    ~NoteOnInterrupt();
    NoteOnInterrupt(const NoteOnInterrupt&) = delete;
    NoteOnInterrupt& operator=(const NoteOnInterrupt&) = delete;
};

/// Whether standard input is a terminal.
[[nodiscard]] bool can_ask();
/// Shows `prompt` and reads a line without echo. Nothing when there is no terminal or it was
/// closed.
[[nodiscard]] std::optional<std::string> ask_without_echo(const std::string& prompt);

}  // namespace kith::control
