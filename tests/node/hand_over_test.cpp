// SPDX-License-Identifier: MIT
#include "app/node/hand_over.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith;

namespace {

model::MessageId id(std::uint32_t number) {
    model::MessageId made;
    for (std::size_t i = 0; i < 4; ++i)
        made.bytes[12 + i] = static_cast<std::uint8_t>(number >> 8 * i);
    return made;
}

}  // namespace

TEST_CASE("only what was written in this run and not given to a session has certainly not left") {
    node::HandOver hand_over;
    CHECK(hand_over.may_have_left(id(1)));  // of an earlier run, for all that is known
    hand_over.written(id(1));
    CHECK_FALSE(hand_over.may_have_left(id(1)));
    hand_over.given_to_session(id(1));
    CHECK(hand_over.may_have_left(id(1)));
}

TEST_CASE("beyond the bound the oldest count as handed over") {
    node::HandOver hand_over;
    for (std::uint32_t i = 0; i <= node::HandOver::fresh_max; ++i) hand_over.written(id(i));
    CHECK(hand_over.may_have_left(id(0)));
    CHECK_FALSE(hand_over.may_have_left(id(1)));
}

TEST_CASE("what is being taken back is held until it is decided") {
    node::HandOver hand_over;
    hand_over.hold(id(1));
    CHECK(hand_over.held(id(1)));
    CHECK_FALSE(hand_over.held(id(2)));
    hand_over.release(id(1));
    CHECK_FALSE(hand_over.held(id(1)));
}
