// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using kith::model::MessageState;
using test::get;
using test::message;
using test::message_id;
using test::peer;

namespace {

std::vector<Message> history(Database& database, const PeerId& with) {
    return get<Page>(database.run(LoadPage{with, 1000, {}})).messages;
}

std::vector<std::string> outbox(Database& database, const PeerId& to, std::uint64_t after = 0) {
    std::vector<std::string> texts;
    for (const auto& one : get<Page>(database.run(LoadOutbox{to, after, 500})).messages)
        texts.push_back(one.text);
    return texts;
}

}  // namespace

TEST_CASE("a message comes back as it was put in") {
    auto database = test::in_memory();
    Message out = message(peer(1), 1, std::string("tab\tNUL\0 end \xF0\x9F\x90\xA6", 18));
    out.outgoing = true;
    out.reply_to = message_id(77);
    out.at = -5;
    Message in = message(peer(1), 2, "");
    in.edited = true;
    in.deleted = true;
    out.position = get<Inserted>(database.run(InsertOutgoing{out})).position;
    in.position = get<Inserted>(database.run(InsertIncoming{in})).position;
    in.state = MessageState::received;
    CHECK(history(database, peer(1)) == std::vector{out, in});
}

TEST_CASE("outgoing is queued and incoming received, whatever the caller left in the fields") {
    auto database = test::in_memory();
    Message odd = message(peer(1), 1);
    odd.state = MessageState::failed;
    odd.outgoing = true;
    get<Inserted>(database.run(InsertIncoming{odd}));
    odd.id = message_id(2);
    odd.outgoing = false;
    get<Inserted>(database.run(InsertOutgoing{odd}));
    const auto rows = history(database, peer(1));
    REQUIRE(rows.size() == 2);
    CHECK((rows[0].state == MessageState::received && !rows[0].outgoing));
    CHECK((rows[1].state == MessageState::queued && rows[1].outgoing));
}

TEST_CASE("the same message twice is stored once and says where it is") {
    auto database = test::in_memory();
    const auto first = get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "first")}));
    CHECK_FALSE(first.duplicate);
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 2)}));
    const auto again =
        get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "other text")}));
    CHECK(again.duplicate);
    CHECK(again.position == first.position);
    const auto rows = history(database, peer(1));
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].text == "first");
}

TEST_CASE(
    "an id belongs to a conversation: another peer may use it, the same peer may not take ours") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 1, "ours")}));
    CHECK_FALSE(
        get<Inserted>(database.run(InsertIncoming{message(peer(2), 1, "of another")})).duplicate);
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "posing as ours")}))
              .duplicate);
    CHECK(history(database, peer(1)).size() == 1);
    CHECK(outbox(database, peer(1)) == std::vector<std::string>{"ours"});
}

TEST_CASE("positions rise over all conversations") {
    auto database = test::in_memory();
    std::uint64_t last = 0;
    for (std::uint64_t i = 1; i <= 30; ++i) {
        const auto position = get<Inserted>(database.run(InsertIncoming{message(
                                                peer(static_cast<std::uint8_t>(i % 3)), 100 - i)}))
                                  .position;
        CHECK(position > last);
        last = position;
    }
}

TEST_CASE("the outbox holds what is not delivered, oldest first, per peer") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 5; ++i)
        get<Inserted>(database.run(InsertOutgoing{message(peer(1), 10 - i, std::to_string(i))}));
    get<Inserted>(database.run(InsertOutgoing{message(peer(2), 1, "other")}));
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 99, "incoming")}));
    CHECK(outbox(database, peer(1)) == std::vector<std::string>{"1", "2", "3", "4", "5"});
    CHECK(outbox(database, peer(2)) == std::vector<std::string>{"other"});
    CHECK(outbox(database, peer(3)).empty());

    const auto delivered = get<Delivered>(database.run(
        MarkDelivered{peer(1), {message_id(8), message_id(9), message_id(1000), message_id(99)}}));
    CHECK(delivered.ids == std::vector{message_id(8), message_id(9)});
    CHECK(outbox(database, peer(1)) == std::vector<std::string>{"3", "4", "5"});
    CHECK(history(database, peer(1))[0].state == MessageState::delivered);
}

TEST_CASE("the outbox is read in pages") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 5; ++i)
        get<Inserted>(database.run(InsertOutgoing{message(peer(1), i, std::to_string(i))}));
    const auto first = get<Page>(database.run(LoadOutbox{peer(1), 0, 2}));
    REQUIRE(first.messages.size() == 2);
    CHECK(first.more);
    const auto rest =
        get<Page>(database.run(LoadOutbox{peer(1), first.messages.back().position, 3}));
    CHECK(rest.messages.size() == 3);
    CHECK_FALSE(rest.more);
}

TEST_CASE("delivered twice changes once; a peer cannot deliver another's messages") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 1)}));
    CHECK(get<Delivered>(database.run(MarkDelivered{peer(2), {message_id(1)}})).ids.empty());
    CHECK(get<Delivered>(database.run(MarkDelivered{peer(1), {message_id(1)}})).ids.size() == 1);
    CHECK(get<Delivered>(database.run(MarkDelivered{peer(1), {message_id(1)}})).ids.empty());
    CHECK(get<Delivered>(database.run(MarkDelivered{peer(1), {}})).ids.empty());
}

TEST_CASE("a job of several statements that fails in one of them changes nothing") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 3; ++i)
        get<Inserted>(database.run(InsertOutgoing{message(peer(1), i)}));
    REQUIRE(
        database.connection().execute("CREATE TRIGGER refuse BEFORE UPDATE ON messages WHEN "
                                      "NEW.position = 2 BEGIN SELECT RAISE(ABORT, 'no'); END;"));
    CHECK_FALSE(
        database.run(MarkDelivered{peer(1), {message_id(1), message_id(2), message_id(3)}}));
    CHECK(outbox(database, peer(1)).size() == 3);
    CHECK_FALSE(database.in_transaction());
}
