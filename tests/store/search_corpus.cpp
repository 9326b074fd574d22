// SPDX-License-Identifier: MIT
#include "tests/store/search_corpus.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

namespace kith::store::test {
namespace {

struct Alphabet {
    double share;  ///< of the messages
    bool spaces;
    std::vector<std::string_view> beginnings, middles;  ///< of syllables
};

const std::array<Alphabet, language_count>& alphabets() {
    static const std::array<Alphabet, language_count> all{{
        {0.45,
         true,
         {"t", "a", "s", "h", "w", "i", "o",  "b",  "m",  "f",  "c",  "l",  "d", "p", "n",
          "e", "g", "r", "y", "u", "v", "th", "st", "wh", "pr", "br", "sh", "k", "j", "q"},
         {"e", "o", "a", "i", "u", "er", "in", "an", "at", "ed", "on", "en", "es", "or", "al"}},
        {0.15,
         true,
         {"d", "s", "e", "w", "a", "g",   "m",  "u", "n", "i",  "h",  "b",  "v",
          "k", "f", "l", "z", "r", "sch", "st", "t", "p", "ge", "be", "ver"},
         {"e", "en", "er", "ie", "ei", "u", "a", "ch", "\u00e4", "\u00f6", "\u00fc", "in", "un"}},
        {0.15,
         true,
         {"\u0441", "\u043f", "\u0432", "\u043d", "\u043a", "\u0442", "\u043c", "\u0434", "\u0431",
          "\u0433", "\u0440", "\u0437", "\u043b", "\u0447", "\u0445", "\u0436"},
         {"\u043e", "\u0430", "\u0435", "\u0438", "\u0443", "\u044f", "\u0451", "\u043e\u0441",
          "\u0435\u043d"}},
        {0.05,
         true,
         {"\u0627\u0644", "\u0628", "\u062a", "\u0643", "\u0645", "\u0646", "\u0633", "\u0639",
          "\u0642", "\u0641"},
         {"\u0627", "\u0648", "\u064a", "\u0631", "\u062f", "\u0644"}},
        {0.12, false, {}, {}},
        {0.08, false, {}, {}},
    }};
    return all;
}

void append(std::string& out, char32_t value) {  // three bytes: all of them are above U+07FF
    out += static_cast<char>(0xE0 | (value >> 12));
    out += static_cast<char>(0x80 | ((value >> 6) & 63));
    out += static_cast<char>(0x80 | (value & 63));
}

std::size_t code_points(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

}  // namespace

Corpus::Corpus(std::uint32_t seed) : random_(seed) {
    double sum = 0;
    for (std::size_t i = 0; i < vocabulary_size; ++i)
        cumulative_.push_back(sum += 1.0 / static_cast<double>(i + 1));
    for (const Alphabet& alphabet : alphabets()) {
        auto& words = vocabularies_.emplace_back();
        std::unordered_set<std::string> known;
        while (words.size() < vocabulary_size) {
            // Common words are short.
            const std::size_t longest = words.size() < 50 ? 1 : words.size() < 1000 ? 2 : 4;
            std::string word;
            for (std::size_t left = 1 + number(longest); left > 0; --left) {
                if (alphabet.spaces) {
                    word += alphabet.beginnings[number(alphabet.beginnings.size())];
                    word += alphabet.middles[number(alphabet.middles.size())];
                } else if (&alphabet == &alphabets().back() && number(2) == 0) {
                    append(word, 0x3042 + static_cast<char32_t>(number(80)));
                } else {  // squared: some Han characters are in many words
                    const double part = fraction();
                    append(word, 0x4E00 + static_cast<char32_t>(part * part * 4000));
                }
            }
            if (known.size() == words.size() && !known.insert(word).second)
                known.insert(word += words[number(words.size())]);
            if (known.size() > words.size()) words.push_back(std::move(word));
        }
    }
}

std::string Corpus::text() { return text_in(pick_language()); }

Language Corpus::pick_language() {
    double left = fraction();
    for (std::size_t i = 0; i + 1 < language_count; ++i) {
        if (left < alphabets()[i].share) return static_cast<Language>(i);
        left -= alphabets()[i].share;
    }
    return Language::japanese;
}

/// Most messages are short: the square of an even distribution.
std::string Corpus::text_in(Language language) {
    const double part = fraction();
    const auto characters = 5 + static_cast<std::size_t>(part * part * 195);
    const bool spaces = alphabets()[static_cast<std::size_t>(language)].spaces;
    std::string out;
    for (std::size_t size = 0; size < characters;) {
        const std::string& next = any_word(language);
        if (spaces && !out.empty()) out += ' ';
        out += next;
        size += code_points(next) + (spaces ? 1 : 0);
    }
    return out;
}

const std::string& Corpus::word(Language language, std::size_t rank) const {
    return vocabularies_[static_cast<std::size_t>(language)].at(rank);
}

const std::string& Corpus::any_word(Language language) { return word(language, rank()); }

std::size_t Corpus::number(std::size_t below) {
    return static_cast<std::size_t>(random_() % below);
}

double Corpus::fraction() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }

std::size_t Corpus::rank() {
    const double wanted = fraction() * cumulative_.back();
    return static_cast<std::size_t>(
        std::lower_bound(cumulative_.begin(), cumulative_.end(), wanted) - cumulative_.begin());
}

}  // namespace kith::store::test
