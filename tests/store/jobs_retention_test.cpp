// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::message_id;
using test::newest;
using test::peer;

namespace {

constexpr kith::model::Timestamp day = 24LL * 3600 * 1000;

/// A text that was received at `at` and read at once.
void receive(Database& database, std::uint64_t number, kith::model::Timestamp at,
             std::uint32_t timer = 0, const PeerId& from = peer(1)) {
    auto text = message(from, number, std::to_string(number));
    text.timer = timer;
    get<Inserted>(database.run(InsertIncoming{text, 0, at}));
    get<Unread>(database.run(MarkRead{from, message_id(number), {}, at}));
}

Pruned prune(Database& database, kith::model::Timestamp now, kith::model::Timestamp keep_since = 0,
             std::size_t limit = 500) {
    return get<Pruned>(database.run(Prune{now, keep_since, limit}));
}

std::vector<std::string> left(Database& database) {
    std::vector<std::string> texts;
    for (const auto& one : newest(database, peer(1))) texts.push_back(one.text);
    return texts;
}

}  // namespace

TEST_CASE("what has expired is removed, and nothing before its time") {
    auto database = test::in_memory();
    receive(database, 1, 1000, 10);
    receive(database, 2, 1000, 30);
    receive(database, 3, 1000);
    auto unread = message(peer(1), 4, "4");
    unread.timer = 1;
    get<Inserted>(database.run(InsertIncoming{unread, 0, 1000}));
    CHECK(prune(database, 10'999).conversations.empty());
    CHECK(prune(database, 10'999).next == 11'000);
    const auto pruned = prune(database, 11'000);
    REQUIRE(pruned.conversations.size() == 1);
    CHECK(pruned.conversations[0].peer == peer(1));
    CHECK(pruned.conversations[0].messages == std::vector{message_id(1)});
    CHECK(pruned.conversations[0].unread == 1);
    CHECK(pruned.conversations[0].last_text == "4");
    CHECK(pruned.next == 31'000);
    CHECK_FALSE(pruned.more);
    CHECK(prune(database, 1'000'000).next == 0);
    CHECK(left(database) == std::vector<std::string>{"3", "4"});
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)})).duplicate);
}

TEST_CASE("history is kept as long as wished: what is unread or waits stays") {
    auto database = test::in_memory();
    receive(database, 1, 1000);
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 2, "unread"), 0, 1000}));
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 3, "waits"), 1000}));
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 4, "delivered"), 1000}));
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(4)}, 9000}));
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 5, "recent"), 5000}));
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(5)}, 9000}));
    CHECK(prune(database, 9000).conversations.empty());
    CHECK(prune(database, 9000, 1000).conversations.empty());
    const auto pruned = prune(database, 9000, 1001);
    REQUIRE(pruned.conversations.size() == 1);
    CHECK(pruned.conversations[0].messages == std::vector{message_id(1), message_id(4)});
    CHECK(left(database) == std::vector<std::string>{"unread", "waits", "recent"});
    CHECK(test::outbox(database, peer(1)).size() == 1);
}

TEST_CASE("a job removes at most its limit, what has expired first, and says that there is more") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 4; ++i) receive(database, i, 1000);
    for (std::uint64_t i = 5; i <= 6; ++i) receive(database, i, 1000, 1, peer(2));
    const auto first = prune(database, 50'000, 2000, 3);
    CHECK(first.more);
    REQUIRE(first.conversations.size() == 2);
    CHECK(first.conversations[0].messages == std::vector{message_id(1)});
    CHECK(first.conversations[1].messages.size() == 2);
    const auto second = prune(database, 50'000, 2000, 3);
    CHECK_FALSE(second.more);
    CHECK(second.conversations.at(0).messages.size() == 3);
    CHECK(prune(database, 50'000, 2000, 3).conversations.empty());
}

TEST_CASE("a limit of nothing still gets on") {
    auto database = test::in_memory();
    receive(database, 1, 1000);
    receive(database, 2, 1000);
    CHECK(prune(database, 9000, 2000, 0).more);
    CHECK_FALSE(prune(database, 9000, 2000, 0).more);
}

TEST_CASE("what was removed is remembered for 400 days") {
    auto database = test::in_memory();
    const auto forgotten = [&] {
        return *database.connection().number("SELECT count(*) FROM forgotten;");
    };
    receive(database, 1, 1000);
    receive(database, 2, 1000);
    get<Gone>(database.run(RemoveLocally{message_id(1), 500 * day}));
    get<Gone>(database.run(RemoveLocally{message_id(2), 501 * day}));
    prune(database, 900 * day);
    CHECK(forgotten() == 2);
    prune(database, 900 * day + 1);
    CHECK(forgotten() == 1);
    CHECK_FALSE(get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)})).duplicate);
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(1), 2)})).duplicate);
}

TEST_CASE("a removed message is quoted no more") {
    auto database = test::in_memory();
    receive(database, 1, 1000, 1);
    auto answer = message(peer(1), 2, "answer");
    answer.reply_to = message_id(1);
    CHECK(get<Inserted>(database.run(InsertIncoming{answer, 0, 1000})).message.quote);
    prune(database, 50'000);
    const auto row = newest(database, peer(1)).at(0);
    CHECK_FALSE(row.quote);
    CHECK(row.reply_to == message_id(1));
}
