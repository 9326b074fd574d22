// SPDX-License-Identifier: MIT
#include "app/store/fts_script.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kith::store {
namespace {

struct Range {
    char32_t first, last;
};

// Unicode 15 blocks, in order.
constexpr std::array singles{
    Range{0x0E00, 0x109F},                             // Thai, Lao, Tibetan, Myanmar
    Range{0x1100, 0x11FF},                             // Hangul Jamo
    Range{0x1780, 0x17FF},                             // Khmer
    Range{0x1950, 0x19FF},                             // Tai Le, New Tai Lue, Khmer symbols
    Range{0x1A20, 0x1AAF},                             // Tai Tham
    Range{0x1B00, 0x1B7F},                             // Balinese
    Range{0x203C, 0x203C},                             // emoji among the punctuation
    Range{0x2049, 0x2049},   Range{0x2190, 0x23FF},    // arrows, mathematics, technical
    Range{0x25A0, 0x27BF},                             // shapes, symbols, dingbats
    Range{0x2900, 0x297F},                             // arrows
    Range{0x2B00, 0x2BFF},   Range{0x2E80, 0x2FDF},    // Han radicals
    Range{0x3005, 0x3007},                             // Han iteration mark and zero
    Range{0x3021, 0x3029},                             // Han numerals
    Range{0x3030, 0x303D},   Range{0x3041, 0x309F},    // Hiragana
    Range{0x30A1, 0x30FA},                             // Katakana
    Range{0x30FC, 0x30FF},   Range{0x3105, 0x31BF},    // Bopomofo, Hangul compatibility Jamo
    Range{0x31F0, 0x31FF},                             // Katakana
    Range{0x3297, 0x3299},   Range{0x3400, 0x9FFF},    // Han
    Range{0xA000, 0xA4CF},                             // Yi
    Range{0xA960, 0xA9FF},                             // Hangul Jamo, Javanese, Myanmar
    Range{0xAA60, 0xAADF},                             // Myanmar, Tai Viet
    Range{0xAC00, 0xD7FF},                             // Hangul syllables and Jamo
    Range{0xF900, 0xFAFF},                             // Han
    Range{0xFF66, 0xFFDC},                             // half-width Katakana and Hangul
    Range{0x16FE0, 0x18DFF},                           // Tangut, Khitan
    Range{0x1AFF0, 0x1B2FF},                           // Kana, Nushu
    Range{0x1F000, 0x1F3FA},                           // pictures
    Range{0x1F400, 0x1FAFF}, Range{0x20000, 0x323AF},  // Han
    Range{0xF0000, 0xFFFFF},                           // scopes
};

constexpr std::array hiddens{
    Range{0x200B, 0x200F},   Range{0x202A, 0x202E},   Range{0x2060, 0x206F}, Range{0xFE00, 0xFE0F},
    Range{0xFEFF, 0xFEFF},   Range{0x1F3FB, 0x1F3FF},  // skin tones: one thumb finds all thumbs
    Range{0xE0000, 0xE01EF},
};

template <typename Ranges>
bool among(const Ranges& ranges, char32_t value) {
    const auto next =
        std::upper_bound(ranges.begin(), ranges.end(), value,
                         [](char32_t wanted, const Range& range) { return wanted < range.first; });
    return next != ranges.begin() && value <= std::prev(next)->last;
}

constexpr CodePoint invalid{};

/// Bytes of the sequence that a lead byte begins; 0 when it cannot begin one.
std::size_t sequence_size(std::uint8_t lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead >= 0xE0 && lead < 0xF0) return 3;
    if (lead >= 0xF0 && lead < 0xF5) return 4;
    return 0;
}

bool in_range(char32_t value, std::size_t size) {
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    return value >= least[size] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

}  // namespace

CodePoint decode(std::string_view text) {
    const auto lead = static_cast<std::uint8_t>(text.front());
    const std::size_t size = sequence_size(lead);
    if (size == 1) return {lead, 1, true};
    if (size == 0 || text.size() < size) return invalid;
    char32_t value = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        const auto next = static_cast<std::uint8_t>(text[i]);
        if ((next & 0xC0) != 0x80) return invalid;
        value = (value << 6) | (next & 0x3FU);
    }
    return in_range(value, size) ? CodePoint{value, size, true} : invalid;
}

Role role_of(char32_t value) {
    if (value < singles.front().first) return Role::word;
    if (among(singles, value)) return Role::single;
    return among(hiddens, value) ? Role::hidden : Role::word;
}

char32_t folded(char32_t value) {
    switch (value) {  // lower case only: that is what unicode61 leaves
        case 0x03AC:
            return 0x03B1;  // alpha
        case 0x03AD:
            return 0x03B5;  // epsilon
        case 0x03AE:
            return 0x03B7;  // eta
        case 0x0390:
        case 0x03AF:
        case 0x03CA:
            return 0x03B9;  // iota
        case 0x03CC:
            return 0x03BF;  // omicron
        case 0x03B0:
        case 0x03CB:
        case 0x03CD:
            return 0x03C5;  // upsilon
        case 0x03CE:
            return 0x03C9;  // omega
        case 0x03C2:
            return 0x03C3;  // sigma
        case 0x0451:
            return 0x0435;  // io
        default:
            break;
    }
    constexpr std::array points{
        Range{0x0591, 0x05BD}, Range{0x05BF, 0x05BF}, Range{0x05C1, 0x05C2}, Range{0x05C4, 0x05C5},
        Range{0x05C7, 0x05C7}, Range{0x0610, 0x061A}, Range{0x0640, 0x0640}, Range{0x064B, 0x065F},
        Range{0x0670, 0x0670}, Range{0x06D6, 0x06DC}, Range{0x06DF, 0x06E4}, Range{0x06E7, 0x06E8},
        Range{0x06EA, 0x06ED},
    };
    return among(points, value) ? 0 : value;
}

}  // namespace kith::store
