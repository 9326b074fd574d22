// SPDX-License-Identifier: MIT
#include "app/store/emojis.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith::store;

TEST_CASE("reactions come back as they were packed") {
    const std::vector<std::string> emojis{"\xF0\x9F\x91\x8D", std::string("a\0b", 3),
                                          std::string(64, 'x')};
    CHECK(unpack_emojis(pack_emojis(emojis)) == emojis);
    CHECK(unpack_emojis(pack_emojis({})).empty());
    CHECK(pack_emojis({"ab"}) == Blob{2, 'a', 'b'});
}

TEST_CASE("what breaks the bounds is left out") {
    CHECK(within_bounds({"", "a", "a", std::string(65, 'x'), "b"}) ==
          std::vector<std::string>{"a", "b"});
    CHECK(within_bounds({"1", "2", "3", "4", "5", "6", "7", "8", "9"}).size() == 8);
}

TEST_CASE("damaged reactions end where they stop making sense") {
    CHECK(unpack_emojis({1, 'a', 5, 'b'}) == std::vector<std::string>{"a"});
    CHECK(unpack_emojis({200}).empty());
    CHECK(unpack_emojis(Blob(20, 0)).size() == 8);
}
