// SPDX-License-Identifier: MIT
//
// Edits, deletions, reactions and what is taken back: from the command of one to the history of the
// other, with and without somebody there.
#include <catch2/catch_test_macros.hpp>

#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;
using model::DeleteFor;
using model::MessageState;

namespace {

std::vector<std::string> reactions(const model::Message& message, bool mine) {
    std::vector<std::string> out;
    for (const auto& reaction : message.reactions) {
        if (reaction.mine == mine) out.push_back(reaction.emoji);
    }
    return out;
}

}  // namespace

TEST_CASE("an edit is seen by both, in the history, in the list and as an event") {
    Friends two;
    const auto id = two.deliver("frist");
    CHECK(code(two.a.call(model::EditMessage{id, "first"})) == "ok");
    REQUIRE(two.until([&] { return two.there(id)->text == "first"; }));
    CHECK(two.there(id)->edited);
    CHECK(two.here(id)->edited);
    CHECK(two.b.peer(two.a)->last_text == "first");
    CHECK(two.a.peer(two.b)->last_text == "first");
    const auto changes = events_of<model::MessageChanged>(two.b);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].message.text == "first");
    CHECK(two.b.peer(two.a)->unread == 1);  // an edit is not a new message
}

TEST_CASE("only one's own texts can be edited or deleted for both, and deleted ones not at all") {
    Friends two;
    const auto mine = two.deliver("mine");
    CHECK(code(two.b.call(model::EditMessage{mine, "yours"})) == "not_yours");
    CHECK(code(two.b.call(model::DeleteMessage{mine, DeleteFor::both})) == "not_yours");
    CHECK(code(two.a.call(model::EditMessage{mine, ""})) == "empty");
    CHECK(code(two.a.call(model::EditMessage{mine, std::string(model::text_max + 1, 'x')})) ==
          "too_long");
    CHECK(code(two.a.call(model::EditMessage{mine, "\xff"})) == "bad_request");
    CHECK(code(two.a.call(model::EditMessage{{}, "x"})) == "no_such_message");
    CHECK(code(two.a.call(model::DeleteMessage{{}, DeleteFor::both})) == "no_such_message");
    CHECK(code(two.a.call(model::DeleteMessage{{}, DeleteFor::me})) == "no_such_message");
    REQUIRE(two.a.call(model::DeleteMessage{mine, DeleteFor::both}));
    CHECK(code(two.a.call(model::DeleteMessage{mine, DeleteFor::both})) == "too_late");
    CHECK(code(two.a.call(model::EditMessage{mine, "again"})) == "too_late");
    CHECK(code(two.a.call(model::React{mine, "+1", true})) == "too_late");
}

TEST_CASE("deleted for both leaves a tombstone without words and without counting as unread") {
    Friends two;
    const auto id = two.deliver("regret");
    CHECK(two.b.peer(two.a)->unread == 1);
    REQUIRE(two.a.call(model::DeleteMessage{id, DeleteFor::both}));
    REQUIRE(two.until([&] { return two.there(id)->deleted; }));
    CHECK(two.there(id)->text.empty());
    CHECK(two.here(id)->deleted);
    CHECK(two.here(id)->text.empty());
    CHECK(two.b.peer(two.a)->unread == 0);
    CHECK(two.b.peer(two.a)->last_text.empty());
    CHECK(events_of<model::MessageChanged>(two.b).back().message.deleted);
}

TEST_CASE("deleted for me is gone here and untouched there") {
    Friends two;
    const auto first = two.deliver("first");
    const auto second = two.deliver("second");
    REQUIRE(two.b.call(model::DeleteMessage{second, DeleteFor::me}));
    CHECK(texts(two.b.conversation(two.a)) == std::vector<std::string>{"first"});
    CHECK(two.b.peer(two.a)->last_text == "first");
    CHECK(two.b.peer(two.a)->unread == 1);
    const auto gone = events_of<model::MessagesRemoved>(two.b);
    REQUIRE(gone.size() == 1);
    CHECK(gone[0].messages == std::vector{second});
    // What comes late for it changes nothing.
    REQUIRE(two.a.call(model::EditMessage{second, "again"}));
    two.network.run_for(5s);
    CHECK_FALSE(two.there(second));
    CHECK(two.here(second)->text == "again");
    CHECK(two.there(first)->text == "first");
}

