// SPDX-License-Identifier: MIT
//
// A contact whose program says what no Kith would say.
#include <catch2/catch_test_macros.hpp>

#include "app/node/inbox.hpp"
#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;

namespace {

struct Hostile : Friends {
    /// As b, to a.
    void say(const net::Message& message) {
        b.host().endpoint().send(a.host().fingerprint(), message);
    }
    void say_and_wait(const net::Message& message) {
        say(message);
        network.run_for(5s);
    }
    [[nodiscard]] bool connected() { return a.presence(b) == model::Presence::online; }
    net::Text text(std::uint8_t number, std::string words) {
        net::Text made;
        made.id = wire_id(number);
        made.sent_at = 1'700'000'000'000;
        made.text = std::move(words);
        return made;
    }
};

}  // namespace

TEST_CASE("nobody edits or erases what another one wrote") {
    Hostile two;
    const auto mine = two.deliver("mine");
    two.say_and_wait(net::Edit{wire_id(1), mine.bytes, ~std::uint64_t{0}, "yours"});
    two.say_and_wait(net::Erase{wire_id(2), mine.bytes});
    CHECK(two.here(mine)->text == "mine");
    CHECK_FALSE(two.here(mine)->deleted);
    CHECK_FALSE(two.here(mine)->edited);
    CHECK(two.connected());
    // Nor before it is written: ids are not to be guessed, but a thief of one may try.
    REQUIRE(two.a.call(model::EditMessage{mine, "mine, edited"}));
    CHECK(two.here(mine)->text == "mine, edited");
}

TEST_CASE("a revision as high as can be locks nobody out but its author") {
    Hostile two;
    const auto mine = two.deliver("mine");
    two.say(net::Reactions{wire_id(1), mine.bytes, ~std::uint64_t{0}, {"-1"}});
    two.say(net::Disappearing{wire_id(2), ~std::uint64_t{0}, 77});
    two.say(two.text(3, "theirs"));
    two.say_and_wait(net::Edit{wire_id(4), wire_id(3), ~std::uint64_t{0}, "theirs, edited"});
    CHECK(two.here(mine)->reactions.size() == 1);
    CHECK(two.a.peer(two.b)->timer_theirs == 77);
    CHECK(two.here(model::MessageId{wire_id(3)})->text == "theirs, edited");
    // What is ours still moves, here and there.
    REQUIRE(two.a.call(model::EditMessage{mine, "edited"}));
    REQUIRE(two.a.call(model::React{mine, "+1", true}));
    REQUIRE(two.a.call(model::React{model::MessageId{wire_id(3)}, "+1", true}));
    REQUIRE(two.a.call(model::SetDisappearing{two.b.id(), 60}));
    REQUIRE(two.until([&] {
        return two.there(mine)->text == "edited" && two.there(mine)->reactions.size() == 1 &&
               two.b.peer(two.a)->timer_theirs == 60;
    }));
    CHECK(two.here(mine)->text == "edited");
    CHECK(two.here(mine)->reactions.size() == 2);
    // A lower revision of theirs is old, an erase is final.
    two.say_and_wait(net::Edit{wire_id(5), wire_id(3), 1, "older"});
    CHECK(two.here(model::MessageId{wire_id(3)})->text == "theirs, edited");
    two.say_and_wait(net::Erase{wire_id(6), wire_id(3)});
    CHECK(two.here(model::MessageId{wire_id(3)})->deleted);
}

TEST_CASE("a text with the id of one of ours is none of ours") {
    Hostile two;
    const auto mine = two.deliver("mine");
    net::Text copy = two.text(1, "a trap");
    copy.id = mine.bytes;
    two.say_and_wait(copy);
    CHECK(two.here(mine)->text == "mine");
    CHECK(two.here(mine)->outgoing);
    CHECK(two.a.conversation(two.b).size() == 1);
    REQUIRE(two.a.call(model::EditMessage{mine, "still mine"}));
    REQUIRE(two.a.call(model::DeleteMessage{mine, model::DeleteFor::both}));
    REQUIRE(two.until([&] { return two.there(mine)->deleted; }));
}

