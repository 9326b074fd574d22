// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using kith::model::MessageState;
using kith::model::Reaction;
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

Errc refusal(Database& database, const Job& job) {
    const auto before = outbox(database, peer(1)).size();
    const auto result = database.run(job);
    REQUIRE_FALSE(result);
    INFO(result.error().text);
    CHECK(result.error().text.back() == '.');
    CHECK(outbox(database, peer(1)).size() == before);
    return result.error().code;
}

Changed react(Database& database, std::uint64_t target, std::uint64_t id, std::string emoji,
              bool on = true) {
    return get<Changed>(
        database.run(ReactOwn{message_id(target), message_id(id), std::move(emoji), on, 1}));
}

}  // namespace

TEST_CASE("an edit of one's own changes the text and goes out") {
    auto database = test::in_memory();
    deliver(database, 1, "frist");
    const auto answer =
        get<Changed>(database.run(EditOwn{message_id(1), message_id(2), "first", 700}));
    CHECK(answer.peer == peer(1));
    REQUIRE(answer.message);
    CHECK(answer.message->text == "first");
    CHECK(answer.message->edited);
    CHECK(answer.message->state == MessageState::delivered);
    CHECK(answer.last_text == "first");
    REQUIRE(answer.entry);
    CHECK(answer.entry->revision == 700);
    CHECK(newest(database, peer(1)).at(0) == *answer.message);
    CHECK(outbox(database, peer(1)).at(0).sequence == answer.entry->sequence);
}

TEST_CASE("revisions rise whatever the clock does") {
    auto database = test::in_memory();
    deliver(database, 1);
    std::uint64_t last = 0, n = 10;
    for (const kith::model::Timestamp now : {1000, 1000, 5, -7, 2000, 1999}) {
        const auto answer = get<Changed>(
            database.run(EditOwn{message_id(1), message_id(++n), std::to_string(n), now}));
        CHECK(answer.entry->revision > last);
        last = answer.entry->revision;
    }
    CHECK(last == 2001);
    CHECK(get<Timers>(database.run(SetTimer{peer(1), message_id(99), 60, 3})).entry->revision ==
          2002);
}

TEST_CASE("the list shows an edit only of its newest message") {
    auto database = test::in_memory();
    deliver(database, 1);
    deliver(database, 2);
    CHECK_FALSE(
        get<Changed>(database.run(EditOwn{message_id(1), message_id(9), "edited"})).last_text);
}

TEST_CASE("an edit to the same text is no edit") {
    auto database = test::in_memory();
    deliver(database, 1, "same");
    const auto answer = get<Changed>(database.run(EditOwn{message_id(1), message_id(2), "same"}));
    CHECK((!answer.message && !answer.entry));
    CHECK_FALSE(newest(database, peer(1))[0].edited);
}

TEST_CASE("what cannot be edited or erased is refused with the reason") {
    auto database = test::in_memory();
    deliver(database, 1);
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 2, "theirs")}));
    get<Changed>(database.run(EraseOwn{message_id(1), message_id(50)}));
    const auto edit = [&](std::uint64_t n) { return EditOwn{message_id(n), message_id(9), "x"}; };
    const auto erase = [&](std::uint64_t n) { return EraseOwn{message_id(n), message_id(9)}; };
    CHECK(refusal(database, edit(1)) == Errc::too_late);
    CHECK(refusal(database, edit(2)) == Errc::not_yours);
    CHECK(refusal(database, edit(3)) == Errc::no_such_message);
    CHECK(refusal(database, erase(1)) == Errc::too_late);
    CHECK(refusal(database, erase(2)) == Errc::not_yours);
    CHECK(refusal(database, erase(3)) == Errc::no_such_message);
    CHECK(newest(database, peer(1))[1].text == "theirs");
}

TEST_CASE("erasing leaves a tombstone without a word, and drops what waited about it") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 5)}));
    auto text = message(peer(1), 1, "secret");
    text.reply_to = message_id(5);
    get<Inserted>(database.run(InsertOutgoing{text}));
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(1)}}));
    get<Changed>(database.run(EditOwn{message_id(1), message_id(2), "secret too"}));
    react(database, 1, 3, "+");
    get<Changed>(database.run(ApplyReactions{peer(1), message_id(1), message_id(4), 1, {"-"}}));
    const auto answer = get<Changed>(database.run(EraseOwn{message_id(1), message_id(9)}));
    REQUIRE(answer.message);
    CHECK(answer.message->deleted);
    CHECK(answer.message->text.empty());
    CHECK_FALSE(answer.message->edited);
    CHECK_FALSE(answer.message->reply_to);
    CHECK(answer.message->reactions.empty());
    CHECK(answer.last_text == "");
    const auto entries = outbox(database, peer(1));
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].kind == Kind::erase);
    CHECK(entries[0].target == message_id(1));
}

