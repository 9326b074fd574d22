// SPDX-License-Identifier: MIT
//
// Who is in a group after what: rights, concurrency, order of arrival.
#include <algorithm>
#include <random>

#include "net/group/change_log.hpp"
#include "tests/net/group/people.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using Outcome = ChangeLog::Outcome;

namespace {

/// Ann founds it and adds Bob and Cat, both admins; Dan is a member.
struct Scene {
    Person ann{1}, bob{2}, cat{3}, dan{4}, eve{5}, fay{6};
    Changes make{ann};
    ChangeLog log{make.genesis.hash};
    std::vector<SignedChange> all;
    Hash base{};

    Scene() {
        take(make.genesis);
        base = make.genesis.hash;
        for (const auto* person : {&bob, &cat, &dan})
            base = on(base, ann, Add{person->record(), {}});
        base = on(base, ann, SetAdmin{bob.id(), true});
        base = on(base, ann, SetAdmin{cat.id(), true});
    }
    Outcome take(const SignedChange& change) {
        const auto outcome = log.add(change);
        if (outcome == Outcome::added) all.push_back(change);
        return outcome;
    }
    Hash on(std::vector<Hash> parents, const Person& author, Statement statement) {
        const auto change = make.by(author, std::move(statement), std::move(parents));
        REQUIRE(take(change) == Outcome::added);
        return change.hash;
    }
    Hash on(Hash parent, const Person& author, Statement statement) {
        return on(std::vector{parent}, author, std::move(statement));
    }
    Outcome outcome(std::vector<Hash> parents, const Person& author, Statement statement) {
        return take(make.by(author, std::move(statement), std::move(parents)));
    }
    [[nodiscard]] bool in(const Person& person) const {
        return log.members()->find(person.id()) != nullptr;
    }
    [[nodiscard]] bool admin(const Person& person) const {
        return log.members()->is_admin(person.id());
    }
    [[nodiscard]] bool counts(const Hash& hash) const { return log.counts(*log.find(hash)); }
    /// Every order of arrival that has parents first comes to the same.
    void check_orders() const {
        std::mt19937 random(7);
        for (int round = 0; round < 50; ++round) {
            auto shuffled = all;
            std::ranges::shuffle(shuffled, random);
            ChangeLog other(make.genesis.hash);
            while (!shuffled.empty()) {
                std::vector<SignedChange> waiting;
                for (auto& change : shuffled) {
                    const auto result = other.add(change);
                    REQUIRE((result == Outcome::added || result == Outcome::waits));
                    if (result == Outcome::waits) waiting.push_back(change);
                    if (round % 2 == 0)
                        (void)other.members();  // what was asked before is no matter
                }
                REQUIRE(waiting.size() < shuffled.size());
                shuffled = std::move(waiting);
            }
            REQUIRE(other.members()->same_as(*log.members()));
            REQUIRE(other.heads() == log.heads());
        }
    }
};

}  // namespace

TEST_CASE("a group begins with its founder, who may do everything") {
    Scene s;
    CHECK(s.log.members()->name == "friends");
    CHECK(s.log.members()->all.size() == 4);
    CHECK(s.admin(s.ann));
    CHECK(s.admin(s.bob));
    CHECK_FALSE(s.admin(s.dan));
    s.on(s.base, s.ann, Rename{"us"});
    CHECK(s.log.members()->name == "us");
    s.check_orders();
}