TEST_CASE("a copied id in another conversation cannot take the place of ours") {
    Hostile two;
    sim::SimNode carol(two.network, "carol", 3);
    carol.start();
    REQUIRE(sim::befriend(two.network, two.a, carol));
    const auto mine = two.deliver("mine");
    net::Text copy = two.text(1, "a trap");
    copy.id = mine.bytes;
    carol.host().endpoint().send(two.a.host().fingerprint(), copy);
    two.network.run_for(5s);
    REQUIRE(two.a.call(model::EditMessage{mine, "edited"}));
    CHECK(two.here(mine)->text == "edited");
    CHECK(code(two.a.call(model::React{mine, "+1", true})) == "ambiguous_message");
    CHECK(code(two.a.call(model::DeleteMessage{mine, model::DeleteFor::me})) ==
          "ambiguous_message");
}

TEST_CASE("nine reactions end the session, control characters are left out") {
    Hostile two;
    const auto mine = two.deliver("mine");
    two.say_and_wait(net::Reactions{
        wire_id(1), mine.bytes, 5, {"\x1b[2J", "a b", "\xe2\x80\xae", "", "ok", "ok"}});
    REQUIRE(two.here(mine)->reactions.size() == 1);
    CHECK(two.here(mine)->reactions[0].emoji == "ok");
    CHECK_FALSE(two.here(mine)->reactions[0].mine);
    // Our own codec refuses to send nine; the reader's bounds are tested with the codec.
    two.say_and_wait(net::Reactions{wire_id(2), mine.bytes, 6, std::vector<std::string>(9, "x")});
    CHECK(two.here(mine)->reactions.size() == 1);
}

TEST_CASE("a receipt for what we do not know, or did not write, changes nothing") {
    Hostile two;
    const auto mine = two.write("mine");
    two.say(two.text(1, "theirs"));
    two.say(net::ReadUpTo{wire_id(2), wire_id(9)});
    two.say_and_wait(net::ReadUpTo{wire_id(3), wire_id(1)});
    CHECK(two.here(mine)->state == model::MessageState::delivered);
    CHECK(two.connected());
    two.say_and_wait(net::ReadUpTo{wire_id(4), mine.bytes});
    CHECK(two.here(mine)->state == model::MessageState::read);
}

TEST_CASE("a text that was erased before it came is a tombstone, and not unread") {
    Hostile two;
    two.say(net::Erase{wire_id(2), wire_id(1)});
    two.say_and_wait(two.text(1, "too late"));
    const auto tombstone = two.here(model::MessageId{wire_id(1)});
    REQUIRE(tombstone);
    CHECK(tombstone->deleted);
    CHECK(tombstone->text.empty());
    CHECK(two.a.peer(two.b)->unread == 0);
    CHECK(two.a.peer(two.b)->last_text.empty());
    CHECK(events_of<model::MessageAdded>(two.a).back().message.deleted);
}

TEST_CASE("acknowledgements of what was not sent deliver nothing") {
    Hostile two;
    two.b.crash(true);
    two.network.run_for(30s);
    const auto waiting = two.write("waiting");
    two.b.start();
    REQUIRE(two.until([&] { return two.there(waiting).has_value(); }));
    two.say_and_wait(net::Ack{{wire_id(1), wire_id(2), waiting.bytes}});
    CHECK(two.here(waiting)->state == model::MessageState::delivered);
    CHECK(two.connected());
}

TEST_CASE("their timer does not make our copy vanish against our wish") {
    Hostile two;
    auto text = two.text(1, "kept");
    text.timer = 1;
    two.say_and_wait(text);
    const model::MessageId id{text.id};
    CHECK(two.here(id)->timer == 0);
    REQUIRE(two.a.call(model::MarkRead{two.b.id(), id}));
    two.network.run_for(120s);
    CHECK(two.here(id));
    REQUIRE(two.a.call(model::SetDisappearing{two.b.id(), 3600}));
    auto sooner = two.text(2, "not so soon");
    sooner.timer = 1;
    two.say_and_wait(sooner);
    CHECK(two.here(model::MessageId{sooner.id})->timer == 3600);
    two.say_and_wait(net::Disappearing{wire_id(3), 9, ~std::uint32_t{0}});
    CHECK(two.a.peer(two.b)->timer_theirs == model::timer_max_s);
}

