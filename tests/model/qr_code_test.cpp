// SPDX-License-Identifier: MIT
#include "app/model/qr_code.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace kith::model;

namespace {

/// ISO/IEC 18004, table 10: which modules each mask turns over.
bool masked(unsigned mask, std::size_t x, std::size_t y) {
    switch (mask) {
        case 0:
            return (x + y) % 2 == 0;
        case 1:
            return y % 2 == 0;
        case 2:
            return x % 3 == 0;
        case 3:
            return (x + y) % 3 == 0;
        case 4:
            return (y / 2 + x / 3) % 2 == 0;
        case 5:
            return x * y % 2 + x * y % 3 == 0;
        case 6:
            return (x * y % 2 + x * y % 3) % 2 == 0;
        default:
            return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
}

/// The first copy of the format information, without its mask: level (2 bits), mask (3), BCH (10).
unsigned format_of(const QrCode& code) {
    unsigned bits = 0;
    for (const std::size_t x : {0, 1, 2, 3, 4, 5, 7, 8})
        bits = bits << 1 | static_cast<unsigned>(code.dark(x, 8));
    for (const std::size_t y : {7, 5, 4, 3, 2, 1, 0})
        bits = bits << 1 | static_cast<unsigned>(code.dark(8, y));
    return bits ^ 0x5412U;
}

/// A code of version 1 has no alignment patterns and one block: its function patterns are the three
/// finders with separators and format information, and the two timing lines.
bool is_data(std::size_t x, std::size_t y) {
    const bool finder = (x < 9 && y < 9) || (x > 12 && y < 9) || (x < 9 && y > 12);
    return !finder && x != 6 && y != 6;
}

/// The codewords of a code of version 1, read in columns of two from the lower right.
std::string read_version_1(const QrCode& code) {
    const unsigned mask = format_of(code) >> 10 & 7U;
    std::string bits;
    bool up = true;
    for (const std::size_t right : {20, 18, 16, 14, 12, 10, 8, 5, 3, 1}) {
        for (std::size_t step = 0; step < 21; ++step) {
            const std::size_t y = up ? 20 - step : step;
            for (const std::size_t x : {right, right - 1}) {
                if (is_data(x, y)) bits += code.dark(x, y) != masked(mask, x, y) ? '1' : '0';
            }
        }
        up = !up;
    }
    return bits;
}

std::size_t number(const std::string& bits, std::size_t at, std::size_t count) {
    return std::stoul(bits.substr(at, count), nullptr, 2);
}

void check_finder(const QrCode& code, std::size_t left, std::size_t top) {
    constexpr std::array rows{"1111111", "1000001", "1011101", "1011101",
                              "1011101", "1000001", "1111111"};
    for (std::size_t y = 0; y < 7; ++y) {
        for (std::size_t x = 0; x < 7; ++x) {
            CHECK(code.dark(left + x, top + y) == (rows[y][x] == '1'));
        }
    }
}

}  // namespace

TEST_CASE("a QR code reads back as the text it was made of") {
    const std::string text = "kith1_Za9-x0";
    const auto code = encode_qr(text);
    REQUIRE(code);
    REQUIRE(code->size == 21);
    const auto bits = read_version_1(*code);
    REQUIRE(bits.size() == 26 * 8);
    REQUIRE(number(bits, 0, 4) == 4);  // bytes
    REQUIRE(number(bits, 4, 8) == text.size());
    std::string read;
    for (std::size_t i = 0; i < text.size(); ++i)
        read += static_cast<char>(number(bits, 12 + 8 * i, 8));
    CHECK(read == text);
}

TEST_CASE("a QR code of a long connection ID has its patterns and says its level") {
    const auto code = encode_qr("kith1" + std::string(500, 'x'));
    REQUIRE(code);
    CHECK(code->size == 77);  // version 15 holds 520 bytes at level L
    REQUIRE(code->modules.size() == code->size * code->size);
    check_finder(*code, 0, 0);
    check_finder(*code, code->size - 7, 0);
    check_finder(*code, 0, code->size - 7);
    for (std::size_t i = 8; i < code->size - 8; ++i) {
        CHECK(code->dark(i, 6) == (i % 2 == 0));
        CHECK(code->dark(6, i) == (i % 2 == 0));
    }
    CHECK(format_of(*code) >> 13 == 1);  // L
}

TEST_CASE("what does not fit into a QR code is refused") {
    CHECK(encode_qr(std::string(qr_text_max, 'x')));
    CHECK_FALSE(encode_qr(std::string(qr_text_max + 1, 'x')));
    CHECK_FALSE(encode_qr(""));
    CHECK_FALSE(encode_qr(std::string("a\0b", 3)));
}
