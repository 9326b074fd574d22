// SPDX-License-Identifier: MIT
#include "net/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace kith::net {
namespace {

struct Lead {
    std::size_t length = 0;          ///< bytes of the sequence; 0: cannot start one
    std::uint8_t second_min = 0x80;  ///< the second byte's range excludes overlong forms,
    std::uint8_t second_max = 0xBF;  ///< surrogates and values above U+10FFFF
};

// RFC 3629 section 4, the table of well-formed sequences.
constexpr Lead classify(std::uint8_t byte) noexcept {
    if (byte < 0x80) return {1};
    if (byte < 0xC2) return {0};
    if (byte < 0xE0) return {2};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte < 0xF0) return {3};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte < 0xF4) return {4};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0};
}

constexpr bool is_continuation(char c) noexcept {
    return (static_cast<std::uint8_t>(c) & 0xC0) == 0x80;
}

bool well_formed(std::string_view sequence, Lead lead) noexcept {
    if (lead.length == 0 || sequence.size() < lead.length) return false;
    if (lead.length == 1) return true;
    const auto second = static_cast<std::uint8_t>(sequence[1]);
    if (second < lead.second_min || second > lead.second_max) return false;
    return std::all_of(sequence.begin() + 2,
                       sequence.begin() + static_cast<std::ptrdiff_t>(lead.length),
                       is_continuation);
}

}  // namespace

bool valid_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const Lead lead = classify(static_cast<std::uint8_t>(text.front()));
        if (!well_formed(text, lead)) return false;
        text.remove_prefix(lead.length);
    }
    return true;
}

std::size_t count_code_points(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

}  // namespace kith::net