TEST_CASE("what somebody may not do is refused") {
    Scene s;
    const std::vector<Hash> base{s.base};
    CHECK(s.outcome(base, s.dan, Add{s.eve.record(), {}}) == Outcome::refused);
    CHECK(s.outcome(base, s.dan, Remove{s.ann.id()}) == Outcome::refused);
    CHECK(s.outcome(base, s.dan, Rename{"mine"}) == Outcome::refused);
    CHECK(s.outcome(base, s.dan, SetAdmin{s.dan.id(), true}) == Outcome::refused);
    CHECK(s.outcome(base, s.eve, Leave{}) == Outcome::refused);  // no member
    CHECK(s.outcome(base, s.eve, SetCard{s.eve.record().card}) == Outcome::refused);
    CHECK(s.outcome(base, s.ann, Add{s.dan.record(), {}}) == Outcome::refused);  // is one
    CHECK(s.outcome(base, s.ann, Remove{s.eve.id()}) == Outcome::refused);       // is none
    CHECK(s.outcome(base, s.ann, Remove{s.ann.id()}) == Outcome::refused);       // leaving is that
    CHECK(s.outcome(base, s.ann, SetAdmin{s.dan.id(), false}) == Outcome::refused);
    CHECK(s.outcome({Hash{1}}, s.ann, Rename{"x"}) == Outcome::waits);
    // Rights as of what is below it: Bob was no admin then.
    CHECK(s.outcome({s.all[1].hash}, s.bob, Rename{"x"}) == Outcome::refused);
    CHECK(s.log.size() == s.all.size());
}

TEST_CASE("changes of others, of other groups and without a signature are refused") {
    Scene s;
    const auto other = Changes(s.bob);
    CHECK(s.take(other.genesis) == Outcome::refused);
    const auto foreign = other.by(s.ann, Rename{"x"}, {s.base});
    CHECK(s.take(foreign) == Outcome::refused);
    auto change = s.make.by(s.ann, Rename{"x"}, {s.base});
    change.encoded.back() ^= 1;
    CHECK(s.take(*decode_change(change.encoded)) == Outcome::refused);
    Change as_ann{s.make.genesis.hash, s.ann.id(), 1, {s.base}, Rename{"x"}};
    CHECK(s.take(*sign_change(as_ann, s.bob.signing())) == Outcome::refused);
    auto damaged = s.eve.record();
    damaged.bundle.resize(100);
    CHECK(s.outcome({s.base}, s.ann, Add{damaged, {}}) == Outcome::refused);
}

TEST_CASE("what somebody does who is being removed meanwhile is void") {
    Scene s;
    const auto removal = s.on(s.base, s.ann, Remove{s.bob.id()});
    const auto add = s.on(s.base, s.bob, Add{s.eve.record(), {}});
    const auto by_eve = s.on(add, s.eve, SetCard{s.eve.record().card});
    const auto rename = s.on(s.base, s.bob, Rename{"mine"});
    CHECK_FALSE(s.in(s.bob));
    CHECK_FALSE(s.in(s.eve));
    CHECK(s.log.members()->name == "friends");
    CHECK(s.counts(removal));
    CHECK_FALSE(s.counts(add));
    CHECK_FALSE(s.counts(by_eve));  // rests on it
    CHECK_FALSE(s.counts(rename));
    // Known before it is no defence: after the removal it is refused outright.
    CHECK(s.outcome({removal}, s.bob, Rename{"x"}) == Outcome::refused);
    s.check_orders();
}

TEST_CASE("who loses the rights of an admin meanwhile keeps what a member may") {
    Scene s;
    s.on(s.base, s.ann, SetAdmin{s.bob.id(), false});
    const auto add = s.on(s.base, s.bob, Add{s.eve.record(), {}});
    auto card = s.bob.record().card;
    card.candidates.clear();
    s.on(s.base, s.bob, SetCard{card});
    CHECK(s.in(s.bob));
    CHECK_FALSE(s.admin(s.bob));
    CHECK_FALSE(s.in(s.eve));
    CHECK_FALSE(s.counts(add));
    CHECK(*s.log.members()->find(s.bob.id())->card == card);
    s.check_orders();
}

TEST_CASE("of two who remove each other the longer admin stays") {
    Scene s;
    s.on(s.base, s.bob, Remove{s.cat.id()});
    s.on(s.base, s.cat, Remove{s.bob.id()});
    CHECK(s.in(s.bob));
    CHECK_FALSE(s.in(s.cat));
    s.check_orders();
    Scene t;  // the founder above all
    t.on(t.base, t.bob, Remove{t.ann.id()});
    t.on(t.base, t.ann, Remove{t.bob.id()});
    CHECK(t.in(t.ann));
    CHECK_FALSE(t.in(t.bob));
    t.check_orders();
}

