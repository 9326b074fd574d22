// SPDX-License-Identifier: MIT
#include "net/utf8.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

using kith::net::count_code_points;
using kith::net::valid_utf8;

TEST_CASE("UTF-8: what is accepted") {
    for (const std::string text :
         {"", "plain", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
          "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
          "\xF0\x9F\x98\x80 smile"}) {
        CAPTURE(text);
        CHECK(valid_utf8(text));
    }
    CHECK(valid_utf8(std::string("a\0b", 3)));
}

TEST_CASE("UTF-8: what is refused") {
    for (const std::string text :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xE0\xA0",
          "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x90\x80", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xFF", "ok\xFE"}) {
        CAPTURE(text);
        CHECK_FALSE(valid_utf8(text));
    }
}

TEST_CASE("code points are counted, not bytes") {
    CHECK(count_code_points("") == 0);
    CHECK(count_code_points("abc") == 3);
    CHECK(count_code_points("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") == 3);
}
