// SPDX-License-Identifier: MIT
//
// What a hostile member, or somebody who is none, tries.
#include "tests/net/group/circle.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

/// An envelope as `author` would write it now, to be spoiled.
Envelope next(Circle& c, std::size_t author) {
    Envelope envelope;
    envelope.group = c.group;
    envelope.author = c[author].id();
    envelope.time = c[author].clock.wall().count();
    envelope.view = c.at(0).log().heads_to_name(view_heads_max);
    c.at(0).history().write_on_top(envelope);
    return envelope;
}
SignedItem sealed(Circle& c, const Envelope& envelope, std::size_t signer,
                  const std::string& text = "x") {
    const auto body = *encode_body(TextBody{text, {}, {}});
    return *seal_item(envelope, body, c[signer].person.signing(), c[signer].random);
}
Hash strange(std::size_t number) {
    Hash out{};
    out[0] = static_cast<std::uint8_t>(number);
    out[1] = static_cast<std::uint8_t>(number >> 8);
    out[31] = 0x77;
    return out;
}

}  // namespace

TEST_CASE("only a member's own words are taken as theirs") {
    Circle c(4);
    c.gather(3);
    const auto heard = [&](const SignedItem& item, std::size_t from) {
        const auto before = c.at(0).history().size();
        c.hear(0, from, to_wire(item));
        c.settle();
        return c.at(0).history().size() > before;
    };
    CHECK_FALSE(heard(sealed(c, next(c, 1), 2), 2));  // signed by another member
    CHECK_FALSE(heard(sealed(c, next(c, 3), 3), 1));  // of nobody's
    CHECK_FALSE(heard(sealed(c, next(c, 3), 3), 3));
    auto other_group = next(c, 1);
    other_group.group[0] ^= 1;
    const auto item = sealed(c, other_group, 1);
    auto replayed = to_wire(item);
    Message as_it_is = replayed;
    CHECK_FALSE(c.at(0).hear(c[1].id(), as_it_is));
    replayed.group = c.group;
    c.hear(0, 1, replayed);
    CHECK(c.at(0).history().size() == 0);
    auto before_joining = next(c, 2);
    before_joining.view = {c.group};
    CHECK_FALSE(heard(sealed(c, before_joining, 2), 2));  // no member by what it names
    CHECK(heard(sealed(c, next(c, 2), 2), 1));            // handed on
}

TEST_CASE("a message in two versions is two messages, for everybody in one order") {
    Circle c(3);
    c.gather(3);
    auto envelope = next(c, 1);
    const auto one = sealed(c, envelope, 1, "yes");
    const auto two = sealed(c, envelope, 1, "no");
    CHECK(id_of(one.hash, envelope.time) != id_of(two.hash, envelope.time));
    c.hear(0, 1, to_wire(one));
    c.hear(2, 1, to_wire(two));
    c.settle();
    c.pass(16s);
    c.pass(16s);
    CHECK(c.shown(0) == c.shown(2));
    CHECK(c.shown(0).size() == 2);
}

TEST_CASE("a body that is not what was signed is not taken") {
    Circle c(2);
    c.gather(2);
    auto item = to_wire(sealed(c, next(c, 1), 1));
    auto other = item;
    other.body[0] ^= 1;
    c.hear(0, 1, other);
    (*item.key)[0] ^= 1;
    c.hear(0, 1, item);
    CHECK(c.at(0).history().size() == 0);
}

