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
    return get<Page>(database.run(LoadPage{with, 1000, {}, {}, {}})).messages;
}

std::vector<std::string> outbox(Database& database, const PeerId& to, std::uint64_t after = 0) {
    std::vector<std::string> texts;
    for (const auto& one : get<OutboxPage>(database.run(LoadOutbox{to, after, 500})).entries)
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
    in.timer = 60;
    const auto queued = get<Inserted>(database.run(InsertOutgoing{out, 5}));
    out.position = queued.message.position;
    CHECK(queued.message == out);
    const auto received = get<Inserted>(database.run(InsertIncoming{in, 1, 6}));
    in.position = received.message.position;
    in.state = MessageState::received;
    CHECK(received.message == in);
    CHECK(history(database, peer(1)) == std::vector{out, in});
}

TEST_CASE("outgoing is queued and incoming received, whatever the caller left in the fields") {
    auto database = test::in_memory();
    Message odd = message(peer(1), 1);
    odd.state = MessageState::failed;
    odd.outgoing = odd.edited = odd.deleted = true;
    odd.expires_at = 1;
    odd.quote = kith::model::Quote{"made up", true, false};
    odd.reactions = {{"made up", true}};
    get<Inserted>(database.run(InsertIncoming{odd}));
    odd.id = message_id(2);
    odd.outgoing = false;
    get<Inserted>(database.run(InsertOutgoing{odd}));
    const auto rows = history(database, peer(1));
    REQUIRE(rows.size() == 2);
    CHECK((rows[0].state == MessageState::received && !rows[0].outgoing));
    CHECK((rows[1].state == MessageState::queued && rows[1].outgoing));
    for (const auto& row : rows) {
        CHECK_FALSE((row.edited || row.deleted || row.quote || row.expires_at != 0));
        CHECK(row.reactions.empty());
    }
}

TEST_CASE("the same message twice is stored once") {
    auto database = test::in_memory();
    CHECK_FALSE(
        get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "first")})).duplicate);
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 2)}));
    const auto again =
        get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "other text")}));
    CHECK(again.duplicate);
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
                                  .message.position;
        CHECK(position > last);
        last = position;
    }
}

TEST_CASE("a quote is what the message answered says now") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "question")}));
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 2, "elsewhere")}));
    auto answer = message(peer(1), 3, "answer");
    answer.reply_to = message_id(1);
    const auto stored = get<Inserted>(database.run(InsertOutgoing{answer})).message;
    REQUIRE(stored.quote);
    CHECK(*stored.quote == kith::model::Quote{"question", false, false});
    answer.id = message_id(4);
    answer.reply_to = message_id(2);  // of another conversation
    CHECK_FALSE(get<Inserted>(database.run(InsertIncoming{answer})).message.quote);
    get<Changed>(database.run(ApplyErase{peer(1), message_id(1), message_id(9)}));
    CHECK(history(database, peer(1))[1].quote == kith::model::Quote{"", false, true});
}

TEST_CASE("a message that was removed here does not come in again") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)}));
    get<Gone>(database.run(RemoveLocally{message_id(1), 5}));
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)})).duplicate);
    CHECK(history(database, peer(1)).empty());
    CHECK_FALSE(get<Inserted>(database.run(InsertIncoming{message(peer(2), 1)})).duplicate);
}

TEST_CASE("a position is never given twice") {
    auto database = test::in_memory();
    const auto first = get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)}));
    get<Gone>(database.run(RemoveLocally{message_id(1)}));
    const auto second = get<Inserted>(database.run(InsertIncoming{message(peer(1), 2)}));
    CHECK(second.message.position > first.message.position);
}