TEST_CASE("in a ring of removals the most senior one begins") {
    Scene s;
    s.on(s.base, s.ann, Remove{s.bob.id()});
    s.on(s.base, s.bob, Remove{s.cat.id()});
    s.on(s.base, s.cat, Remove{s.ann.id()});
    // Ann's stands; Bob's falls with him; Cat's stands, and takes nothing back of Ann's removals.
    CHECK_FALSE(s.in(s.bob));
    CHECK(s.in(s.cat));
    CHECK_FALSE(s.in(s.ann));
    s.check_orders();
}

TEST_CASE("a removal that rested on something void does not count") {
    Scene s;
    const auto grant = s.on(s.base, s.bob, SetAdmin{s.dan.id(), true});
    const auto by_dan = s.on(grant, s.dan, Remove{s.cat.id()});
    const auto by_cat = s.on(s.base, s.cat, Rename{"cats"});
    s.on(s.base, s.ann, Remove{s.bob.id()});
    CHECK_FALSE(s.counts(grant));
    CHECK_FALSE(s.counts(by_dan));
    CHECK(s.counts(by_cat));
    CHECK(s.in(s.cat));
    CHECK(s.log.members()->name == "cats");
    CHECK_FALSE(s.admin(s.dan));
    s.check_orders();
}

TEST_CASE("a removal wins over an adding of the same person meanwhile") {
    Scene s;
    const auto out = s.on(s.base, s.ann, Remove{s.dan.id()});
    const auto again = s.on(out, s.ann, Add{s.dan.record(), {}});
    s.on(out, s.bob, Rename{"x"});
    CHECK(s.in(s.dan));
    const auto one = s.on(out, s.ann, Add{s.eve.record(), {}});
    const auto two = s.on(out, s.bob, Add{s.eve.record(), {}});
    CHECK(s.in(s.eve));
    s.on({one, again}, s.cat, Remove{s.eve.id()});
    CHECK_FALSE(s.in(s.eve));
    CHECK_FALSE(s.counts(two));
    CHECK(s.in(s.dan));
    s.check_orders();
}

TEST_CASE("a group has an admin as long as it has a member") {
    Scene s;
    auto top = s.on(s.base, s.ann, SetAdmin{s.bob.id(), false});
    top = s.on(top, s.ann, SetAdmin{s.cat.id(), false});
    CHECK(s.outcome({top}, s.ann, SetAdmin{s.ann.id(), false}) == Outcome::refused);
    top = s.on(top, s.ann, Leave{});
    CHECK(s.admin(s.bob));  // the next in seniority
    CHECK_FALSE(s.admin(s.cat));
    top = s.on(top, s.bob, SetAdmin{s.cat.id(), true});
    // Both admins leave without knowing of each other.
    s.on(top, s.bob, Leave{});
    s.on(top, s.cat, Leave{});
    CHECK(s.log.members()->all.size() == 1);
    CHECK(s.admin(s.dan));
    s.on(s.log.heads(), s.dan, Leave{});
    CHECK(s.log.members()->all.empty());
    s.check_orders();
}

TEST_CASE("a group has at most 64 members, also when two add the last one") {
    Scene s;
    auto top = s.base;
    std::vector<std::unique_ptr<Person>> crowd;
    for (std::uint8_t i = 0; i < 62; ++i) crowd.push_back(std::make_unique<Person>(100 + i));
    for (std::size_t i = 0; i < 59; ++i) top = s.on(top, s.ann, Add{crowd[i]->record(), {}});
    CHECK(s.log.members()->all.size() == 63);
    s.on(top, s.ann, Add{crowd[59]->record(), {}});
    s.on(top, s.bob, Add{crowd[60]->record(), {}});
    CHECK(s.log.members()->all.size() == 64);
    CHECK(s.outcome(s.log.heads(), s.ann, Add{crowd[61]->record(), {}}) == Outcome::refused);
    s.check_orders();
}

