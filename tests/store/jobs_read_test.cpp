// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/store/support.hpp"

using namespace kith::store;
using kith::model::MessageState;
using test::get;
using test::message;
using test::message_id;
using test::newest;
using test::outbox;
using test::peer;
using test::unread;

namespace {

void receive(Database& database, std::uint64_t number, const PeerId& from = peer(1)) {
    get<Inserted>(database.run(InsertIncoming{message(from, number)}));
}

/// Sent and acknowledged.
void deliver(Database& database, std::uint64_t number, const PeerId& to = peer(1)) {
    get<Inserted>(database.run(InsertOutgoing{message(to, number)}));
    get<Delivered>(database.run(Acknowledged{to, {message_id(number)}}));
}

Unread read(Database& database, std::uint64_t number, std::optional<MessageId> receipt = {}) {
    return get<Unread>(database.run(MarkRead{peer(1), message_id(number), receipt, 1000}));
}

std::vector<MessageId> read_by_peer(Database& database, std::uint64_t number,
                                    const PeerId& by = peer(1)) {
    return get<ReadByPeer>(database.run(ApplyRead{by, message_id(number)})).texts;
}

}  // namespace

TEST_CASE("unread counts incoming messages up to the one that was read") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 10; ++i) receive(database, i);
    receive(database, 1, peer(2));
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 50)}));
    CHECK(unread(database, peer(1)) == 10);
    receive(database, 3);  // known already
    CHECK(unread(database, peer(1)) == 10);
    const auto four = read(database, 4);
    CHECK((four.count == 6 && four.changed));
    const auto back = read(database, 2);  // never goes back
    CHECK((back.count == 6 && !back.changed));
    CHECK(unread(database, peer(1)) == 6);
    CHECK(unread(database, peer(2)) == 1);
    CHECK(read(database, 50).count == 0);  // up to one of ours
    CHECK(unread(database, peer(1)) == 0);
}

TEST_CASE("reading up to a message that is not there is an error") {
    auto database = test::in_memory();
    receive(database, 1);
    for (const auto& job :
         {MarkRead{peer(1), message_id(2), {}}, MarkRead{peer(9), message_id(1), {}}}) {
        const auto result = database.run(job);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::no_such_message);
    }
}

TEST_CASE("reading up to a message that has just been removed is no error") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 3; ++i) receive(database, i);
    get<Gone>(database.run(RemoveLocally{message_id(2)}));
    CHECK(read(database, 2).count == 1);
}

TEST_CASE("a receipt names the newest of theirs that was read, and only when something was") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 3; ++i) receive(database, i);
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 50)}));
    receive(database, 4);
    const auto answer = read(database, 50, message_id(100));
    REQUIRE(answer.entry);
    CHECK(answer.entry->kind == Kind::read_up_to);
    CHECK(answer.entry->target == message_id(3));
    CHECK(answer.entry->id == message_id(100));
    CHECK(outbox(database, peer(1)).back().sequence == answer.entry->sequence);
    CHECK_FALSE(read(database, 3, message_id(101)).entry);
    CHECK_FALSE(read(database, 4).entry);  // receipts are off
    CHECK(outbox(database, peer(1)).size() == 2);
}

TEST_CASE("what disappears counts down from reading") {
    auto database = test::in_memory();
    auto text = message(peer(1), 1);
    text.timer = 60;
    get<Inserted>(database.run(InsertIncoming{text}));
    receive(database, 2);
    read(database, 2);
    const auto rows = newest(database, peer(1));
    CHECK(rows[0].expires_at == 1000 + 60'000);
    CHECK(rows[1].expires_at == 0);
    get<Unread>(database.run(MarkRead{peer(1), message_id(2), {}, 9000}));
    CHECK(newest(database, peer(1))[0].expires_at == 1000 + 60'000);
}

TEST_CASE("what a peer has read rises only, and concerns what is delivered") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 3; ++i) deliver(database, i);
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 4)}));
    deliver(database, 5);
    deliver(database, 6);
    CHECK(read_by_peer(database, 2) == std::vector{message_id(2), message_id(1)});
    CHECK(read_by_peer(database, 1).empty());
    CHECK(read_by_peer(database, 2).empty());
    CHECK(read_by_peer(database, 5) == std::vector{message_id(5), message_id(3)});
    std::vector<MessageState> states;
    for (const auto& one : newest(database, peer(1))) states.push_back(one.state);
    using enum MessageState;
    CHECK(states == std::vector{read, read, read, queued, read, delivered});
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(4)}}));
    CHECK(newest(database, peer(1))[3].state == read);
}

TEST_CASE("a peer's receipt counts only for our own texts in its conversation") {
    auto database = test::in_memory();
    deliver(database, 1);
    deliver(database, 2, peer(2));
    receive(database, 3);
    CHECK(read_by_peer(database, 3).empty());  // their own
    CHECK(read_by_peer(database, 2).empty());  // of another conversation
    CHECK(read_by_peer(database, 9).empty());
    CHECK(read_by_peer(database, 1, peer(9)).empty());
    CHECK(newest(database, peer(1))[0].state == MessageState::delivered);
}

TEST_CASE("a receipt for a text that was removed here still says how far was read") {
    auto database = test::in_memory();
    deliver(database, 1);
    deliver(database, 2);
    get<Gone>(database.run(RemoveLocally{message_id(2)}));
    CHECK(read_by_peer(database, 2) == std::vector{message_id(1)});
    deliver(database, 3);
    CHECK(newest(database, peer(1))[1].state == MessageState::delivered);
}

TEST_CASE("an answer names at most the newest 2048 texts that became read") {
    auto database = test::in_memory();
    std::vector<MessageId> ids;
    for (std::uint64_t i = 1; i <= 2100; ++i) {
        get<Inserted>(database.run(InsertOutgoing{message(peer(1), i)}));
        ids.push_back(message_id(i));
    }
    get<Delivered>(database.run(Acknowledged{peer(1), ids}));
    const auto texts = read_by_peer(database, 2100);
    REQUIRE(texts.size() == 2048);
    CHECK(texts.front() == message_id(2100));
    CHECK(read_by_peer(database, 2100).empty());
}
