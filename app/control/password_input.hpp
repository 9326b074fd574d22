// SPDX-License-Identifier: MIT
//
// Passwords on the command line: the first line of a file, or typed on the terminal without echo.
// Never an argument, which other users of the machine could read. Blocks; not for the network
// thread.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace kith::control {

/// From `file`, else asked with `prompt` on the terminal. At most model::password_max bytes. The
/// error is a sentence: no such file, no terminal to ask on, too long. `file_option` is what that
/// sentence tells people to use instead.
[[nodiscard]] tl::expected<std::string, std::string> read_password(
    const std::optional<std::string>& file, const std::string& prompt,
    const std::string& file_option);

/// Asked twice on the terminal until both agree (three times at most); a file is read once.
[[nodiscard]] tl::expected<std::string, std::string> read_new_password(
    const std::optional<std::string>& file, const std::string& prompt,
    const std::string& file_option);

}  // namespace kith::control