TEST_CASE("a member makes at most 64 cards, and a log ends") {
    Scene s;
    auto top = s.base;
    for (int i = 0; i < 64; ++i) top = s.on(top, s.dan, SetCard{s.dan.record().card});
    CHECK(s.outcome({top}, s.dan, SetCard{s.dan.record().card}) == Outcome::refused);
    while (s.log.size() < changes_below_max) top = s.on(top, s.ann, Rename{"x"});
    CHECK(s.outcome({top}, s.ann, Rename{"y"}) == Outcome::refused);
    CHECK(s.outcome({top}, s.ann, Add{s.eve.record(), {}}) == Outcome::refused);
    top = s.on(top, s.ann, Remove{s.dan.id()});  // getting smaller is still possible
    s.on(top, s.bob, Leave{});
    CHECK(s.log.members()->all.size() == 2);
}

TEST_CASE("changes side by side in thousands end at a bound") {
    Scene s;
    Outcome outcome = Outcome::added;
    for (int i = 0; i < 5000 && outcome == Outcome::added; ++i)
        outcome = s.outcome({s.base}, s.ann, Rename{"n" + std::to_string(i)});
    CHECK(outcome == Outcome::full);
    CHECK(s.log.size() == changes_max);
    CHECK(s.log.members()->all.size() == 4);
    CHECK(s.log.heads_to_name(parents_max).size() == parents_max);
}

TEST_CASE("kinds of newer versions are kept and mean nothing") {
    Scene s;
    const auto top = s.on(s.base, s.dan, Unknown{77, {1, 2}});
    s.on(top, s.ann, Rename{"on top"});
    CHECK(s.log.members()->name == "on top");
    CHECK(s.log.members()->all.size() == 4);
    s.check_orders();
}

TEST_CASE("what a part comes to is asked by its heads") {
    Scene s;
    const auto removal = s.on(s.base, s.ann, Remove{s.dan.id()});
    const auto rename = s.on(s.base, s.bob, Rename{"x"});
    CHECK(s.log.members_at({s.base})->find(s.dan.id()) != nullptr);
    CHECK(s.log.members_at({rename})->find(s.dan.id()) != nullptr);
    CHECK(s.log.members_at({rename, removal})->find(s.dan.id()) == nullptr);
    CHECK(s.log.members_at({Hash{1}}) == nullptr);
    CHECK(s.log.removal_of(s.dan.id()) == s.log.find(removal));
    CHECK_FALSE(s.log.removal_of(s.bob.id()));
    const auto part = s.log.between({removal}, {s.base}, s.log.size());
    REQUIRE(part.size() == 1);
    CHECK(s.log.at(part[0]).hash == removal);
}

TEST_CASE("any graph of changes comes to the same in any order") {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        Scene s;
        const std::vector<const Person*> people{&s.ann, &s.bob, &s.cat, &s.dan, &s.eve, &s.fay};
        for (int i = 0; i < 60; ++i) {
            std::vector<Hash> parents;
            for (unsigned j = 0; j <= random() % 3; ++j)
                parents.push_back(
                    s.all[s.all.size() - 1 - random() % std::min<std::size_t>(s.all.size() - 5, 8)]
                        .hash);
            std::ranges::sort(parents);
            parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
            const auto& author = *people[random() % 6];
            const auto& other = *people[random() % 6];
            const std::vector<Statement> statements{Add{other.record(), {}},
                                                    Remove{other.id()},
                                                    Remove{other.id()},
                                                    Rename{"n" + std::to_string(i)},
                                                    Leave{},
                                                    SetAdmin{other.id(), true},
                                                    SetAdmin{other.id(), false},
                                                    SetCard{author.record().card}};
            const auto outcome = s.outcome(parents, author, statements[random() % 8]);
            REQUIRE((outcome == Outcome::added || outcome == Outcome::refused));
            if (!s.log.members()->all.empty()) REQUIRE(s.log.members()->admins() > 0);
        }
        s.check_orders();
    }
}
