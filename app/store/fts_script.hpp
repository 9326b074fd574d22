// SPDX-License-Identifier: MIT
//
// What a code point is to the search: part of a word, a word of its own, or nothing. Inside
// app/store only.
#pragma once

#include <cstddef>
#include <string_view>

namespace kith::store {

struct CodePoint {
    char32_t value = 0;
    std::size_t size = 1;  ///< bytes; 1 when not valid
    bool valid = false;
};

/// The first code point of `text`, which is not empty. Strict: overlong forms, surrogates and
/// values above U+10FFFF are not valid (RFC 3629).
[[nodiscard]] CodePoint decode(std::string_view text);

enum class Role {
    word,    ///< scripts that put spaces between words, and what separates them
    single,  ///< scripts without spaces, and pictures: found as a sequence of single tokens
    hidden,  ///< joiners, direction marks, variation selectors, skin tones
};
[[nodiscard]] Role role_of(char32_t value);

/// Conversation n is written into the index as the code point scope_first + n % scope_count: plane
/// 15, for private use, and a token of its own.
inline constexpr char32_t scope_first = 0xF0000;
inline constexpr char32_t scope_count = 65'521;
[[nodiscard]] constexpr bool is_scope(char32_t value) {
    return value >= scope_first && value <= 0xFFFFF;
}

/// What unicode61 does not fold, for letters that are two bytes of UTF-8: Greek accents and final
/// sigma, Cyrillic io. 0 for the vowel points of Hebrew and Arabic and the Arabic elongation:
/// written or not, the word is the same.
[[nodiscard]] char32_t folded(char32_t value);

}  // namespace kith::store
