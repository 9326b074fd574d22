// SPDX-License-Identifier: MIT
//
// What a person typed, as a query for the index and as a way to find the same places in a text.
// Inside app/store only.
#pragma once

#include <string>
#include <vector>

#include "app/store/fts_tokenizer.hpp"

namespace kith::store {

/// Tokens that follow each other.
struct Phrase {
    std::string text;                 ///< as typed
    std::vector<std::string> tokens;  ///< at least one
    bool prefix = false;              ///< the last token may be the beginning of a word
    bool operator==(const Phrase&) const = default;
};

/// Words, and "phrases" in quotation marks; one that is not closed goes to the end. What has no
/// token (punctuation, bytes that are not UTF-8) is left out. Text behind query_max bytes does not
/// count.
///
/// A word is a prefix when its last token has two code points at least: single letters are whole
/// words, and a code point of a script without spaces is a token in any case.
[[nodiscard]] std::vector<Phrase> parse_query(const Tokenizer& tokenizer, std::string_view text);

/// In FTS5's language: all phrases, in one conversation if one is given. Whatever was typed stands
/// in a string literal of it, so that none of its syntax can leak.
[[nodiscard]] std::string match_expression(const std::vector<Phrase>& phrases,
                                           std::optional<std::int64_t> conversation);

}  // namespace kith::store
