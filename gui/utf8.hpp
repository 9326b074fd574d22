// SPDX-License-Identifier: MIT
//
// UTF-8 in and out, one code point at a time. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kith::gui {

inline constexpr char32_t replacement_character = 0xFFFD;

/// The code point at `at`, which is moved behind it. What is not UTF-8 (RFC 3629: overlong forms,
/// surrogates, stray bytes) yields U+FFFD and moves one byte.
[[nodiscard]] char32_t decode_utf8(std::string_view text, std::size_t& at);

void append_utf8(std::string& out, char32_t code_point);

[[nodiscard]] std::size_t count_code_points(std::string_view text);

/// The longest prefix of at most `bytes` bytes that does not cut a code point.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t bytes);

}  // namespace kith::gui
