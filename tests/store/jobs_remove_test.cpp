// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "app/store/emptying.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::message_id;
using test::newest;
using test::outbox;
using test::peer;

namespace {

void send(Database& database, std::uint64_t number, std::string text = "hello") {
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), number, std::move(text))}));
}

void deliver(Database& database, std::uint64_t number, std::string text = "hello") {
    send(database, number, std::move(text));
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(number)}}));
}

void receive(Database& database, std::uint64_t number, std::string text = "hello") {
    get<Inserted>(database.run(InsertIncoming{message(peer(1), number, std::move(text))}));
}

Errc refusal(Database& database, const Job& job) {
    const auto result = database.run(job);
    REQUIRE_FALSE(result);
    CHECK(result.error().text.back() == '.');
    return result.error().code;
}

std::int64_t rows(Database& database, const char* table) {
    return *database.connection().number(std::string("SELECT count(*) FROM ") + table + ";");
}

}  // namespace

TEST_CASE("a waiting text that is cancelled is gone with all that waited about it") {
    auto database = test::in_memory();
    receive(database, 5, "newest but one");
    send(database, 1, "secret");
    get<Changed>(database.run(EditOwn{message_id(1), message_id(2), "secret too"}));
    get<Changed>(database.run(ReactOwn{message_id(1), message_id(3), "+"}));
    const auto gone = get<Gone>(database.run(CancelOwn{message_id(1), {}}));
    CHECK(gone.peer == peer(1));
    CHECK(gone.last_text == "newest but one");
    CHECK(gone.last_activity == message(peer(1), 5).at);
    CHECK(gone.unread == 1);
    CHECK_FALSE(gone.entry);
    CHECK(outbox(database, peer(1)).empty());
    CHECK(newest(database, peer(1)).size() == 1);
    CHECK(rows(database, "reactions") == 0);
    CHECK(get<Inserted>(database.run(InsertOutgoing{message(peer(1), 1)})).duplicate);
}

TEST_CASE("a cancelled text that may have been sent is erased there") {
    auto database = test::in_memory();
    send(database, 1);
    const auto gone = get<Gone>(database.run(CancelOwn{message_id(1), message_id(9)}));
    REQUIRE(gone.entry);
    const auto entries = outbox(database, peer(1));
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].kind == Kind::erase);
    CHECK(entries[0].id == message_id(9));
    CHECK(entries[0].target == message_id(1));
    CHECK(entries[0].sequence == gone.entry->sequence);
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(1), message_id(9)}}));
    CHECK(outbox(database, peer(1)).empty());
    CHECK(newest(database, peer(1)).empty());
}

TEST_CASE("only a waiting text of one's own can be cancelled") {
    auto database = test::in_memory();
    deliver(database, 1);
    receive(database, 2);
    CHECK(refusal(database, CancelOwn{message_id(1), {}}) == Errc::too_late);
    CHECK(refusal(database, CancelOwn{message_id(2), {}}) == Errc::not_yours);
    CHECK(refusal(database, CancelOwn{message_id(3), {}}) == Errc::no_such_message);
    CHECK(newest(database, peer(1)).size() == 2);
}

TEST_CASE("removing from one's own history concerns only that") {
    auto database = test::in_memory();
    deliver(database, 1, "mine");
    receive(database, 2, "theirs");
    get<Changed>(database.run(ApplyReactions{peer(1), message_id(1), message_id(50), 1, {"+"}}));
    get<Changed>(database.run(EditOwn{message_id(1), message_id(51), "edited"}));
    const auto gone = get<Gone>(database.run(RemoveLocally{message_id(2), 9}));
    CHECK((gone.unread == 0 && gone.last_text == "edited" && !gone.entry));
    get<Gone>(database.run(RemoveLocally{message_id(1), 9}));
    CHECK(newest(database, peer(1)).empty());
    CHECK(rows(database, "reactions") == 0);
    CHECK(outbox(database, peer(1)).at(0).text == "edited");  // they still learn of it
    CHECK(refusal(database, RemoveLocally{message_id(1)}) == Errc::no_such_message);
    send(database, 3);
    CHECK(refusal(database, RemoveLocally{message_id(3)}) == Errc::too_late);
}

TEST_CASE("a deleted conversation keeps what waits, and nothing else comes back") {
    auto database = test::in_memory();
    deliver(database, 1);
    receive(database, 2);
    send(database, 3, "waits");
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 9, "elsewhere")}));
    get<Changed>(database.run(ReactOwn{message_id(1), message_id(50), "+"}));
    get<Changed>(database.run(ReactOwn{message_id(3), message_id(51), "*"}));
    get<Timers>(database.run(SetTimer{peer(1), message_id(52), 60}));
    get<Changed>(database.run(ApplyEdit{peer(1), message_id(7), message_id(53), 1, "early"}));
    get<Changed>(database.run(ApplyErase{peer(1), message_id(8), message_id(54)}));
    const auto emptied = get<Emptied>(database.run(DeleteConversation{peer(1), 5}));
    CHECK((emptied.removed == 2 && emptied.kept == 1 && emptied.unread == 0));
    CHECK(emptied.last_text == "waits");
    CHECK(rows(database, "forgotten") == 2);
    const auto left = newest(database, peer(1));
    REQUIRE(left.size() == 1);
    CHECK(left[0].text == "waits");
    CHECK(left[0].reactions.size() == 1);
    CHECK(outbox(database, peer(1)).size() == 4);
    CHECK(*database.connection().number("SELECT count(*) FROM early WHERE kind = 2;") == 0);
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(1), 8)})).message.deleted);
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(1), 2)})).duplicate);
    CHECK(get<Snapshot>(database.run(LoadAll{})).conversations[0].timer_mine == 60);
    CHECK(newest(database, peer(2)).size() == 1);
    const auto nobody = get<Emptied>(database.run(DeleteConversation{peer(9)}));
    CHECK((nobody.removed == 0 && nobody.kept == 0));
}

