// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using kith::model::MessageState;
using test::get;
using test::message;
using test::message_id;
using test::newest;
using test::outbox;
using test::peer;

namespace {

std::uint64_t send(Database& database, std::uint64_t number, std::string text = "hello",
                   const PeerId& to = peer(1)) {
    return get<Inserted>(database.run(InsertOutgoing{message(to, number, std::move(text))}))
        .sequence;
}

std::vector<std::string> waiting(Database& database, const PeerId& to) {
    std::vector<std::string> texts;
    for (const auto& one : outbox(database, to)) texts.push_back(one.text);
    return texts;
}

std::vector<MessageId> acknowledge(Database& database, const PeerId& from,
                                   std::vector<MessageId> ids) {
    return get<Delivered>(database.run(Acknowledged{from, std::move(ids), 1000})).texts;
}

}  // namespace

TEST_CASE("the outbox holds what is not acknowledged, in order of sending, per peer") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 5; ++i) send(database, 10 - i, std::to_string(i));
    send(database, 1, "other", peer(2));
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 99, "incoming")}));
    CHECK(waiting(database, peer(1)) == std::vector<std::string>{"1", "2", "3", "4", "5"});
    CHECK(waiting(database, peer(2)) == std::vector<std::string>{"other"});
    CHECK(waiting(database, peer(3)).empty());

    CHECK(acknowledge(database, peer(1),
                      {message_id(8), message_id(9), message_id(1000), message_id(99)}) ==
          std::vector{message_id(8), message_id(9)});
    CHECK(waiting(database, peer(1)) == std::vector<std::string>{"3", "4", "5"});
    CHECK(newest(database, peer(1))[0].state == MessageState::delivered);
}

TEST_CASE("an entry carries what is needed to send it") {
    auto database = test::in_memory();
    auto text = message(peer(1), 1, "text");
    text.reply_to = message_id(77);
    text.timer = 3600;
    const auto inserted = get<Inserted>(database.run(InsertOutgoing{text}));
    get<Changed>(database.run(EditOwn{message_id(1), message_id(2), "edited", 500}));
    get<Changed>(database.run(ReactOwn{message_id(1), message_id(3), "+", true, 500}));
    get<Timers>(database.run(SetTimer{peer(1), message_id(4), 60, 500}));
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 50)}));
    get<Unread>(database.run(MarkRead{peer(1), message_id(50), message_id(5)}));
    const auto entries = outbox(database, peer(1));
    REQUIRE(entries.size() == 5);
    CHECK(entries[0].sequence == inserted.sequence);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        CHECK(entries[i].id == message_id(i + 1));
        if (i > 0) CHECK(entries[i].sequence > entries[i - 1].sequence);
    }
    CHECK(entries[0].kind == Kind::text);
    CHECK(entries[0].at == text.at);
    CHECK(entries[0].text == "edited");  // as it reads now
    CHECK(entries[0].reply_to == text.reply_to);
    CHECK(entries[0].timer == 3600);
    CHECK(entries[1].kind == Kind::edit);
    CHECK(entries[1].target == message_id(1));
    CHECK(entries[1].text == "edited");
    CHECK(entries[1].revision == 500);
    CHECK(entries[2].kind == Kind::reactions);
    CHECK(entries[2].target == message_id(1));
    CHECK(entries[2].emojis == std::vector<std::string>{"+"});
    CHECK(entries[2].revision == 501);
    CHECK(entries[3].kind == Kind::disappearing);
    CHECK(entries[3].timer == 60);
    CHECK(entries[3].revision == 502);
    CHECK(entries[4].kind == Kind::read_up_to);
    CHECK(entries[4].target == message_id(50));
}

TEST_CASE("every kind leaves with its acknowledgement; only texts are reported") {
    auto database = test::in_memory();
    send(database, 1);
    get<Changed>(database.run(ReactOwn{message_id(1), message_id(2), "+", true}));
    get<Timers>(database.run(SetTimer{peer(1), message_id(3), 60}));
    CHECK(acknowledge(database, peer(1), {message_id(2), message_id(3)}).empty());
    CHECK(outbox(database, peer(1)).size() == 1);
    CHECK(acknowledge(database, peer(1), {message_id(1)}).size() == 1);
    CHECK(outbox(database, peer(1)).empty());
}