TEST_CASE("a text erased while it waits is not sent any more") {
    auto database = test::in_memory();
    send(database, 1, "never mind");
    get<Changed>(database.run(EraseOwn{message_id(1), message_id(9)}));
    const auto entries = outbox(database, peer(1));
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].kind == Kind::erase);
    CHECK(newest(database, peer(1))[0].state == MessageState::delivered);  // it waits for nothing
    CHECK(get<Delivered>(database.run(Acknowledged{peer(1), {message_id(1)}})).texts.empty());
}

TEST_CASE("a tombstone of what was to disappear disappears too") {
    auto database = test::in_memory();
    auto text = message(peer(1), 1);
    text.timer = 60;
    get<Inserted>(database.run(InsertOutgoing{text}));
    get<Changed>(database.run(EraseOwn{message_id(1), message_id(9), 5000}));
    CHECK(newest(database, peer(1))[0].expires_at == 65'000);
    text.id = message_id(2);
    get<Inserted>(database.run(InsertOutgoing{text}));
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(2)}, 1000}));
    get<Changed>(database.run(EraseOwn{message_id(2), message_id(10), 5000}));
    CHECK(newest(database, peer(1))[1].expires_at == 61'000);  // counted already
}

TEST_CASE("reactions are added and taken back, on messages of both") {
    auto database = test::in_memory();
    deliver(database, 1);
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 2)}));
    for (const std::uint64_t target : {1U, 2U}) {
        const auto first = react(database, target, 10 * target, "+");
        CHECK(first.message->reactions == std::vector<Reaction>{{"+", true}});
        const auto second = react(database, target, 10 * target + 1, "*");
        CHECK(second.entry->emojis == std::vector<std::string>{"+", "*"});
        const auto again = react(database, target, 10 * target + 2, "*");
        CHECK((!again.message && !again.entry));
        const auto less = react(database, target, 10 * target + 3, "+", false);
        CHECK(less.message->reactions == std::vector<Reaction>{{"*", true}});
        CHECK_FALSE(react(database, target, 10 * target + 4, "?", false).entry);
        const auto none = react(database, target, 10 * target + 5, "*", false);
        CHECK(none.message->reactions.empty());
        CHECK(none.entry->emojis.empty());
    }
    CHECK(outbox(database, peer(1)).size() == 2);
}

TEST_CASE("a ninth reaction is one too many") {
    auto database = test::in_memory();
    deliver(database, 1);
    for (std::uint64_t i = 0; i < 8; ++i) react(database, 1, 10 + i, std::to_string(i));
    CHECK(refusal(database, ReactOwn{message_id(1), message_id(30), "9"}) == Errc::too_many);
    react(database, 1, 31, "0", false);
    CHECK(react(database, 1, 32, "9").message->reactions.size() == 8);
}

TEST_CASE("a reaction to what is gone is refused") {
    auto database = test::in_memory();
    deliver(database, 1);
    get<Changed>(database.run(EraseOwn{message_id(1), message_id(9)}));
    CHECK(refusal(database, ReactOwn{message_id(1), message_id(30), "+"}) == Errc::too_late);
    CHECK(refusal(database, ReactOwn{message_id(2), message_id(31), "+"}) == Errc::no_such_message);
}

TEST_CASE("a contact that copies an id can make it ambiguous, but not touch our own messages") {
    auto database = test::in_memory();
    deliver(database, 1);
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 1, "copied")}));
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 5)}));
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 5)}));
    CHECK(get<Changed>(database.run(EditOwn{message_id(1), message_id(9), "ours"})).peer ==
          peer(1));
    CHECK(refusal(database, ReactOwn{message_id(1), message_id(10), "+"}) == Errc::ambiguous);
    CHECK(refusal(database, RemoveLocally{message_id(1)}) == Errc::ambiguous);
    CHECK(refusal(database, EditOwn{message_id(5), message_id(11), "x"}) == Errc::not_yours);
    CHECK(get<Changed>(database.run(EraseOwn{message_id(1), message_id(12)})).peer == peer(1));
    CHECK(newest(database, peer(2))[0].text == "copied");
}

TEST_CASE("an amendment that cannot be put into the outbox changes nothing") {
    auto database = test::in_memory();
    deliver(database, 1, "before");
    REQUIRE(
        database.connection().execute("CREATE TRIGGER refuse BEFORE INSERT ON outbox "
                                      "BEGIN SELECT RAISE(ABORT, 'no'); END;"));
    CHECK_FALSE(database.run(EditOwn{message_id(1), message_id(2), "after", 9000}));
    CHECK_FALSE(database.run(EraseOwn{message_id(1), message_id(3)}));
    CHECK_FALSE(database.run(ReactOwn{message_id(1), message_id(4), "+"}));
    CHECK_FALSE(database.run(SetTimer{peer(1), message_id(5), 60}));
    CHECK_FALSE(database.run(InsertOutgoing{message(peer(1), 6)}));
    const auto rows = newest(database, peer(1));
    REQUIRE(rows.size() == 1);
    CHECK((rows[0].text == "before" && !rows[0].edited && rows[0].reactions.empty()));
    CHECK(get<Snapshot>(database.run(LoadAll{})).conversations[0].timer_mine == 0);
    CHECK(database.connection().number("SELECT revision FROM clock;") == 0);
}
