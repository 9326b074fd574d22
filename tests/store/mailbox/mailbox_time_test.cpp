// SPDX-License-Identifier: MIT
//
// Clocks that are wrong: what waits is deleted when its time has come, and not before.
#include "app/store/mailbox/mailbox_time.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/store/mailbox/mailbox_rigs.hpp"

using namespace kith;
using namespace kith::store;
using namespace kith::store::test;
using namespace kith::test;
using namespace std::chrono_literals;
using Outcome = net::MailboxOutcome;

namespace {

constexpr std::uint8_t alice = 1, bob = 2;

void fill(MailboxRig& rig) {
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    REQUIRE(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
    REQUIRE(claim(rig, alice, "alice") == Outcome::done);
}

bool all_there(MailboxRig& rig) {
    return waiting(rig, alice).size() == 1 && card_of(rig, 1) && who_is(rig, "alice");
}

}  // namespace

TEST_CASE("mailbox time: a clock that jumps deletes nothing") {
    DirectRig rig;
    fill(rig);
    const auto jump = GENERATE(31 * 24h, 401 * 24h, -401 * 24h, -56 * 365 * 24h);
    rig.clock.jump_wall(jump);
    CHECK(all_there(rig));
    rig.clock.advance(1h);
    CHECK(all_there(rig));
    rig.clock.jump_wall(-jump);
    CHECK(all_there(rig));
    rig.clock.advance(30 * 24h);
    CHECK(waiting(rig, alice).empty());
    CHECK(who_is(rig, "alice"));
}

TEST_CASE("mailbox time: a start with a clock that is wrong deletes nothing, nor does the next") {
    const TempFolder folder;
    const auto file = folder.file("mailbox.db");
    {
        DirectRig rig({}, file);
        fill(rig);
    }
    const auto off = GENERATE(31 * 24h, 401 * 24h, -401 * 24h, -56 * 365 * 24h);
    {
        DirectRig rig({}, file, off);
        CHECK(all_there(rig));
        CHECK(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
        CHECK(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
        rig.clock.jump_wall(-off);  // the network has told the time
        CHECK(all_there(rig));
    }
    DirectRig rig({}, file);
    CHECK(all_there(rig));
}

TEST_CASE("mailbox time: a stop counts a day at most") {
    const TempFolder folder;
    const auto file = folder.file("mailbox.db");
    {
        DirectRig rig({}, file);
        fill(rig);
    }
    for (int day = 1; day < 30; ++day) {
        DirectRig rig({}, file, day * 365 * 24h);
        CHECK(waiting(rig, alice).size() == 1);
        REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    }
    DirectRig rig({}, file, 30 * 365 * 24h);
    CHECK(waiting(rig, alice).empty());
}

TEST_CASE("mailbox time: an empty file begins with the wall clock") {
    MailboxClock clock;
    CHECK(mailbox::MailboxTime(clock, std::nullopt).now() == clock.wall());
    const mailbox::MailboxTime time(clock, clock.wall() - 1h);
    CHECK(time.now() == clock.wall());
    clock.advance(5min);
    clock.jump_wall(1000h);
    CHECK(time.now() == clock.wall() - 1000h);
}
