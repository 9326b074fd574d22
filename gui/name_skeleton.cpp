// SPDX-License-Identifier: MIT
#include "gui/name_skeleton.hpp"

#include <algorithm>
#include <iterator>

#include "gui/text_safety.hpp"
#include "gui/utf8.hpp"

namespace kith::gui {
namespace {

struct Lookalike {
    char32_t from;
    char to;
};

// Sorted by `from`: Latin with marks, Greek, Cyrillic and a few others that pass for Latin letters.
constexpr Lookalike lookalikes[]{
    {0xC0, 'a'},  {0xC1, 'a'},  {0xC2, 'a'},  {0xC3, 'a'},  {0xC4, 'a'},  {0xC5, 'a'},
    {0xC7, 'c'},  {0xC8, 'e'},  {0xC9, 'e'},  {0xCA, 'e'},  {0xCB, 'e'},  {0xCC, 'l'},
    {0xCD, 'l'},  {0xCE, 'l'},  {0xCF, 'l'},  {0xD1, 'n'},  {0xD2, 'o'},  {0xD3, 'o'},
    {0xD4, 'o'},  {0xD5, 'o'},  {0xD6, 'o'},  {0xD8, 'o'},  {0xD9, 'u'},  {0xDA, 'u'},
    {0xDB, 'u'},  {0xDC, 'u'},  {0xDD, 'y'},  {0xE0, 'a'},  {0xE1, 'a'},  {0xE2, 'a'},
    {0xE3, 'a'},  {0xE4, 'a'},  {0xE5, 'a'},  {0xE7, 'c'},  {0xE8, 'e'},  {0xE9, 'e'},
    {0xEA, 'e'},  {0xEB, 'e'},  {0xEC, 'l'},  {0xED, 'l'},  {0xEE, 'l'},  {0xEF, 'l'},
    {0xF1, 'n'},  {0xF2, 'o'},  {0xF3, 'o'},  {0xF4, 'o'},  {0xF5, 'o'},  {0xF6, 'o'},
    {0xF8, 'o'},  {0xF9, 'u'},  {0xFA, 'u'},  {0xFB, 'u'},  {0xFC, 'u'},  {0xFD, 'y'},
    {0xFF, 'y'},  {0x10D, 'c'}, {0x11B, 'e'}, {0x131, 'l'}, {0x142, 'l'}, {0x144, 'n'},
    {0x15B, 's'}, {0x161, 's'}, {0x17E, 'z'}, {0x391, 'a'}, {0x392, 'b'}, {0x395, 'e'},
    {0x396, 'z'}, {0x397, 'h'}, {0x399, 'l'}, {0x39A, 'k'}, {0x39C, 'm'}, {0x39D, 'n'},
    {0x39F, 'o'}, {0x3A1, 'p'}, {0x3A4, 't'}, {0x3A5, 'y'}, {0x3A7, 'x'}, {0x3B1, 'a'},
    {0x3B9, 'l'}, {0x3BD, 'v'}, {0x3BF, 'o'}, {0x3C1, 'p'}, {0x3C5, 'u'}, {0x405, 's'},
    {0x406, 'l'}, {0x408, 'j'}, {0x410, 'a'}, {0x412, 'b'}, {0x415, 'e'}, {0x41A, 'k'},
    {0x41C, 'm'}, {0x41D, 'h'}, {0x41E, 'o'}, {0x420, 'p'}, {0x421, 'c'}, {0x422, 't'},
    {0x423, 'y'}, {0x425, 'x'}, {0x430, 'a'}, {0x435, 'e'}, {0x43E, 'o'}, {0x440, 'p'},
    {0x441, 'c'}, {0x443, 'y'}, {0x445, 'x'}, {0x455, 's'}, {0x456, 'l'}, {0x458, 'j'},
    {0x4CF, 'l'}, {0x501, 'd'}, {0x51B, 'q'}, {0x51D, 'w'},
};

bool combining(char32_t c) { return c >= 0x300 && c <= 0x36F; }

char32_t lower(char32_t c) {
    if (c >= 'A' && c <= 'Z') return c + 32;
    if (c >= 0x391 && c <= 0x3A9) return c + 32;  // Greek
    if (c >= 0x410 && c <= 0x42F) return c + 32;  // Cyrillic
    if (c >= 0xFF21 && c <= 0xFF3A) return c - 0xFF21 + 'a';
    if (c >= 0xFF41 && c <= 0xFF5A) return c - 0xFF41 + 'a';  // full width
    return c;
}

char32_t plain(char32_t c) {
    const auto at = std::lower_bound(std::begin(lookalikes), std::end(lookalikes), c,
                                     [](const Lookalike& a, char32_t b) { return a.from < b; });
    if (at != std::end(lookalikes) && at->from == c) return static_cast<char32_t>(at->to);
    c = lower(c);
    if (c == '0') return 'o';
    return c == '1' || c == 'i' || c == '|' || c == '!' ? 'l' : c;
}

bool blank(char32_t c) {
    return c == ' ' || c == '.' || c == '-' || c == '_' || c == '\'' || combining(c);
}

}  // namespace

std::string name_skeleton(std::string_view name) {
    const std::string safe = safe_name(name);
    std::string out;
    for (std::size_t at = 0; at < safe.size();) {
        const char32_t c = decode_utf8(safe, at);
        if (!blank(c)) append_utf8(out, plain(c));
    }
    // "rn" reads as "m" in most fonts.
    for (auto at = out.find("rn"); at != std::string::npos; at = out.find("rn", at))
        out.replace(at, 2, 1, 'm');
    return out;
}

}  // namespace kith::gui
