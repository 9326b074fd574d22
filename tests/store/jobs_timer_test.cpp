// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message_id;
using test::outbox;
using test::peer;

namespace {

Timers set(Database& database, std::uint32_t seconds, std::uint64_t id) {
    return get<Timers>(database.run(SetTimer{peer(1), message_id(id), seconds, 100}));
}

Timers apply(Database& database, std::uint32_t seconds, std::uint64_t revision, std::uint64_t id) {
    return get<Timers>(database.run(ApplyTimer{peer(1), message_id(id), revision, seconds}));
}

}  // namespace

TEST_CASE("our wish is kept and told; the same wish again is not") {
    auto database = test::in_memory();
    const auto first = set(database, 60, 1);
    CHECK((first.mine == 60 && first.theirs == 0));
    REQUIRE(first.entry);
    CHECK(first.entry->kind == Kind::disappearing);
    CHECK(first.entry->timer == 60);
    CHECK_FALSE(set(database, 60, 2).entry);
    CHECK(set(database, 0, 3).entry);
    const auto entries = outbox(database, peer(1));
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].id == message_id(3));
}

TEST_CASE("of their wishes the newest counts, whenever it comes") {
    auto database = test::in_memory();
    CHECK(apply(database, 60, 10, 5).theirs == 60);
    CHECK(apply(database, 30, 9, 6).theirs == 60);
    CHECK(apply(database, 30, 10, 4).theirs == 60);
    CHECK(apply(database, 30, 10, 6).theirs == 30);
    CHECK(apply(database, 0, 11, 1).theirs == 0);
    CHECK(set(database, 90, 50).theirs == 0);
    CHECK(apply(database, 20, 12, 1).mine == 90);
    const auto conversations = get<Snapshot>(database.run(LoadAll{})).conversations;
    REQUIRE(conversations.size() == 1);
    CHECK((conversations[0].timer_mine == 90 && conversations[0].timer_theirs == 20));
}

TEST_CASE("no wish is longer than a year") {
    auto database = test::in_memory();
    CHECK(apply(database, 0xffffffff, 1, 1).theirs == kith::model::timer_max_s);
    CHECK(set(database, 0xffffffff, 1).mine == kith::model::timer_max_s);
}
