// SPDX-License-Identifier: MIT
#include "app/control/terminal_text.hpp"

#include <algorithm>
#include <array>

namespace kith::control {
namespace {

struct Range {
    char32_t first, last;
};

/// Control characters; format characters that are invisible or turn the direction of text around
/// (Unicode general categories Cc and Cf, and the fillers that look like nothing); line separators.
constexpr std::array unsafe_ranges{
    Range{0x0000, 0x001F},  Range{0x007F, 0x009F}, Range{0x00AD, 0x00AD}, Range{0x034F, 0x034F},
    Range{0x061C, 0x061C},  Range{0x115F, 0x1160}, Range{0x17B4, 0x17B5}, Range{0x180B, 0x180F},
    Range{0x200B, 0x200F},  Range{0x2028, 0x202E}, Range{0x2060, 0x206F}, Range{0x3164, 0x3164},
    Range{0xFEFF, 0xFEFF},  Range{0xFFA0, 0xFFA0}, Range{0xFFF0, 0xFFFB}, Range{0x1BCA0, 0x1BCA3},
    Range{0xE0000, 0xE0FFF}};

bool is_unsafe(char32_t c) {
    return std::any_of(unsafe_ranges.begin(), unsafe_ranges.end(),
                       [c](Range r) { return c >= r.first && c <= r.last; });
}

struct Decoded {
    char32_t value;
    std::size_t length;
    bool valid;
};

/// The first code point of non-empty `text`, or one byte that begins none (RFC 3629).
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {lead, 1, false};
    char32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {lead, 1, false};
        value = value << 6 | (byte(i) & 0x3F);
    }
    const bool valid =
        value >= smallest.at(length) && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
    return {valid ? value : lead, valid ? length : 1, valid};
}

/// Copies `text`; `replace(code point)` gives what stands for an unsafe one.
template <typename Replace>
std::string filtered(std::string_view text, const Replace& replace) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Decoded c = decode(text);
        if (!c.valid) {
            out += "\xEF\xBF\xBD";  // U+FFFD
        } else if (is_unsafe(c.value)) {
            out += replace(c.value);
        } else {
            out += text.substr(0, c.length);
        }
        text.remove_prefix(c.length);
    }
    return out;
}

std::string hex(char32_t value, int at_least, const char* digits) {
    std::string out;
    for (int i = 0; i < at_least || value != 0; ++i) {
        out.insert(out.begin(), digits[value & 15]);
        value >>= 4;
    }
    return out;
}

std::string named(char32_t c) { return "<U+" + hex(c, 4, "0123456789ABCDEF") + ">"; }

std::string utf16_escape(char32_t unit) { return "\\u" + hex(unit, 4, "0123456789abcdef"); }

/// RFC 8259 section 7: a surrogate pair outside the basic multilingual plane.
std::string json_escape(char32_t c) {
    if (c < 0x10000) return utf16_escape(c);
    const char32_t rest = c - 0x10000;
    return utf16_escape(0xD800 + (rest >> 10)) + utf16_escape(0xDC00 + (rest & 0x3FF));
}

/// Scripts and emoji need the zero-width joiners.
std::string joiner_or_named(char32_t c) {
    if (c == 0x200C) return "\xE2\x80\x8C";
    if (c == 0x200D) return "\xE2\x80\x8D";
    return named(c);
}

}  // namespace

std::string safe_name(std::string_view utf8) { return filtered(utf8, named); }

std::string safe_text(std::string_view utf8, std::string_view indent) {
    return filtered(utf8, [indent](char32_t c) -> std::string {
        if (c == '\n') return "\n" + std::string(indent);
        if (c == '\t') return "\t";
        return joiner_or_named(c);
    });
}

std::string safe_line(std::string_view utf8) {
    return filtered(utf8, [](char32_t c) -> std::string {
        return c == '\n' || c == '\t' ? " " : joiner_or_named(c);
    });
}

std::string safe_json(std::string_view json) { return filtered(json, json_escape); }

}  // namespace kith::control
