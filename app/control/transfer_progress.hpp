// SPDX-License-Identifier: MIT
//
// What `kith send-file` prints while files move: on a terminal one line that is written over, else
// plain lines, one for each change of state and each tenth. Knows no socket.
#pragma once

#include <iosfwd>

#include "app/control/cli_commands.hpp"

namespace kith::control {

/// Whom the files are for.
struct Recipient {
    std::string name;
    bool there = false;  ///< online now
};

/// Whether a transfer in this state does not go on by itself.
[[nodiscard]] bool is_over(const Json& transfer);
/// How it ended, a sentence without a line break. Only when is_over().
[[nodiscard]] std::string ending_words(const Json& transfer, const Recipient& to);
/// "Holiday  25%  250 B of 1.0 kB  50 B/s  15 s left", or what is waited for.
[[nodiscard]] std::string progress_words(const Json& transfer, const Recipient& to);
/// 0 to 100; 100 only when nothing is left.
[[nodiscard]] unsigned percent_of(const Json& transfer);

class TransferProgress {
public:
    /// `columns`: width of the terminal; 0: `out` is none.
    TransferProgress(std::ostream& out, std::size_t columns) : out_(out), columns_(columns) {}
    void show(const Json& transfer, const Recipient& to);
    void end();  ///< what follows begins on a line of its own

private:
    void overwrite(const std::string& words);

    std::ostream& out_;
    std::size_t columns_;
    std::string last_;
};

}  // namespace kith::control
