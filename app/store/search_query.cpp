// SPDX-License-Identifier: MIT
#include "app/store/search_query.hpp"

#include <algorithm>
#include <utility>

#include "app/store/fts_script.hpp"

namespace kith::store {
namespace {

/// Only what the tokenizer would read too, on one line; scopes cannot be searched for.
std::string cleaned(std::string_view text) {
    std::string out;
    text = text.substr(0, model::query_max);
    while (!text.empty()) {
        const CodePoint next = decode(text);
        const bool kept = next.valid && next.value > ' ' && !is_scope(next.value);
        out += kept ? text.substr(0, next.size) : " ";
        text.remove_prefix(next.size);
    }
    return out;
}

bool is_one_code_point(std::string_view token) { return decode(token).size == token.size(); }

void add(std::vector<Phrase>& phrases, const Tokenizer& tokenizer, std::string_view text,
         bool may_be_prefix) {
    Phrase phrase{std::string(text), {}, false};
    tokenizer.run(text, [&](const Token& token) {
        phrase.tokens.emplace_back(token.folded);
        return true;
    });
    if (phrase.tokens.empty()) return;
    phrase.prefix = may_be_prefix && !is_one_code_point(phrase.tokens.back());
    const bool known = std::any_of(phrases.begin(), phrases.end(), [&](const Phrase& other) {
        return other.tokens == phrase.tokens && other.prefix == phrase.prefix;
    });
    if (!known) phrases.push_back(std::move(phrase));
}

void add_words(std::vector<Phrase>& phrases, const Tokenizer& tokenizer, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        add(phrases, tokenizer, text.substr(0, end), true);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::string utf8_of_scope(std::int64_t conversation) {
    const char32_t value = scope_first + static_cast<char32_t>(conversation % scope_count);
    return {static_cast<char>(0xF0 | (value >> 18)), static_cast<char>(0x80 | ((value >> 12) & 63)),
            static_cast<char>(0x80 | ((value >> 6) & 63)), static_cast<char>(0x80 | (value & 63))};
}

}  // namespace

std::vector<Phrase> parse_query(const Tokenizer& tokenizer, std::string_view text) {
    const std::string clean = cleaned(text);
    std::vector<Phrase> phrases;
    std::string_view left = clean;
    for (bool quoted = false; !left.empty(); quoted = !quoted) {
        const std::size_t quote = left.find('"');
        const bool closed = quote != std::string_view::npos;
        const auto part = left.substr(0, quote);
        if (quoted)
            add(phrases, tokenizer, part, !closed);  // still being typed
        else
            add_words(phrases, tokenizer, part);
        left.remove_prefix(closed ? quote + 1 : left.size());
    }
    return phrases;
}

std::string match_expression(const std::vector<Phrase>& phrases,
                             std::optional<std::int64_t> conversation) {
    std::string out;
    if (conversation) out = '"' + utf8_of_scope(*conversation) + '"';
    for (const Phrase& phrase : phrases) {
        if (!out.empty()) out += " AND ";
        out += '"' + phrase.text + '"';  // parse_query() leaves no quotation mark in it
        if (phrase.prefix) out += " *";
    }
    return out;
}

}  // namespace kith::store