TEST_CASE("a removed member who writes on is not heard by who knows, whatever they claim") {
    Circle c(4);
    c.gather(4);
    const auto old_view = c.at(0).log().heads_to_name(view_heads_max);
    REQUIRE(c.at(0).remove_member(c[3].id()));
    c.settle();
    auto envelope = next(c, 3);
    CHECK_FALSE(c.at(0).log().members_at(envelope.view)->find(c[3].id()));
    c.hear(0, 3, to_wire(sealed(c, envelope, 3)));
    CHECK(c.at(0).history().size() == 0);
    envelope.view = old_view;  // pretends not to know
    const auto item = sealed(c, envelope, 3);
    c.hear(0, 3, to_wire(item));
    c.hear(0, 3, to_wire(item), true);
    CHECK(c.at(0).history().size() == 0);
    c.hear(0, 1, to_wire(item));  // somebody took it in good faith
    CHECK(c.at(0).history().size() == 1);
    // Their changes fall in any case.
    Change change{c.group, c[3].id(), 1, old_view, SetCard{}};
    c.hear(0, 3, GroupChanges{c.group, {sign_change(change, c[3].person.signing())->encoded}});
    CHECK(c.at(0).members()->find(c[3].id()) == nullptr);
}

TEST_CASE("who is no member gets nothing and asks nothing") {
    Circle c(3);
    c.gather(2);
    c.say(0, "secret");
    c.settle();
    c[0].seen.clear();
    c.hear(0, 2, GroupAsk{c.group, 1, c.shown(0), {}, {}});
    CHECK(c.under_way() == 0);
    c.hear(0, 2, GroupChangesAsk{c.group, c.at(0).log().heads(), {}});
    CHECK(c.under_way() == 0);
    c.hear(0, 2, GroupHave{c.group, {}, {}, {}, true});
    c.hear(0, 2, GroupTyping{c.group, true});
    c.hear(0, 2, GroupSeen{c.group, c.shown(0), c.shown(0)});
    CHECK(c.under_way() == 0);
    CHECK(c[0].seen.empty());
    Change change{c.group, c[2].id(), 1, c.at(0).log().heads(), Add{c[2].person.record(), {}}};
    c.hear(0, 2, GroupChanges{c.group, {sign_change(change, c[2].person.signing())->encoded}});
    CHECK(c.at(0).members()->all.size() == 2);
}

TEST_CASE("asks for what was before one's time are answered without it") {
    Circle c(3);
    c.gather(2);
    c.say(0, "early");
    c.settle();
    const auto early = c.shown(0).back();
    REQUIRE(c.at(0).add_member(c[2].person.record()));
    c.settle();
    c.say(1, "late");
    c.settle();
    REQUIRE(c.at(2).history().size() == 1);
    c.hear(0, 2, GroupAsk{c.group, 1, {early, strange(1)}, {}, {}});
    c.settle();
    CHECK(c.at(2).history().size() == 1);
}

TEST_CASE("messages whose parents exist nowhere wait for a bounded time in bounded numbers") {
    Circle c(3);
    c.gather(3);
    for (std::size_t i = 0; i < 1000; ++i) {
        auto envelope = next(c, 1);
        envelope.parents.clear();
        for (std::size_t j = 0; j < parents_max; ++j)
            envelope.parents.push_back(strange(i * parents_max + j));
        std::ranges::sort(envelope.parents);
        c.hear(0, 1, to_wire(sealed(c, envelope, 1)));
    }
    c.settle();
    c.pass(31s);
    // They count, each with its gaps; nothing else is held up.
    CHECK(c.at(0).history().size() <= 1000);
    c.say(2, "still working");
    c.settle();
    CHECK(c[0].texts.back() == "still working");
    c.away(0);
    c.away(0, false);
    c.say(1, "also");
    c.settle();
    CHECK(c[0].texts.back() == "also");
}

TEST_CASE("messages that name changes that exist nowhere wait in bounded numbers") {
    Circle c(3);
    c.gather(3);
    for (std::size_t i = 0; i < 500; ++i) {
        auto envelope = next(c, 1);
        envelope.view = {strange(i)};
        c.hear(0, 1, to_wire(sealed(c, envelope, 1)));
    }
    CHECK(c.at(0).history().size() == 0);
    CHECK(c.at(0).waiting() <= CoreLimits{}.items_waiting_each);
    // Those of others are not displaced.
    auto envelope = next(c, 2);
    envelope.view = {strange(7)};
    c.hear(0, 2, to_wire(sealed(c, envelope, 2)));
    CHECK(c.at(0).waiting() <= CoreLimits{}.items_waiting_each + 1);
    c.say(2, "still working");
    c.settle();
    CHECK(c[0].texts.back() == "still working");
}