TEST_CASE("the outbox is read in pages") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 5; ++i) send(database, i, std::to_string(i));
    const auto first = get<OutboxPage>(database.run(LoadOutbox{peer(1), 0, 2}));
    REQUIRE(first.entries.size() == 2);
    CHECK(first.more);
    const auto rest =
        get<OutboxPage>(database.run(LoadOutbox{peer(1), first.entries.back().sequence, 3}));
    CHECK(rest.entries.size() == 3);
    CHECK_FALSE(rest.more);
}

TEST_CASE("a page of the outbox ends after a million bytes of text, but holds at least one") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 20; ++i) send(database, i, std::string(300'000, 'x'));
    const auto page = get<OutboxPage>(database.run(LoadOutbox{peer(1), 0, 500}));
    CHECK(page.entries.size() == 4);
    CHECK(page.more);
    send(database, 100, std::string(3'000'000, 'x'), peer(2));
    const auto huge = get<OutboxPage>(database.run(LoadOutbox{peer(2), 0, 500}));
    CHECK(huge.entries.size() == 1);
    CHECK_FALSE(huge.more);
}

TEST_CASE("a sequence is never given twice, so going on behind one misses nothing") {
    auto database = test::in_memory();
    const auto first = send(database, 1);
    acknowledge(database, peer(1), {message_id(1)});
    CHECK(send(database, 2) > first);
}

TEST_CASE("delivered twice changes once; a peer cannot deliver another's messages") {
    auto database = test::in_memory();
    send(database, 1);
    CHECK(acknowledge(database, peer(2), {message_id(1)}).empty());
    CHECK(acknowledge(database, peer(1), {message_id(1)}).size() == 1);
    CHECK(acknowledge(database, peer(1), {message_id(1)}).empty());
    CHECK(acknowledge(database, peer(1), {}).empty());
}

TEST_CASE("our own copy counts down from delivery") {
    auto database = test::in_memory();
    auto text = message(peer(1), 1);
    text.timer = 30;
    get<Inserted>(database.run(InsertOutgoing{text}));
    send(database, 2);
    CHECK(newest(database, peer(1))[0].expires_at == 0);
    acknowledge(database, peer(1), {message_id(1), message_id(2)});
    const auto rows = newest(database, peer(1));
    CHECK(rows[0].expires_at == 1000 + 30'000);
    CHECK(rows[1].expires_at == 0);
}

TEST_CASE("a newer amendment takes the place of a waiting one of the same subject") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 2; ++i) send(database, i);
    acknowledge(database, peer(1), {message_id(1), message_id(2)});
    for (std::uint64_t i = 10; i < 13; ++i) {
        const auto text = std::to_string(i);
        get<Changed>(database.run(EditOwn{message_id(1), message_id(i), text}));
        get<Changed>(database.run(ReactOwn{message_id(2), message_id(20 + i), text, true}));
        get<Timers>(
            database.run(SetTimer{peer(1), message_id(40 + i), static_cast<std::uint32_t>(i)}));
        get<Inserted>(database.run(InsertIncoming{message(peer(1), 100 + i)}));
        get<Unread>(database.run(MarkRead{peer(1), message_id(100 + i), message_id(60 + i)}));
    }
    get<Changed>(database.run(EditOwn{message_id(2), message_id(90), "another subject"}));
    const auto entries = outbox(database, peer(1));
    REQUIRE(entries.size() == 5);
    CHECK(entries[0].id == message_id(12));
    CHECK(entries[0].text == "12");
    CHECK(entries[1].emojis == std::vector<std::string>{"10", "11", "12"});
    CHECK(entries[2].timer == 12);
    CHECK(entries[3].target == message_id(112));
    CHECK(entries[4].id == message_id(90));
    CHECK(acknowledge(database, peer(1), {message_id(11)}).empty());  // replaced, comes late
    CHECK(outbox(database, peer(1)).size() == 5);
}

TEST_CASE("a job of several statements that fails in one of them changes nothing") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 3; ++i) send(database, i);
    REQUIRE(
        database.connection().execute("CREATE TRIGGER refuse BEFORE UPDATE ON messages WHEN "
                                      "NEW.position = 2 BEGIN SELECT RAISE(ABORT, 'no'); END;"));
    CHECK_FALSE(database.run(Acknowledged{peer(1), {message_id(1), message_id(2), message_id(3)}}));
    CHECK(outbox(database, peer(1)).size() == 3);
    CHECK(newest(database, peer(1))[0].state == MessageState::queued);
    CHECK_FALSE(database.in_transaction());
}