namespace {

/// In one conversation: so many that were received, and one in their middle that waits.
void fill(Database& database, std::uint64_t count) {
    REQUIRE(database.begin());
    for (std::uint64_t i = 1; i <= count; ++i) {
        if (i == count / 2) send(database, count + 1, "waits");
        receive(database, i);
    }
    REQUIRE(database.commit());
}

}  // namespace

TEST_CASE("a long conversation is deleted in pieces, and what comes in between stays") {
    constexpr std::uint64_t count = 2 * emptying_piece + 100;
    auto database = test::in_memory();
    fill(database, count);
    auto emptied = get<Emptied>(database.run(DeleteConversation{peer(1), 5}));
    REQUIRE(emptied.rest);
    CHECK(rows(database, "messages") == count + 1 - emptying_piece);
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(count + 1)}}));
    receive(database, count + 2, "new");
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)})).duplicate);
    int pieces = 1;
    for (; emptied.rest; ++pieces) emptied = get<Emptied>(database.run(*emptied.rest));
    CHECK(pieces == 3);
    CHECK(emptied.removed == count);
    CHECK(emptied.unread == 1);
    CHECK(emptied.last_text == "new");
    const auto left = newest(database, peer(1));
    REQUIRE(left.size() == 2);
    CHECK((left[0].text == "waits" && left[1].text == "new"));
    CHECK(rows(database, "forgotten") == count);
    CHECK(rows(database, "emptying") == 0);
}

TEST_CASE("deleted again in the middle of it, a conversation loses what came since as well") {
    constexpr std::uint64_t count = emptying_piece + 100;
    auto database = test::in_memory();
    fill(database, count);
    REQUIRE(get<Emptied>(database.run(DeleteConversation{peer(1), 5})).rest);
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(count + 1)}}));
    const auto emptied = get<Emptied>(database.run(DeleteConversation{peer(1), 6}));
    CHECK((!emptied.rest && emptied.removed == 101 && emptied.kept == 0));
    CHECK(newest(database, peer(1)).empty());
}

TEST_CASE("a deletion that was interrupted is ended by the next job that cleans up") {
    constexpr std::uint64_t count = 2 * emptying_piece + 100;
    const test::TempFolder folder;
    {
        auto database = test::open(folder.file());
        fill(database, count);
        REQUIRE(get<Emptied>(database.run(DeleteConversation{peer(1), 5})).rest);
    }
    auto database = test::open(folder.file());
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 1, "elsewhere")}));
    auto pruned = get<Pruned>(database.run(Prune{6, 0, 500}));
    std::size_t gone = 0;
    for (bool more = true; more; pruned = get<Pruned>(database.run(Prune{6, 0, 500}))) {
        more = pruned.more;
        REQUIRE(pruned.conversations.size() == 1);
        CHECK(pruned.conversations[0].peer == peer(1));
        gone += pruned.conversations[0].messages.size();
    }
    CHECK(pruned.conversations.empty());
    CHECK(gone == count - emptying_piece);
    CHECK(newest(database, peer(1)).size() == 1);
    CHECK(newest(database, peer(2)).size() == 1);
    CHECK(rows(database, "emptying") == 0);
}

TEST_CASE("a deletion that fails halfway deletes nothing") {
    auto database = test::in_memory();
    deliver(database, 1);
    send(database, 2);
    get<Changed>(database.run(ReactOwn{message_id(1), message_id(50), "+"}));
    REQUIRE(
        database.connection().execute("CREATE TRIGGER refuse BEFORE DELETE ON messages "
                                      "BEGIN SELECT RAISE(ABORT, 'no'); END;"));
    CHECK_FALSE(database.run(DeleteConversation{peer(1)}));
    CHECK_FALSE(database.run(RemoveLocally{message_id(1)}));
    CHECK_FALSE(database.run(CancelOwn{message_id(2), message_id(60)}));
    CHECK_FALSE(database.run(Prune{1, 1LL << 60}));
    CHECK(newest(database, peer(1)).at(0).reactions.size() == 1);
    CHECK(outbox(database, peer(1)).size() == 2);
    CHECK(rows(database, "forgotten") == 0);
    CHECK(rows(database, "emptying") == 0);
}
