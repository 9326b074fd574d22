// SPDX-License-Identifier: MIT
#include "app/store/fts_script.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith::store;

TEST_CASE("UTF-8 is read strictly") {
    CHECK(decode("a").value == U'a');
    CHECK(decode("\u00e9x").size == 2);
    CHECK(decode("\u6771").value == 0x6771);
    CHECK(decode("\U0001F44D").value == 0x1F44D);
    CHECK(decode("\U0010FFFF").valid);
    for (const char* const bad :
         {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\x80",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe6\x9d",
          "\xe6\x9d"
          "a"}) {
        CHECK_FALSE(decode(bad).valid);
        CHECK(decode(bad).size == 1);
    }
}

TEST_CASE("a code point is a word's, a word of its own, or nothing") {
    for (const char32_t value : {U'a', U'\u00e9', U'\u0416', U'\u0645', U'\u0939', U' ', U'\u3002'})
        CHECK(role_of(value) == Role::word);
    for (const char32_t value :
         {U'\u6771', U'\u3042', U'\u30ab', U'\u30fc', U'\uac00', U'\u0e01', U'\u1000', U'\u0f40',
          U'\u3105', U'\ua000', U'\U0001F600', U'\u2764', char32_t{scope_first}})
        CHECK(role_of(value) == Role::single);
    for (const char32_t value : {U'\u200d', U'\ufe0f', U'\u202e', U'\U0001F3FD'})
        CHECK(role_of(value) == Role::hidden);
}