TEST_CASE("amendments of what never comes are kept in bounds, and the session with them") {
    Hostile two;
    for (std::uint32_t i = 0; i < 12'000; ++i) {
        net::MessageId id = wire_id(1);
        net::MessageId target = wire_id(2);
        for (std::size_t byte = 0; byte < 4; ++byte)
            id[12 + byte] = target[12 + byte] = static_cast<std::uint8_t>(i >> 8 * byte);
        two.say(net::Edit{id, target, 5, "early"});
        if (i % 500 == 0) two.network.run_for(200ms);
    }
    two.network.run_for(10s);
    CHECK(two.connected());
    // The newest are applied when their text comes, the oldest were dropped.
    net::Text late = two.text(2, "late");
    for (const std::uint32_t i : {0U, 11'999U}) {
        for (std::size_t byte = 0; byte < 4; ++byte)
            late.id[12 + byte] = static_cast<std::uint8_t>(i >> 8 * byte);
        two.say_and_wait(late);
        CHECK(two.here(model::MessageId{late.id})->text == (i == 0 ? "late" : "early"));
    }
}

TEST_CASE("a flood that outruns the disk ends the session instead of filling the memory") {
    Hostile two;
    std::size_t most = 0;
    for (std::uint32_t i = 0; i < 30'000; ++i) {
        net::MessageId id = wire_id(1);
        for (std::size_t byte = 0; byte < 4; ++byte)
            id[12 + byte] = static_cast<std::uint8_t>(i >> 8 * byte);
        two.say(net::Erase{id, wire_id(3)});
    }
    REQUIRE(two.until([&] {
        most = std::max(most, two.a.jobs_waiting());
        return !two.connected() || two.b.host().endpoint().stats().sessions == 0 ||
               most >= node::Inbox::waiting_messages;
    }));
    CHECK(most <= node::Inbox::waiting_messages + 8);
    REQUIRE(two.until([&] { return two.a.jobs_waiting() <= 8; }));
    REQUIRE(two.until([&] { return two.connected(); }));  // and it may try again
}

TEST_CASE("a contact fills no disk: who sends very much is read slowly, and nothing is lost") {
    Hostile two;
    const std::string long_text(model::text_max, 'x');
    two.say_and_wait(two.text(1, "0"));
    const model::MessageId target{wire_id(1)};
    const auto revision = [&] { return std::stoul(two.here(target)->text); };
    // Edits of one text: as much to store, and cheap to try.
    const auto flood = [&](std::uint64_t first, std::uint64_t last) {
        for (auto i = first; i <= last; ++i) {
            auto words = std::to_string(i) + " " + long_text;
            words.resize(model::text_max);
            net::MessageId id = wire_id(2);
            id[15] = static_cast<std::uint8_t>(i);
            id[14] = static_cast<std::uint8_t>(i >> 8);
            two.say(net::Edit{id, target.bytes, i, std::move(words)});
            if (i % 20 == 0) two.network.run_for(100ms);
        }
        two.network.run_for(5s);
    };
    const auto most = static_cast<std::uint64_t>(node::StorageBudget::at_once) / model::text_max;
    flood(1, most - 10);
    REQUIRE(revision() == most - 10);
    CHECK(two.a.count<model::Notice>() == 0);
    flood(most - 9, most + 90);
    CHECK(revision() < most + 40);
    CHECK(two.a.count<model::Notice>() == 1);
    // A new session is no new budget.
    two.b.crash();
    two.b.start();
    two.network.run_for(30s);
    const auto before = revision();
    flood(most + 91, most + 190);
    CHECK(revision() <= before + 32);
    // What waits at an honest sender comes when there is room again.
    const auto waiting = Friends::write(two.b, two.a, "after all");
    CHECK_FALSE(two.here(waiting));
    CHECK(two.network.run_until([&] { return two.here(waiting).has_value(); }, 2h));
}

TEST_CASE("amendments of somebody who is no contact go nowhere") {
    Hostile two;
    const auto mine = two.deliver("mine");
    REQUIRE(two.a.call(model::RemoveContact{two.b.id()}));
    two.say_and_wait(net::Reactions{wire_id(1), mine.bytes, 5, {"+1"}});
    two.say_and_wait(net::Typing{true});
    REQUIRE(two.a.call(model::AddContact{two.b.connection_id(), ""}));
    REQUIRE(two.until([&] { return two.connected(); }));
    CHECK(two.here(mine)->reactions.empty());
}

TEST_CASE("typing without end is published once per batch, and fades") {
    Hostile two;
    for (int i = 0; i < 5000; ++i) two.say(net::Typing{i % 2 == 0});
    two.say(net::Typing{true});
    REQUIRE(two.until([&] { return two.a.peer(two.b)->typing; }));
    CHECK(two.a.count<model::PeerTyping>() < 100);
    REQUIRE(two.until([&] { return !two.a.peer(two.b)->typing; }));
}
