// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "app/store/connection.hpp"
#include "app/store/early.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using kith::model::Reaction;
using test::get;
using test::message;
using test::message_id;
using test::newest;
using test::peer;
using test::unread;

namespace {

void receive(Database& database, std::uint64_t number, std::string text = "hello") {
    get<Inserted>(database.run(InsertIncoming{message(peer(1), number, std::move(text))}));
}

Changed edit(Database& database, std::uint64_t target, std::uint64_t revision, std::string text,
             std::uint64_t id = 0, const PeerId& by = peer(1)) {
    return get<Changed>(
        database.run(ApplyEdit{by, message_id(target), message_id(id != 0 ? id : 1000 + revision),
                               revision, std::move(text)}));
}

Changed erase(Database& database, std::uint64_t target, const PeerId& by = peer(1)) {
    return get<Changed>(
        database.run(ApplyErase{by, message_id(target), message_id(5000 + target), 0, 1000}));
}

Changed react(Database& database, std::uint64_t target, std::uint64_t revision,
              std::vector<std::string> emojis) {
    return get<Changed>(database.run(ApplyReactions{
        peer(1), message_id(target), message_id(2000 + revision), revision, std::move(emojis)}));
}

std::int64_t early(Database& database) {
    return *database.connection().number("SELECT count(*) FROM early;");
}

}  // namespace

TEST_CASE("a peer edits what it wrote; of several edits the newest counts, whenever it comes") {
    auto database = test::in_memory();
    receive(database, 1, "first");
    const auto answer = edit(database, 1, 20, "third");
    CHECK(answer.peer == peer(1));
    CHECK(answer.message->text == "third");
    CHECK(answer.message->edited);
    CHECK(answer.last_text == "third");
    CHECK(answer.unread == 1);
    CHECK_FALSE(edit(database, 1, 10, "second").message);
    CHECK_FALSE(edit(database, 1, 20, "third").message);
    CHECK(edit(database, 1, 20, "tie", 5000).message->text == "tie");  // the higher id
    CHECK_FALSE(edit(database, 1, 20, "tie lost", 4000).message);
    const auto highest = std::numeric_limits<std::uint64_t>::max();
    CHECK(edit(database, 1, highest, "last", 1).message);
    CHECK_FALSE(edit(database, 1, highest - 1, "not last", 9999).message);
    CHECK(newest(database, peer(1))[0].text == "last");
}

TEST_CASE("a peer changes nothing of ours and nothing of others") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 1, "ours")}));
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 2, "of another")}));
    for (const std::uint64_t target : {1U, 2U}) {
        CHECK_FALSE(edit(database, target, 5, "forged").message);
        CHECK_FALSE(erase(database, target).message);
    }
    CHECK(newest(database, peer(1))[0].text == "ours");
    CHECK(newest(database, peer(2))[0].text == "of another");
    CHECK(test::outbox(database, peer(1)).size() == 1);
}

TEST_CASE("what is deleted for both is gone for good and not unread") {
    auto database = test::in_memory();
    receive(database, 1, "secret");
    receive(database, 2);
    edit(database, 1, 1, "secret too");
    react(database, 1, 1, {"+"});
    CHECK(unread(database, peer(1)) == 2);
    const auto answer = erase(database, 1);
    CHECK(answer.unread == 1);
    CHECK(answer.message->deleted);
    CHECK_FALSE(answer.last_text);
    CHECK(unread(database, peer(1)) == 1);
    CHECK_FALSE(erase(database, 1).message);
    CHECK_FALSE(edit(database, 1, 99, "back").message);
    CHECK_FALSE(react(database, 1, 99, {"+"}).message);
    const auto row = newest(database, peer(1))[0];
    CHECK((row.deleted && row.text.empty() && !row.edited && row.reactions.empty()));
    receive(database, 1, "resent");
    CHECK(newest(database, peer(1))[0].text.empty());
}

TEST_CASE("a peer's reactions replace its older ones, on messages of both") {
    auto database = test::in_memory();
    receive(database, 1);
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 2)}));
    get<Changed>(database.run(ReactOwn{message_id(1), message_id(90), "mine", true, 15}));
    for (const std::uint64_t target : {1U, 2U}) {
        CHECK(react(database, target, 10, {"a", "b"}).message->reactions.at(0) ==
              Reaction{"a", false});
        CHECK_FALSE(react(database, target, 9, {"c"}).message);
        CHECK(react(database, target, 20, {"c"}).message);
    }
    CHECK(newest(database, peer(1))[0].reactions ==
          std::vector<Reaction>{{"mine", true}, {"c", false}});
    CHECK(newest(database, peer(1))[1].reactions == std::vector<Reaction>{{"c", false}});
    react(database, 1, 30, {});
    CHECK(newest(database, peer(1))[0].reactions == std::vector<Reaction>{{"mine", true}});
}

