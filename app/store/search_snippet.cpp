// SPDX-License-Identifier: MIT
#include "app/store/search_snippet.hpp"

#include <algorithm>
#include <deque>

#include "app/store/fts_script.hpp"

namespace kith::store {
namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

struct Place {
    std::size_t begin = 0, end = 0;  ///< bytes of the text
};

struct Seen {
    std::string folded;
    Place place;
};

bool fits(std::string_view token, const Phrase& phrase, std::size_t at) {
    const std::string& wanted = phrase.tokens[at];
    const bool last = at + 1 == phrase.tokens.size();
    if (phrase.prefix && last) return token.substr(0, wanted.size()) == wanted;
    return token == wanted;
}

/// Whether the tokens seen end with the phrase.
bool ends_with(const std::deque<Seen>& seen, const Phrase& phrase) {
    const std::size_t size = phrase.tokens.size();
    if (seen.size() < size) return false;
    for (std::size_t i = 0; i < size; ++i)
        if (!fits(seen[seen.size() - size + i].folded, phrase, i)) return false;
    return true;
}

/// Every code point that a place touches belongs to it; places that touch become one.
void add(std::vector<Place>& places, Place place) {
    while (!places.empty() && places.back().end >= place.begin) {
        place.begin = std::min(place.begin, places.back().begin);
        place.end = std::max(place.end, places.back().end);
        places.pop_back();
    }
    places.push_back(place);
}

std::vector<Place> find_places(const Tokenizer& tokenizer, const std::vector<Phrase>& phrases,
                               std::string_view text) {
    std::size_t longest = 0;
    for (const Phrase& phrase : phrases) longest = std::max(longest, phrase.tokens.size());
    std::deque<Seen> seen;
    std::vector<Place> places;
    tokenizer.run(text, [&](const Token& token) {
        if (!places.empty() && token.begin > places.front().begin + snippet_max) return false;
        seen.push_back({std::string(token.folded), {token.begin, token.end}});
        if (seen.size() > longest) seen.pop_front();
        for (const Phrase& phrase : phrases)
            if (ends_with(seen, phrase))
                add(places, {seen[seen.size() - phrase.tokens.size()].place.begin, token.end});
        return true;
    });
    return places;
}

bool inside_sequence(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

/// Where the shown part begins: at the start of a word if one is near, else of a code point.
std::size_t begin_near(std::string_view text, std::size_t place) {
    if (place <= snippet_before) return 0;
    std::size_t begin = place - snippet_before;
    const std::size_t space = text.substr(0, place).find(' ', begin);
    if (space != std::string_view::npos && space < begin + snippet_before / 2) begin = space + 1;
    while (begin < place && inside_sequence(text, begin)) ++begin;
    return begin;
}

std::size_t end_near(std::string_view text, std::size_t begin, std::size_t room) {
    if (text.size() - begin <= room) return text.size();
    std::size_t end = begin + room;
    for (int i = 0; i < 4 && end > begin && inside_sequence(text, end); ++i) --end;
    return end;
}

void on_one_line(std::string& text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
}

}  // namespace

Snippet make_snippet(const Tokenizer& tokenizer, const std::vector<Phrase>& phrases,
                     std::string_view text) {
    const auto places = find_places(tokenizer, phrases, text);
    const std::size_t begin = places.empty() ? 0 : begin_near(text, places.front().begin);
    const std::size_t end = end_near(text, begin, snippet_max - 2 * ellipsis.size());
    Snippet out;
    if (begin > 0) out.text = ellipsis;
    const std::size_t shift = out.text.size();
    out.text += text.substr(begin, end - begin);
    if (end < text.size()) out.text += ellipsis;
    on_one_line(out.text);
    for (const Place& place : places) {
        if (place.begin >= end) break;
        const std::size_t size = std::min(place.end, end) - place.begin;
        out.marks.emplace_back(place.begin - begin + shift, size);
    }
    return out;
}

}  // namespace kith::store
