// SPDX-License-Identifier: MIT
//
// Texts as people might write them, made up from a seed: six languages, words by Zipf's law, 5 to
// 200 characters.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace kith::store::test {

enum class Language { english, german, russian, arabic, chinese, japanese };
inline constexpr std::size_t language_count = 6;

class Corpus {
public:
    explicit Corpus(std::uint32_t seed);

    [[nodiscard]] std::string text();
    [[nodiscard]] Language pick_language();
    [[nodiscard]] std::string text_in(Language language);
    /// Rank 0 is the most common word; at most `vocabulary_size - 1`.
    [[nodiscard]] const std::string& word(Language language, std::size_t rank) const;
    /// A word as often met as in the texts.
    [[nodiscard]] const std::string& any_word(Language language);
    [[nodiscard]] std::size_t number(std::size_t below);

    static constexpr std::size_t vocabulary_size = 30'000;

private:
    double fraction();
    std::size_t rank();

    std::mt19937_64 random_;
    std::vector<std::vector<std::string>> vocabularies_;
    std::vector<double> cumulative_;
};

}  // namespace kith::store::test
