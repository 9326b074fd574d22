// SPDX-License-Identifier: MIT
#include "gui/utf8.hpp"

#include <algorithm>

namespace kith::gui {
namespace {

struct Lead {
    std::size_t length = 0;  // 0: not the first byte of anything
    char32_t bits = 0;
    char32_t least = 0;  // smaller values are overlong
};

Lead read_lead(unsigned char byte) {
    if (byte < 0x80) return {1, byte, 0};
    if (byte >= 0xC2 && byte < 0xE0) return {2, byte & 0x1FU, 0x80};
    if (byte >= 0xE0 && byte < 0xF0) return {3, byte & 0x0FU, 0x800};
    if (byte >= 0xF0 && byte < 0xF5) return {4, byte & 0x07U, 0x10000};
    return {};
}

bool is_scalar(char32_t value) { return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF); }

}  // namespace

char32_t decode_utf8(std::string_view text, std::size_t& at) {
    const std::size_t start = at++;
    const Lead lead = read_lead(static_cast<unsigned char>(text[start]));
    if (lead.length == 0 || start + lead.length > text.size()) return replacement_character;
    char32_t value = lead.bits;
    for (std::size_t i = 1; i < lead.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[start + i]);
        if ((byte & 0xC0) != 0x80) return replacement_character;
        value = value << 6 | (byte & 0x3FU);
    }
    if (value < lead.least || !is_scalar(value)) return replacement_character;
    at = start + lead.length;
    return value;
}

void append_utf8(std::string& out, char32_t code_point) {
    const auto tail = [&](int shift) {
        out += static_cast<char>(0x80 | (code_point >> shift & 0x3F));
    };
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        out += static_cast<char>(0xC0 | code_point >> 6);
        tail(0);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xE0 | code_point >> 12);
        tail(6), tail(0);
    } else {
        out += static_cast<char>(0xF0 | code_point >> 18);
        tail(12), tail(6), tail(0);
    }
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) (void)decode_utf8(text, at);
    return count;
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

}  // namespace kith::gui