TEST_CASE("reactions of both go under messages of both, and are taken back") {
    Friends two;
    const auto id = two.deliver("good news");
    REQUIRE(two.b.call(model::React{id, "+1", true}));
    REQUIRE(two.b.call(model::React{id, "\xe2\x9d\xa4", true}));
    REQUIRE(two.a.call(model::React{id, "+1", true}));
    REQUIRE(two.until([&] { return two.here(id)->reactions.size() == 3; }));
    REQUIRE(two.until([&] { return two.there(id)->reactions.size() == 3; }));
    CHECK(reactions(*two.here(id), false) == std::vector<std::string>{"+1", "\xe2\x9d\xa4"});
    CHECK(reactions(*two.there(id), true) == std::vector<std::string>{"+1", "\xe2\x9d\xa4"});
    REQUIRE(two.b.call(model::React{id, "+1", false}));
    REQUIRE(two.until([&] { return two.here(id)->reactions.size() == 2; }));
    CHECK(reactions(*two.here(id), false) == std::vector<std::string>{"\xe2\x9d\xa4"});
    CHECK_FALSE(events_of<model::MessageChanged>(two.a).empty());
}

TEST_CASE("at most eight reactions each, of something that can be seen") {
    Friends two;
    const auto id = two.deliver("popular");
    for (int i = 0; i < 8; ++i) REQUIRE(two.a.call(model::React{id, std::to_string(i), true}));
    CHECK(code(two.a.call(model::React{id, "one more", true})) == "bad_request");
    CHECK(code(two.a.call(model::React{id, "9", true})) == "too_many");
    CHECK(code(two.a.call(model::React{id, "", true})) == "empty");
    CHECK(code(two.a.call(model::React{id, std::string(65, 'x'), true})) == "too_long");
    CHECK(code(two.a.call(model::React{{}, "+1", true})) == "no_such_message");
    REQUIRE(two.until([&] { return two.there(id)->reactions.size() == 8; }));
}

TEST_CASE("amendments of somebody who is away arrive with their return, through restarts of both") {
    Friends two;
    const auto edited = two.deliver("one");
    const auto deleted = two.deliver("two");
    const auto liked = two.deliver("three");
    two.b.crash(true);
    REQUIRE(two.a.call(model::EditMessage{edited, "draft"}));
    REQUIRE(two.a.call(model::EditMessage{edited, "final"}));
    REQUIRE(two.a.call(model::DeleteMessage{deleted, DeleteFor::both}));
    REQUIRE(two.a.call(model::React{liked, "+1", true}));
    two.a.crash();
    two.a.start();
    two.b.start();
    REQUIRE(two.until([&] { return two.there(liked)->reactions.size() == 1; }));
    CHECK(two.there(edited)->text == "final");
    CHECK(two.there(deleted)->deleted);
}

TEST_CASE("a text is edited and deleted before it has left, and only what is meant arrives") {
    Friends two;
    two.b.crash(true);
    const auto edited = two.write("drfat");
    const auto deleted = two.write("never mind");
    const auto last = two.write("last");
    REQUIRE(two.a.call(model::EditMessage{edited, "draft"}));
    REQUIRE(two.a.call(model::DeleteMessage{deleted, DeleteFor::both}));
    two.b.start();
    REQUIRE(two.until([&] { return two.there(last).has_value(); }));
    REQUIRE(two.until([&] { return two.there(edited)->text == "draft"; }));
    const auto ghost = two.there(deleted);
    CHECK((!ghost || ghost->deleted));
    for (const auto& added : events_of<model::MessageAdded>(two.b))
        CHECK(added.message.text != "never mind");
}

TEST_CASE("a queued text is taken back without a trace") {
    Friends two;
    two.b.crash(true);
    two.network.run_for(30s);
    const auto first = two.write("first");
    const auto taken = two.write("taken back");
    const auto last = two.write("last");
    REQUIRE(two.a.call(model::CancelMessage{taken}));
    CHECK_FALSE(two.here(taken));
    CHECK(events_of<model::MessagesRemoved>(two.a).back().messages == std::vector{taken});
    CHECK(code(two.a.call(model::CancelMessage{taken})) != "ok");
    const auto out = [&] {
        return std::get<model::Stats>(two.a.call(model::GetStats{}).value()).messages_out;
    };
    const auto before = out();
    two.b.start();
    REQUIRE(two.until([&] { return two.there(last).has_value(); }));
    two.network.run_for(5s);
    // A card, two texts, how many prekeys there are, and some: no word about the third.
    CHECK(out() == before + 5);
    CHECK(two.there(first).has_value());
    CHECK(texts(two.b.conversation(two.a)) == std::vector<std::string>{"first", "last"});
}

TEST_CASE("the newest queued text taken back shows the one before it in the list") {
    Friends two;
    two.deliver("before");
    two.b.crash(true);
    two.network.run_for(30s);
    const auto taken = two.write("taken back");
    CHECK(two.a.peer(two.b)->last_text == "taken back");
    REQUIRE(two.a.call(model::CancelMessage{taken}));
    CHECK(two.a.peer(two.b)->last_text == "before");
}

