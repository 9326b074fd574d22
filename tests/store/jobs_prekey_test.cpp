// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith;
using namespace kith::store;
using test::get;
using test::message;
using test::message_id;
using test::peer;

namespace {

constexpr model::Timestamp day = 24LL * 60 * 60 * 1000;

Blob seed(std::uint8_t fill) { return Blob(32, fill); }
Blob mail(std::uint8_t fill) { return Blob(32, fill); }

PrekeyFound find(Database& database, std::uint64_t id, const Blob& hash = mail(0)) {
    return get<PrekeyFound>(database.run(FindPrekey{id, hash}));
}

}  // namespace

TEST_CASE("prekeys of ours: one for a contact is gone once it was used, one for all stays") {
    auto database = test::in_memory();
    CHECK_FALSE(get<PrekeyFound>(database.run(LoadOpenPrekey{})).key);
    REQUIRE(
        database.run(PutOwnPrekeys{peer(1), {{1, seed(1)}, {0xF000000000000002, seed(2)}}, 100}));
    REQUIRE(database.run(PutOwnPrekeys{{}, {{3, seed(3)}}, 100}));
    const auto found = find(database, 0xF000000000000002);
    CHECK(found.key.value().seed == seed(2));
    CHECK(found.peer == peer(1));
    CHECK_FALSE(find(database, 99).key);
    const auto open = get<PrekeyFound>(database.run(LoadOpenPrekey{}));
    CHECK(open.key.value().id == 3);
    CHECK_FALSE(open.peer);
    CHECK(open.made_at == 100);

    REQUIRE(database.run(UsePrekey{1, mail(1), 200}));
    REQUIRE(database.run(UsePrekey{3, mail(2), 200}));
    CHECK_FALSE(find(database, 1).key);
    CHECK(find(database, 3).key.value().seed == seed(3));
    CHECK(find(database, 3, mail(2)).opened);
    CHECK_FALSE(find(database, 3, mail(3)).opened);
}

TEST_CASE("prekeys of ours: there are never more than can be of use") {
    auto database = test::in_memory();
    for (std::uint64_t i = 0; i < 20; ++i) {
        std::vector<OwnPrekey> keys;
        for (std::uint64_t k = 0; k < 32; ++k) keys.push_back({i * 32 + k + 1, seed(1)});
        REQUIRE(database.run(PutOwnPrekeys{peer(1), keys, static_cast<model::Timestamp>(i)}));
    }
    CHECK(database.connection().number("SELECT count(*) FROM own_prekeys") == 256);
    CHECK(find(database, 640).key);
    CHECK_FALSE(find(database, 1).key);
    REQUIRE(database.run(PutOwnPrekeys{{}, {{1000, seed(1)}}, day}));
    REQUIRE(database.run(PutOwnPrekeys{{}, {{1001, seed(1)}}, 40 * day}));
    CHECK(find(database, 1000).key);
    CHECK(get<PrekeyFound>(database.run(LoadOpenPrekey{})).key.value().id == 1001);
    REQUIRE(database.run(PutOwnPrekeys{{}, {{1002, seed(1)}}, 72 * day}));
    CHECK_FALSE(find(database, 1000).key);
    CHECK(find(database, 1001).key);
}

TEST_CASE("opened mail is known for longer than a relay keeps it") {
    auto database = test::in_memory();
    REQUIRE(database.run(UsePrekey{1, mail(1), day}));
    REQUIRE(database.run(UsePrekey{1, mail(2), 60 * day}));
    CHECK(find(database, 1, mail(1)).opened);
    REQUIRE(database.run(UsePrekey{1, mail(3), 80 * day}));
    CHECK_FALSE(find(database, 1, mail(1)).opened);
    CHECK(find(database, 1, mail(2)).opened);
}

TEST_CASE("prekeys of theirs: each is taken once, only so many are kept") {
    auto database = test::in_memory();
    const auto count = [&] { return get<Prekeys>(database.run(CountTheirPrekeys{peer(1)})).count; };
    CHECK_FALSE(get<Prekeys>(database.run(TakeTheirPrekey{peer(1)})).key);
    std::vector<TheirPrekey> keys;
    for (std::uint64_t id = 1; id <= 100; ++id) keys.push_back({id, Blob(1216, 1)});
    REQUIRE(database.run(PutTheirPrekeys{peer(1), keys}));
    REQUIRE(database.run(PutTheirPrekeys{peer(2), {{1, Blob(1216, 9)}}}));
    CHECK(count() == 64);
    std::set<std::uint64_t> taken;
    for (int i = 0; i < 64; ++i)
        taken.insert(get<Prekeys>(database.run(TakeTheirPrekey{peer(1)})).key.value().id);
    CHECK(taken.size() == 64);
    CHECK(count() == 0);
    CHECK_FALSE(get<Prekeys>(database.run(TakeTheirPrekey{peer(1)})).key);
    CHECK(get<Prekeys>(database.run(CountTheirPrekeys{peer(2)})).count == 1);
    REQUIRE(database.run(PutOwnPrekeys{peer(2), {{5, seed(1)}}, 1}));
    REQUIRE(database.run(DropPrekeys{peer(2)}));
    CHECK(get<Prekeys>(database.run(CountTheirPrekeys{peer(2)})).count == 0);
    CHECK_FALSE(find(database, 5).key);
}

TEST_CASE("what a relay keeps still waits, and says so") {
    auto database = test::in_memory();
    REQUIRE(database.run(InsertOutgoing{message(peer(1), 1), 1}));
    REQUIRE(database.run(InsertOutgoing{message(peer(1), 2), 2}));
    REQUIRE(database.run(ReactOwn{message_id(1), message_id(50), "x", true, 3}));
    const auto marked = get<Delivered>(
        database.run(MarkAtRelay{peer(1), {message_id(1), message_id(50), message_id(77)}, 500}));
    CHECK(marked.texts == std::vector{message_id(1)});
    const auto outbox = get<OutboxPage>(database.run(LoadOutbox{peer(1), 0, 10})).entries;
    REQUIRE(outbox.size() == 3);
    CHECK(outbox[0].at_relay == 500);
    CHECK(outbox[1].at_relay == 0);
    CHECK(outbox[2].at_relay == 500);
    const auto page = get<Page>(database.run(LoadPage{peer(1), 10, {}, {}, {}})).messages;
    CHECK(page[0].state == model::MessageState::at_relay);
    CHECK(page[1].state == model::MessageState::queued);
    CHECK(get<Delivered>(database.run(Acknowledged{peer(1), {message_id(1)}, 600})).texts.size() ==
          1);
    const auto after = get<Page>(database.run(LoadPage{peer(1), 10, {}, {}, {}})).messages;
    CHECK(after[0].state == model::MessageState::delivered);
}