TEST_CASE("changes whose parents exist nowhere wait in bounded numbers") {
    Circle c(2);
    c.gather(2);
    for (std::size_t i = 0; i < 1000; ++i) {
        Change change{c.group, c[1].id(), 1, {strange(i)}, Leave{}};
        c.hear(0, 1, GroupChanges{c.group, {sign_change(change, c[1].person.signing())->encoded}});
    }
    CHECK(c.at(0).log().size() == 2);
    CHECK(c.at(0).waiting() <= CoreLimits{}.changes_waiting);
    REQUIRE(c.at(0).rename("still working"));
    c.settle();
    CHECK(c.at(1).members()->name == "still working");
}

TEST_CASE("heads that nobody has, and answers without end, end") {
    Circle c(2);
    c.gather(2);
    GroupHave have{c.group, {}, {}, {}, false};
    for (std::size_t i = 0; i < group_heads_max; ++i) {
        have.heads.push_back(strange(i));
        have.changes.push_back(strange(i));
        if (i < group_gaps_max) have.gaps.push_back(strange(i));
    }
    for (int i = 0; i < 100; ++i) c.hear(0, 1, have);
    // "There is more", and nothing comes.
    for (std::uint32_t i = 1; i < 200; ++i) c.hear(0, 1, GroupAnswered{c.group, i, true, {}, {}});
    const auto asked = c.under_way();
    CHECK(asked < 20);
    c.settle();
    c.pass(1min);
    c.say(1, "still working");
    c.settle();
    CHECK(c[0].texts.back() == "still working");
}

TEST_CASE("somebody who asks without end is answered so often a second") {
    Circle c(2);
    c.gather(2);
    c.say(0, "x");
    c.settle();
    for (std::uint32_t i = 0; i < 1000; ++i)
        c.hear(0, 1, GroupAsk{c.group, i, {strange(i)}, {}, {}});
    CHECK(c.under_way() <= static_cast<std::size_t>(CoreLimits{}.ask_burst) + 1);
    CHECK(c.under_way() > 0);
}

TEST_CASE("what is damaged is dropped") {
    Circle c(2);
    c.gather(2);
    const auto item = to_wire(sealed(c, next(c, 1), 1));
    for (std::size_t i = 0; i < item.envelope.size(); i += 7) {
        auto bad = item;
        bad.envelope[i] ^= 0x40;
        c.hear(0, 1, bad);
        bad.envelope.resize(i);
        c.hear(0, 1, bad);
    }
    c.hear(0, 1, GroupChanges{c.group, {Bytes(100, 0xFF), Bytes(1), Bytes(10'000, 1)}});
    c.settle();
    CHECK(c.at(0).history().size() == 0);
    CHECK(c.at(0).waiting() <= 64);
    CHECK(c.at(0).log().size() == 2);
}

TEST_CASE("a member who withholds what somebody else has does not hide it") {
    Circle c(3);
    c.gather(3);
    c.away(2);
    c.say(0, "first");
    c.settle();
    c.say(0, "second");
    c.settle();
    const auto first = c.shown(0).front();
    c.connect(1, 2);
    // Member 1 says that the first is not for them.
    c.hear(2, 0, c[2].mail[1].second, true);
    for (std::uint32_t i = 1; i < 20; ++i)
        c.hear(2, 1, GroupAnswered{c.group, i, false, {first}, {}});
    CHECK(c[2].texts.back() == "second");
    c.connect(1, 2, false);
    c.connect(0, 2);
    c.settle();
    CHECK(c.shown(2) == c.shown(0));
}
