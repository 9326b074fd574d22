// SPDX-License-Identifier: MIT
#include "net/group/group_core.hpp"

#include "tests/net/group/circle.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

using Texts = std::vector<std::string>;

TEST_CASE("a group is founded, and people are added to it") {
    Circle c(3);
    c.gather(3);
    for (std::size_t i = 0; i < 3; ++i) {
        REQUIRE(c.at(i).is_member());
        CHECK(c.at(i).members()->same_as(*c.at(0).members()));
        CHECK(c.at(i).members()->all.size() == 3);
        CHECK(c.at(i).members()->name == "friends");
    }
    CHECK(c.at(0).members()->is_admin(c[0].id()));
    CHECK_FALSE(c.at(0).members()->is_admin(c[1].id()));
    CHECK(*c.at(2).members()->find(c[1].id())->card == c[1].person.record().card);
    CHECK(c.count<MembersChanged>(2) > 0);
}

TEST_CASE("what members may not do, and what is invalid, is refused at home") {
    Circle c(4);
    c.gather(3);
    CHECK(c.at(1).add_member(c[3].person.record()).error() == Refusal::not_allowed);
    CHECK(c.at(1).remove_member(c[2].id()).error() == Refusal::not_allowed);
    CHECK(c.at(1).rename("x").error() == Refusal::not_allowed);
    CHECK(c.at(0).remove_member(c[3].id()).error() == Refusal::no_such);
    CHECK(c.at(0).rename("").error() == Refusal::invalid);
    CHECK(c.at(0).rename("\xFF").error() == Refusal::invalid);
    CHECK(c.at(0).add_member({"x", Bytes(10), {}}).error() == Refusal::invalid);
    CHECK(c.at(0).send(TextBody{std::string(70'000, 'a'), {}, {}}).error() == Refusal::invalid);
    CHECK(c.at(0).send(TextBody{"\xFF", {}, {}}).error() == Refusal::invalid);
    CHECK(GroupCore::create("", c[3].person.record(), c.world(3)) == nullptr);
    CHECK(GroupCore::create("x", c[0].person.record(), c.world(3)) == nullptr);  // not their keys
}

TEST_CASE("a message reaches everybody, and its author hears who has it") {
    Circle c(3);
    c.gather(3);
    c.say(0, "hello");
    c.settle();
    CHECK(c[1].texts == Texts{"hello"});
    CHECK(c[2].texts == Texts{"hello"});
    CHECK(c.count<Delivered>(0) == 2);
    c.at(1).read(c.shown(1).back());
    c.settle();
    CHECK(c.count<Read>(0) == 1);
    CHECK(c.count<Read>(2) == 0);
    c.at(1).typing(true);
    c.settle();
    CHECK(c.count<TypingHeard>(0) == 1);
}

TEST_CASE("nothing is said or acknowledged that is not stored") {
    Circle c(2);
    c.gather(2);
    c[0].holds = true;
    c.say(0, "hello");
    CHECK(c.under_way() == 0);
    c[1].holds = true;
    c.write(0);
    c.settle();
    CHECK(c[1].unwritten.size() == 1);
    CHECK(c.count<Delivered>(0) == 0);
    c.write(1);
    c.settle();
    CHECK(c.count<Delivered>(0) == 1);
    // Heads tell of durable messages alone.
    c.say(1, "answer");
    c.connect(0, 1, false);
    c.connect(0, 1);
    c.settle();
    CHECK(c.at(0).history().size() == 1);
    c.write(1);
    c.pass(1min);
    CHECK(c[0].unwritten.size() == 1);
}

TEST_CASE("who was away gets everything from somebody else, exactly once and in order") {
    Circle c(3);
    c.gather(3);
    c.away(2);
    Texts expected;
    for (int i = 0; i < 300; ++i) {
        expected.push_back("text " + std::to_string(i));
        c.say(i % 2, expected.back());
        c.settle();
        c.now += 1ms;
    }
    CHECK(c[2].mail.size() == 300);
    c.connect(1, 2);
    c.settle();
    CHECK(c[2].texts == expected);
    CHECK(c.shown(2) == c.shown(0));
    c.connect(0, 2);
    c.settle();
    CHECK(c[2].texts == expected);
    CHECK(c.count<Delivered>(0) > 0);
    // Mail that comes behind is nothing new.
    for (auto& [from, message] : c[2].mail) c.at(2).hear(from, message, true);
    c.settle();
    CHECK(c[2].texts == expected);
}

TEST_CASE("mail alone is enough") {
    Circle c(2);
    c.gather(2);
    c.away(1);
    c.say(0, "one");
    REQUIRE(c.at(0).rename("us"));
    c.settle();
    c.say(0, "two");
    c.settle();
    REQUIRE(c[1].mail.size() == 3);
    for (auto& [from, message] : c[1].mail) c.hear(1, 0, message, true);
    CHECK(c[1].texts == Texts{"one", "two"});
    CHECK(c.at(1).members()->name == "us");
}

TEST_CASE("two halves of a group come together") {
    Circle c(4);
    c.gather(4);
    for (const auto a : {0U, 1U}) {
        for (const auto b : {2U, 3U}) c.connect(a, b, false);
    }
    for (int i = 0; i < 40; ++i) {
        c.say(0, "a");
        c.say(2, "b");
        c.settle();
        c.say(1, "c");
        c.say(3, "d");
        c.settle();
    }
    CHECK(c[0].texts.size() == 80);
    c.connect(1, 2);
    c.pass(16s);
    c.pass(16s);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(c[i].texts.size() == 160);
        CHECK(c.shown(i) == c.shown(0));
        CHECK(c.at(i).history().heads(true).size() == c.at(0).history().heads(true).size());
    }
    c.say(3, "end");
    c.settle();
    CHECK(c.at(2).history().heads(true).size() == 1);
}

TEST_CASE("from the moment of joining, or with some of what was before") {
    Circle c(4);
    c.gather(2);
    for (int i = 0; i < 10; ++i) c.say(i % 2, std::to_string(i));
    c.settle();
    REQUIRE(c.at(0).add_member(c[2].person.record()));
    c.settle();
    REQUIRE(c.at(0).add_member(c[3].person.record(), 3));
    c.settle();
    c.pass(1min);
    CHECK(c[2].texts.empty());
    CHECK(std::set(c[3].texts.begin(), c[3].texts.end()) == std::set<std::string>{"7", "8", "9"});
    c.say(1, "welcome");
    c.pass(1min);
    CHECK(c[2].texts == Texts{"welcome"});
    CHECK(c[3].texts.back() == "welcome");
    CHECK(c.at(2).missing().empty());  // what was before is not missing
    c.say(2, "thanks");
    c.settle();
    CHECK(c[0].texts.back() == "thanks");
    CHECK(c[3].texts.size() == 5);
}

TEST_CASE("who is removed hears it, and nothing that comes later") {
    Circle c(3);
    c.gather(3);
    c.say(0, "before");
    c.settle();
    REQUIRE(c.at(0).remove_member(c[2].id()));
    c.settle();
    CHECK_FALSE(c.at(2).is_member());
    CHECK(c.at(2).send(TextBody{"x", {}, {}}).error() == Refusal::not_member);
    c.say(0, "after");
    c.settle();
    c.pass(1min);
    CHECK(c[2].texts == Texts{"before"});
    CHECK(c[1].texts == Texts{"before", "after"});
}

TEST_CASE("who was away while being removed hears it from whoever they meet") {
    Circle c(3);
    c.gather(3);
    c.away(2);
    REQUIRE(c.at(0).remove_member(c[2].id()));
    c.settle();
    c.say(0, "after");
    c.settle();
    c.say(2, "still here?");  // they do not know
    c.connect(1, 2);
    c.settle();
    CHECK_FALSE(c.at(2).is_member());
    CHECK(c[2].texts == Texts{"still here?"});
    CHECK(c[1].texts == Texts{"after"});
    // Added again, they get what was written to them and what comes from now on.
    REQUIRE(c.at(0).add_member(c[2].person.record()));
    c.settle();
    c.connect(0, 2);
    c.pass(1min);
    REQUIRE(c.at(2).is_member());
    c.say(1, "again");
    c.settle();
    c.pass(1min);
    CHECK(c[2].texts.back() == "again");
    CHECK(std::ranges::find(c[2].texts, "after") == c[2].texts.end());
}

TEST_CASE("what a removed member wrote to somebody who did not know reaches all") {
    Circle c(4);
    c.gather(4);
    // 2 and 3 on one side, the removal on the other.
    for (const auto a : {0U, 1U}) {
        for (const auto b : {2U, 3U}) c.connect(a, b, false);
    }
    REQUIRE(c.at(0).remove_member(c[3].id()));
    c.settle();
    c.say(3, "in time");
    c.settle();
    CHECK(c[2].texts == Texts{"in time"});
    c.connect(1, 2);
    c.settle();
    c.pass(16s);
    CHECK(c[0].texts == Texts{"in time"});
    CHECK(c[1].texts == Texts{"in time"});
    CHECK_FALSE(c.at(3).is_member());
}

TEST_CASE("leaving, and the last admin leaving") {
    Circle c(3);
    c.gather(3);
    REQUIRE(c.at(0).leave());
    c.settle();
    CHECK_FALSE(c.at(0).is_member());
    CHECK(c.at(1).members()->all.size() == 2);
    CHECK(c.at(1).members()->is_admin(c[1].id()));
    c.say(2, "bye");
    c.settle();
    CHECK(c[1].texts == Texts{"bye"});
    CHECK(c[0].texts.empty());
    // A leaver whom nobody was there to hear tells it later.
    Circle d(2);
    d.gather(2);
    d.away(1);
    REQUIRE(d.at(1).leave());
    d.settle();
    d.connect(0, 1);
    d.settle();
    CHECK(d.at(0).members()->all.size() == 1);
}

TEST_CASE("a member comes back from what it has stored") {
    Circle c(2);
    c.gather(2);
    for (int i = 0; i < 5; ++i) c.say(i % 2, std::to_string(i));
    c.settle();
    const auto before = c.shown(1);
    c.away(1);
    c.say(0, "meanwhile");
    c.settle();
    c.start(1);
    CHECK(c.shown(1) == before);
    c.connect(0, 1);
    c.settle();
    CHECK(c.shown(1) == c.shown(0));
    CHECK(c[1].texts.size() == 6);
    // A crash before anything was stored: it comes again.
    c[1].holds = true;
    c.say(0, "lost");
    c.settle();
    c.away(1);
    c.start(1);
    c[1].holds = false;
    c.connect(0, 1);
    c.settle();
    CHECK(c[1].texts.back() == "lost");
    CHECK(c[1].texts.size() == 7);
}

TEST_CASE("a parent that is missing is asked for, and shown before its child") {
    Circle c(3);
    c.gather(3);
    c.away(2);
    c.say(0, "first");
    c.settle();
    c.say(0, "second");
    c.settle();
    c.connect(1, 2);
    // Out of order, as mail may come.
    REQUIRE(c[2].mail.size() == 2);
    c.hear(2, 0, c[2].mail[1].second, true);
    c.settle();
    CHECK(c[2].texts == Texts{"first", "second"});
    CHECK(c.at(2).missing().empty());
}

TEST_CASE("a message does not wait for ever for its parents; the gap is known, and filled") {
    Circle c(2);
    c.gather(2);
    c.away(1);
    c.say(0, "first");
    c.settle();
    c.say(0, "second");
    c.settle();
    c.hear(1, 0, c[1].mail[1].second, true);
    // Nobody is there who could have it.
    CHECK(c[1].texts == Texts{"second"});
    CHECK(c.at(1).missing().size() == 1);
    CHECK(c.count<GapsChanged>(1) == 1);
    c.connect(0, 1);
    c.settle();
    CHECK(c[1].texts == Texts{"second", "first"});
    CHECK(c.shown(1) == c.shown(0));
    CHECK(c.at(1).missing().empty());
    CHECK(c.count<GapsChanged>(1) == 2);
    CHECK(c.count<Delivered>(0) > 0);
}

TEST_CASE("a gap below another gap is filled, too, and after coming back") {
    Circle c(2);
    c.gather(2);
    c.away(1);
    for (int i = 0; i < 100; ++i) {
        c.say(0, std::to_string(i));
        c.settle();
    }
    c.hear(1, 0, c[1].mail[50].second, true);
    c.hear(1, 0, c[1].mail[99].second, true);
    CHECK(c[1].texts.size() == 2);
    CHECK(c.at(1).missing().size() == 2);
    c.start(1);
    CHECK(c.at(1).missing().size() == 2);
    c.connect(0, 1);
    c.settle();
    CHECK(c[1].texts.size() == 100);
    CHECK(c.shown(1) == c.shown(0));
}

TEST_CASE("a body that is gone leaves no gap; one that somebody has is fetched there") {
    Circle c(3);
    c.gather(3);
    c.away(2);
    c.say(0, "secret");
    c.settle();
    const auto hash = c.shown(0).back();
    auto& item = c[1].items.at(hash);
    const auto whole = item;
    item.key.reset();
    item.body.clear();
    c.at(1).body_gone(hash);
    c.say(0, "next");
    c.settle();
    c.connect(1, 2);
    c.settle();
    CHECK(c[2].texts == Texts{"next"});
    CHECK(c.at(2).missing().empty());
    CHECK(c.shown(2) == c.shown(0));
    c.connect(0, 2);
    c.settle();
    CHECK(c[2].texts == Texts{"next", "secret"});
    CHECK(c.at(2).history().at(*c.at(2).history().find(hash)).body == BodyState::here);
}

TEST_CASE("what gets lost in a session that stays up is found missing") {
    Circle c(3);
    c.gather(3);
    REQUIRE(c.at(0).rename("lost"));
    c.say(0, "lost, too");
    c.lose();
    c.pass(16s);
    for (std::size_t i = 1; i < 3; ++i) {
        CHECK(c[i].texts == Texts{"lost, too"});
        CHECK(c.at(i).members()->name == "lost");
    }
    c.pass(16s);
    c.pass(16s);
    CHECK(c.count<Delivered>(0) == 2);
    c.say(1, "quiet now");
    c.settle();
    c.pass(16s);
    c.pass(16s);
    c.pass(16s);
    CHECK(c.said() == 0);
}
