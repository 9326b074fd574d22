// SPDX-License-Identifier: MIT
#include "crypto/bytes.hpp"

#include <botan/mem_ops.h>

namespace kith::crypto {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

void wipe(MutableByteView memory) noexcept {
    Botan::secure_scrub_memory(memory.data(), memory.size());
}

bool equal_constant_time(ByteView a, ByteView b) noexcept {
    return Botan::constant_time_compare(a, b);
}

std::string to_hex(ByteView bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(hex_digits[byte >> 4]);
        text.push_back(hex_digits[byte & 15]);
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]);
        const int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string to_base64url(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t window = 0;
    unsigned bits = 0;
    for (const std::uint8_t byte : bytes) {
        window = (window << 8) | byte;
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text.push_back(base64url_digits[(window >> bits) & 63]);
        }
    }
    if (bits > 0) text.push_back(base64url_digits[(window << (6 - bits)) & 63]);
    return text;
}

std::optional<Bytes> from_base64url(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t window = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::size_t value = base64url_digits.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        window = (window << 6) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(window >> bits));
        }
    }
    if ((window & ((1U << bits) - 1)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace kith::crypto
