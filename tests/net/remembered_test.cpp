// SPDX-License-Identifier: MIT
#include "net/relay/remembered.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith::net;
using kith::crypto::Fingerprint;

TEST_CASE("a relay remembers the latest of those who have left, each once") {
    Remembered<int> left(3);
    const auto person = [](std::uint8_t number) { return Fingerprint{{number}}; };
    for (std::uint8_t i = 1; i <= 3; ++i) left.put(person(i), i);
    left.put(person(1), 10);  // came and left again
    left.put(person(4), 4);
    CHECK(left.size() == 3);
    CHECK_FALSE(left.take(person(2)));
    CHECK(left.take(person(1)) == 10);
    CHECK_FALSE(left.take(person(1)));
    CHECK(left.take(person(3)) == 3);
    CHECK(left.take(person(4)) == 4);
    CHECK(left.size() == 0);
}
