// SPDX-License-Identifier: MIT
//
// The part of a found text that shows why it was found. Inside app/store only.
#pragma once

#include "app/store/search_query.hpp"

namespace kith::store {

inline constexpr std::size_t snippet_max = 160;    ///< bytes
inline constexpr std::size_t snippet_before = 40;  ///< bytes of text in front of the first place

struct Snippet {
    std::string text;  ///< one line; "…" stands for what is left out at either end
    std::vector<std::pair<std::uint32_t, std::uint32_t>> marks;  ///< offset and size in bytes
};

/// Around the first place that fits any phrase. Reads no further than it shows. Without such a
/// place, the beginning of the text.
[[nodiscard]] Snippet make_snippet(const Tokenizer& tokenizer, const std::vector<Phrase>& phrases,
                                   std::string_view text);

}  // namespace kith::store