TEST_CASE("reactions beyond the bounds are cut") {
    auto database = test::in_memory();
    receive(database, 1);
    std::vector<std::string> many{"", std::string(65, 'x'), "same", "same"};
    for (int i = 0; i < 20; ++i) many.push_back(std::to_string(i));
    react(database, 1, 1, many);
    const auto shown = newest(database, peer(1))[0].reactions;
    REQUIRE(shown.size() == 8);
    CHECK(shown[0].emoji == "same");
    CHECK(shown[1].emoji == "0");
}

TEST_CASE("amendments that come before their message are applied when it comes") {
    auto database = test::in_memory();
    CHECK_FALSE(edit(database, 1, 20, "newer").message);
    edit(database, 1, 10, "older");
    react(database, 1, 5, {"+"});
    erase(database, 2);
    edit(database, 2, 7, "never seen");
    const auto first = get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "text")}));
    CHECK(first.message.text == "newer");
    CHECK(first.message.edited);
    CHECK(first.message.reactions == std::vector<Reaction>{{"+", false}});
    const auto second = get<Inserted>(database.run(InsertIncoming{message(peer(1), 2, "text")}));
    CHECK_FALSE(second.duplicate);
    CHECK((second.message.deleted && second.message.text.empty()));
    CHECK(unread(database, peer(1)) == 1);
    CHECK(newest(database, peer(1)) == std::vector{first.message, second.message});
    CHECK(early(database) == 0);
    CHECK_FALSE(edit(database, 1, 15, "late").message);
}

TEST_CASE("an early edit of somebody else, or of what becomes ours, has no effect") {
    auto database = test::in_memory();
    edit(database, 1, 1, "forged", 0, peer(2));
    receive(database, 1, "text");
    CHECK(newest(database, peer(1))[0].text == "text");
    edit(database, 2, 1, "forged");
    erase(database, 2);
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 2, "ours")}));
    CHECK(newest(database, peer(1))[1].text == "ours");
}

TEST_CASE("an early erase leaves no text of earlier edits behind") {
    auto database = test::in_memory();
    edit(database, 1, 1, "secret");
    react(database, 1, 1, {"+"});
    CHECK(early(database) == 2);
    erase(database, 1);
    CHECK(early(database) == 1);
    edit(database, 1, 9, "secret");
    CHECK(early(database) == 1);
}

TEST_CASE("amendments of what was removed here leave nothing behind") {
    auto database = test::in_memory();
    receive(database, 1);
    get<Gone>(database.run(RemoveLocally{message_id(1)}));
    edit(database, 1, 1, "secret");
    react(database, 1, 1, {"+"});
    erase(database, 1);
    CHECK(early(database) == 0);
    CHECK(*database.connection().number("SELECT count(*) FROM reactions;") == 0);
    CHECK(newest(database, peer(1)).empty());
}

TEST_CASE("a contact can have only so much kept for messages that never come") {
    auto database = test::in_memory();
    REQUIRE(database.begin());
    const auto many = static_cast<std::uint64_t>(early_max) + 50;
    get<Changed>(database.run(ApplyErase{peer(2), message_id(1), message_id(2)}));
    for (std::uint64_t i = 1; i <= many; ++i) edit(database, i, 1, "x", 100'000 + i);
    REQUIRE(database.commit());
    CHECK(early(database) == early_max + 1);
    receive(database, 50, "as sent");
    receive(database, 51, "as sent");
    CHECK(newest(database, peer(1))[0].text == "as sent");
    CHECK(newest(database, peer(1))[1].text == "x");
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(2), 1)})).message.deleted);
}

TEST_CASE("long edits kept for messages that never come are fewer") {
    auto database = test::in_memory();
    constexpr std::int64_t most = early_max * static_cast<std::int64_t>(early_unit);
    const auto bytes = [&] {
        return *database.connection().number("SELECT sum(length(body)) FROM early;");
    };
    REQUIRE(database.begin());
    const std::string text(kith::model::text_max, 'x');
    for (std::uint64_t i = 1; i <= 200; ++i) edit(database, i, 1, "x", 100'000 + i);
    for (std::uint64_t i = 1; i <= 200; ++i) edit(database, i, 2, text, 200'000 + i);
    CHECK(bytes() <= most);
    CHECK(bytes() > most / 2);
    REQUIRE(database.commit());
    receive(database, 200);
    CHECK(newest(database, peer(1))[0].text == text);
}

TEST_CASE("what came early and cannot be applied leaves the message out as well") {
    auto database = test::in_memory();
    edit(database, 1, 1, "edited");
    REQUIRE(
        database.connection().execute("CREATE TRIGGER refuse BEFORE UPDATE ON messages "
                                      "BEGIN SELECT RAISE(ABORT, 'no'); END;"));
    CHECK_FALSE(database.run(InsertIncoming{message(peer(1), 1)}));
    CHECK(newest(database, peer(1)).empty());
    CHECK(early(database) == 1);
}