TEST_CASE("what has arrived cannot be taken back any more") {
    Friends two;
    const auto id = two.deliver("there already");
    CHECK(code(two.a.call(model::CancelMessage{id})) == "too_late");
    CHECK(code(two.b.call(model::CancelMessage{id})) != "ok");
    CHECK(code(two.a.call(model::CancelMessage{{}})) == "no_such_message");
    CHECK(two.here(id)->state == MessageState::delivered);
}

TEST_CASE("a text that may have left is withdrawn with a word to the other side") {
    Friends two;
    two.network.set_latency(400ms, 400ms);
    const auto id = two.write("on its way");
    REQUIRE(two.here(id)->state == MessageState::sent);
    REQUIRE(two.a.call(model::CancelMessage{id}));
    two.network.run_for(10s);
    CHECK_FALSE(two.here(id));
    const auto there = two.there(id);
    REQUIRE(there);
    CHECK(there->deleted);
    CHECK(there->text.empty());
}

TEST_CASE("a text of an earlier run may have left then") {
    Friends two;
    two.network.set_latency(400ms, 400ms);
    const auto id = two.write("perhaps there");
    two.network.run_for(600ms);  // arrived; its acknowledgement is on the way
    two.a.crash(true);
    two.a.start();
    REQUIRE(two.a.call(model::CancelMessage{id}));
    two.network.set_latency(1ms, 20ms);
    REQUIRE(two.until([&] { return two.there(id) && two.there(id)->deleted; }));
    CHECK_FALSE(two.here(id));
}

TEST_CASE("taking back that the store refuses lets the text go out after all") {
    Friends two;
    two.b.crash(true);
    two.network.run_for(30s);
    const auto id = two.write("still wanted");
    two.a.fail_writes(true);
    CHECK(code(two.a.call(model::CancelMessage{id})) == "disk_full");
    two.a.fail_writes(false);
    two.b.start();
    REQUIRE(two.until([&] { return two.there(id).has_value(); }));
    REQUIRE(two.until([&] { return two.all_delivered(); }));
}

TEST_CASE("a text withheld while the store decides goes out in the same session") {
    Friends two;
    std::vector<model::MessageId> ids;
    two.network.set_latency(300ms, 300ms);
    // The window is full, so the last ones wait in memory.
    for (int i = 0; i < 2100; ++i) {
        two.a.send(model::SendText{two.b.id(), "text " + std::to_string(i), {}}, [&](auto reply) {
            ids.push_back(std::get<model::Accepted>(reply.value()).message);
        });
    }
    REQUIRE(two.until([&] { return ids.size() == 2100; }));
    REQUIRE(two.here(ids.back())->state == MessageState::queued);
    two.a.fail_writes(true);
    CHECK(code(two.a.call(model::CancelMessage{ids.back()})) == "disk_full");
    two.a.fail_writes(false);
    REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == 2100; }));
    CHECK(two.a.count<model::Notice>() == 0);
    CHECK(texts(two.b.conversation(two.a)) == texts(two.a.conversation(two.b)));
}

TEST_CASE("amendments wait for a version that knows them, texts do not wait for them") {
    Friends two;
    const auto id = two.deliver("before");
    two.a.crash();
    two.a.only_old_peers = true;
    two.a.start();
    REQUIRE(two.a.call(model::EditMessage{id, "after"}));
    for (int i = 0; i < 600; ++i) {  // more than a page of the outbox
        two.a.send(model::React{id, "+1", i % 2 == 0}, [](auto) {});
        two.a.send(model::EditMessage{id, "after " + std::to_string(i)}, [](auto) {});
    }
    const auto text = two.write("goes through");
    REQUIRE(two.until([&] { return two.there(text).has_value(); }));
    two.network.run_for(30s);
    CHECK(two.there(id)->text == "before");
    two.a.crash();
    two.a.only_old_peers = false;
    two.a.start();
    REQUIRE(two.until([&] { return two.there(id)->text == "after 599"; }));
}

TEST_CASE("an amendment that could not be stored is not acknowledged and comes again") {
    Friends two;
    const auto id = two.deliver("one");
    two.b.fail_writes(true);
    REQUIRE(two.a.call(model::EditMessage{id, "two"}));
    two.network.run_for(10s);
    CHECK(two.there(id)->text == "one");
    two.b.fail_writes(false);
    REQUIRE(two.until([&] { return two.there(id)->text == "two"; }));
}

TEST_CASE("acknowledgements that could not be stored are asked for again") {
    Friends two;
    two.network.set_latency(200ms, 200ms);
    const auto id = two.write("one");
    two.a.fail_writes(true);
    two.network.run_for(2s);
    CHECK(two.there(id).has_value());
    CHECK(two.here(id)->state != MessageState::delivered);
    two.a.fail_writes(false);
    REQUIRE(two.until([&] { return two.here(id)->state == MessageState::delivered; }));
    CHECK(two.b.conversation(two.a).size() == 1);
}
