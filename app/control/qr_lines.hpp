// SPDX-License-Identifier: MIT
//
// A QR code made of characters, two modules in each. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace kith::control {

/// Lines with line breaks, the quiet zone included. `colours`: black on white whatever the terminal
/// is set to. Without, what is light is printed, as terminals are dark more often than not. Empty
/// when `text` cannot be a QR code.
[[nodiscard]] std::string qr_lines(std::string_view text, bool colours);

}  // namespace kith::control
