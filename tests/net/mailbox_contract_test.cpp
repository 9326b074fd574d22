// SPDX-License-Identifier: MIT
//
// What every MailboxStore has to do, whatever it keeps things in (net/relay/mailbox_store.hpp).
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "tests/net/mailbox_rig.hpp"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using net::Bytes;
using net::MailboxLimits;
using Outcome = net::MailboxOutcome;
using Ids = std::vector<std::uint32_t>;

namespace {

constexpr std::uint8_t alice = 1, bob = 2, carol = 3, dave = 4;

/// One case for each store this program has.
std::unique_ptr<MailboxRig> any_rig(const MailboxLimits& limits = {}) {
    static const auto kinds = mailbox_rigs();
    const auto at = GENERATE_REF(Catch::Generators::range(std::size_t{0}, kinds.size()));
    UNSCOPED_INFO("store: " << kinds[at].name);
    return kinds[at].make(limits);
}

net::MailboxSlot slot(std::uint16_t number, bool open = false) { return {slot_key(number), open}; }

}  // namespace

TEST_CASE("mailbox: what is put into a slot comes to its owner, in order, until it is removed") {
    auto rig = any_rig();
    CHECK(put(*rig, a_deposit(1, bob, 1)) == Outcome::none);
    REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 1)) == Outcome::done);
    CHECK(put(*rig, a_deposit(2, carol, 2)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 3)) == Outcome::done);
    const auto items = loaded(*rig, alice);
    REQUIRE(items.size() == 3);
    CHECK(items[0].slot == slot_key(1));
    CHECK(items[1].slot == slot_key(2));
    CHECK(items[0].sealed == a_deposit(1, bob, 1).sealed);
    CHECK((items[0].number < items[1].number && items[1].number < items[2].number));
    CHECK(loaded(*rig, bob).empty());

    rig->store().remove(person(bob), {items[0].number});  // not his
    rig->store().remove(person(alice), {items[0].number, items[1].number, 12345});
    CHECK(waiting(*rig, alice) == Ids{3});
}

TEST_CASE("mailbox: answers come in the order of the questions, never from inside a call") {
    auto rig = any_rig();
    std::vector<std::string> answers;
    auto& store = rig->store();
    store.set_slots(person(alice), false, {slot(1)}, {}, [&](auto) { answers.push_back("slots"); });
    store.deposit(a_deposit(1, bob, 1), [&](auto outcome, const auto& owner) {
        CHECK(outcome == Outcome::done);
        CHECK(owner == person(alice));
        answers.push_back("deposit");
    });
    store.load(person(alice), 0, 1000, [&](auto items) {
        CHECK(items.value().size() == 1);
        answers.push_back("load");
        store.card(slot_key(1), [&](auto, const auto&) { answers.push_back("card"); });
    });
    store.find_name("nobody", [&](auto outcome, const auto&) {
        CHECK(outcome == Outcome::none);
        answers.push_back("name");
    });
    CHECK(answers.empty());
    rig->settle();
    rig->settle();
    CHECK(answers == std::vector<std::string>{"slots", "deposit", "load", "name", "card"});
}

TEST_CASE("mailbox: slots are replaced or added to; what waits in one that is gone still waits") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2)}) == Outcome::done);
    REQUIRE(put(*rig, a_deposit(1, bob, 1)) == Outcome::done);
    REQUIRE(open_slots(*rig, alice, false, {slot(2)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 2)) == Outcome::none);
    CHECK_FALSE(card_of(*rig, 1));
    REQUIRE(open_slots(*rig, alice, true, {slot(3)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(2, bob, 3)) == Outcome::done);
    CHECK(put(*rig, a_deposit(3, bob, 4)) == Outcome::done);
    CHECK(waiting(*rig, alice) == Ids{1, 3, 4});
    CHECK(rig->store().figures().slots == 2);

    // The first one once more: what was in it counts again.
    REQUIRE(open_slots(*rig, alice, true, {slot(1)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 1)) == Outcome::done);
    CHECK(waiting(*rig, alice) == Ids{1, 3, 4});
    CHECK(rig->store().figures().slots == 3);
}

TEST_CASE("mailbox: a slot that somebody else has opened stays theirs") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    CHECK(open_slots(*rig, bob, false, {slot(1), slot(2)}) == Outcome::done);
    REQUIRE(put(*rig, a_deposit(1, carol, 1)) == Outcome::done);
    CHECK(waiting(*rig, alice) == Ids{1});
    CHECK(waiting(*rig, bob).empty());
    // Once it is given up it may become another's. What was in it does not.
    REQUIRE(open_slots(*rig, alice, false, {}) == Outcome::done);
    REQUIRE(open_slots(*rig, bob, true, {slot(1)}) == Outcome::done);
    REQUIRE(put(*rig, a_deposit(1, carol, 1)) == Outcome::done);
    REQUIRE(put(*rig, a_deposit(1, carol, 2)) == Outcome::done);
    CHECK(waiting(*rig, alice) == Ids{1});
    CHECK(waiting(*rig, bob) == Ids{1, 2});
}

TEST_CASE("mailbox: the same deposit is kept once, in each slot") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2)}) == Outcome::done);
    for (int i = 0; i < 3; ++i) CHECK(put(*rig, a_deposit(1, bob, 1)) == Outcome::done);
    CHECK(put(*rig, a_deposit(2, bob, 1)) == Outcome::done);
    CHECK(waiting(*rig, alice) == Ids{1, 1});
    CHECK(rig->store().figures().items == 2);
}

TEST_CASE("mailbox: nobody keeps another's deposit out by using its id first") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1, true)}) == Outcome::done);
    REQUIRE(put(*rig, a_deposit(1, carol, 1, 4)) == Outcome::done);
    auto other = a_deposit(1, bob, 1, 4);
    other.sealed = {2, 0, 0, 0};
    CHECK(put(*rig, other) == Outcome::done);
    CHECK(waiting(*rig, alice) == Ids{1, 2});
}

TEST_CASE("mailbox: items come in portions, each of at least one") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    for (std::uint32_t id = 1; id <= 5; ++id)
        REQUIRE(put(*rig, a_deposit(1, bob, id, 1000)) == Outcome::done);
    auto portion = loaded(*rig, alice, 0, 2500);
    REQUIRE(portion.size() == 2);
    portion = loaded(*rig, alice, portion.back().number, 1);
    REQUIRE(portion.size() == 1);
    portion = loaded(*rig, alice, portion.back().number, 2000);
    REQUIRE(portion.size() == 2);
    CHECK(loaded(*rig, alice, portion.back().number, 2000).empty());
}

TEST_CASE("mailbox: numbers are never used twice") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    std::uint64_t last = 0;
    for (std::uint32_t id = 1; id <= 4; ++id) {
        REQUIRE(put(*rig, a_deposit(1, bob, id)) == Outcome::done);
        const auto items = loaded(*rig, alice);
        REQUIRE(items.size() == 1);
        CHECK(items[0].number > last);
        last = items[0].number;
        rig->store().remove(person(alice), {last});
    }
    CHECK(loaded(*rig, alice).empty());
}

TEST_CASE("mailbox: a card is for whoever knows a slot of its owner, and the last one counts") {
    auto rig = any_rig();
    CHECK_FALSE(card_of(*rig, 1));
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}, {1, 2, 3}) == Outcome::done);
    CHECK(card_of(*rig, 1) == Bytes{1, 2, 3});
    REQUIRE(open_slots(*rig, alice, true, {slot(2, true)}, Bytes(4096, 7)) == Outcome::done);
    CHECK(card_of(*rig, 1) == Bytes(4096, 7));
    CHECK(card_of(*rig, 2) == Bytes(4096, 7));
    REQUIRE(open_slots(*rig, alice, true, {}, {}) == Outcome::done);
    CHECK(card_of(*rig, 2) == Bytes{});
}

TEST_CASE("mailbox: a slot has room for so many items and bytes") {
    MailboxLimits limits;
    limits.slot_items = 3;
    limits.slot_bytes = 1000;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 1, 1001)) == Outcome::full);
    CHECK(put(*rig, a_deposit(1, bob, 1, 900)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 2, 101)) == Outcome::full);
    CHECK(put(*rig, a_deposit(1, bob, 1, 900)) == Outcome::done);  // there already
    CHECK(put(*rig, a_deposit(1, bob, 3, 50)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 4, 50)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 5, 0)) == Outcome::full);
    CHECK(put(*rig, a_deposit(2, bob, 6)) == Outcome::done);  // the other one has its own
    const auto items = loaded(*rig, alice);
    rig->store().remove(person(alice), {items[0].number});
    CHECK(put(*rig, a_deposit(1, bob, 5, 900)) == Outcome::done);
}

TEST_CASE("mailbox: an owner has room for so many items and bytes, slots that are gone included") {
    MailboxLimits limits;
    limits.owner_items = 4;
    limits.owner_bytes = 1000;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2)}) == Outcome::done);
    REQUIRE(open_slots(*rig, bob, false, {slot(3)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, carol, 1, 600)) == Outcome::done);
    REQUIRE(open_slots(*rig, alice, false, {slot(2)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(2, carol, 2, 401)) == Outcome::full);
    for (std::uint32_t id = 3; id <= 5; ++id)
        CHECK(put(*rig, a_deposit(2, carol, id)) == Outcome::done);
    CHECK(put(*rig, a_deposit(2, carol, 6, 1)) == Outcome::full);
    CHECK(put(*rig, a_deposit(3, carol, 7, 900)) == Outcome::done);
}

TEST_CASE("mailbox: a depositor has so much in the slots of everybody") {
    MailboxLimits limits;
    limits.depositor_items = 3;
    limits.depositor_bytes = 1000;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    REQUIRE(open_slots(*rig, bob, false, {slot(2, true), slot(3)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, carol, 1, 600)) == Outcome::done);
    CHECK(put(*rig, a_deposit(3, carol, 2, 401)) == Outcome::full);
    CHECK(put(*rig, a_deposit(2, carol, 3)) == Outcome::done);
    CHECK(put(*rig, a_deposit(3, carol, 4)) == Outcome::done);
    CHECK(put(*rig, a_deposit(3, carol, 5)) == Outcome::full);
    CHECK(put(*rig, a_deposit(3, dave, 5)) == Outcome::done);
    rig->store().remove(person(alice), {loaded(*rig, alice)[0].number});
    CHECK(put(*rig, a_deposit(3, carol, 6)) == Outcome::done);
}

TEST_CASE("mailbox: one stranger leaves little in open slots, here and everywhere") {
    MailboxLimits limits;
    limits.stranger_items = 2;
    limits.stranger_bytes = 1000;
    limits.stranger_items_everywhere = 3;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1, true), slot(2, true), slot(3)}) ==
            Outcome::done);
    REQUIRE(open_slots(*rig, bob, false, {slot(4, true)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, carol, 1, 1001)) == Outcome::full);
    CHECK(put(*rig, a_deposit(1, carol, 2, 600)) == Outcome::done);
    CHECK(put(*rig, a_deposit(2, carol, 3, 401)) == Outcome::full);  // the same owner's
    CHECK(put(*rig, a_deposit(2, carol, 4)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, carol, 5)) == Outcome::full);
    CHECK(put(*rig, a_deposit(1, dave, 6)) == Outcome::done);
    CHECK(put(*rig, a_deposit(4, carol, 7)) == Outcome::done);
    CHECK(put(*rig, a_deposit(4, carol, 8)) == Outcome::full);
    CHECK(put(*rig, a_deposit(3, carol, 9)) == Outcome::done);  // hers as a contact's
}

TEST_CASE("mailbox: strangers and contacts do not take each other's room") {
    MailboxLimits limits;
    limits.open_items = 2;
    limits.open_bytes = 1000;
    limits.owner_items = 2;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1, true), slot(2)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 1, 600)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, carol, 2, 401)) == Outcome::full);
    CHECK(put(*rig, a_deposit(1, carol, 3)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, dave, 4)) == Outcome::full);
    CHECK(put(*rig, a_deposit(2, dave, 5)) == Outcome::done);
    CHECK(put(*rig, a_deposit(2, dave, 6)) == Outcome::done);
    CHECK(put(*rig, a_deposit(2, dave, 7)) == Outcome::full);
    rig->store().remove(person(alice), {loaded(*rig, alice)[0].number});
    CHECK(put(*rig, a_deposit(2, dave, 8)) == Outcome::full);
    CHECK(put(*rig, a_deposit(1, dave, 9)) == Outcome::done);
}

TEST_CASE("mailbox: a slot that becomes open keeps what contacts left, in their room") {
    MailboxLimits limits;
    limits.open_items = 1;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    for (std::uint32_t id = 1; id <= 3; ++id)
        REQUIRE(put(*rig, a_deposit(1, bob, id)) == Outcome::done);
    REQUIRE(open_slots(*rig, alice, false, {slot(1, true)}) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 4)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 5)) == Outcome::full);
    CHECK(waiting(*rig, alice) == Ids{1, 2, 3, 4});
}

TEST_CASE("mailbox: the whole relay has so much room, a tenth of it for strangers") {
    MailboxLimits limits;
    SECTION("bytes") {
        limits.total_bytes = 10'000;
        auto rig = any_rig(limits);
        REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2, true)}) == Outcome::done);
        CHECK(put(*rig, a_deposit(1, bob, 1, 9001)) == Outcome::full);
        CHECK(put(*rig, a_deposit(1, bob, 1, 9000)) == Outcome::done);
        CHECK(put(*rig, a_deposit(1, bob, 2, 1)) == Outcome::full);
        CHECK(put(*rig, a_deposit(2, bob, 3, 1000)) == Outcome::done);
        CHECK(put(*rig, a_deposit(2, bob, 4, 1)) == Outcome::full);
        CHECK(rig->store().figures().bytes == 10'000);
    }
    SECTION("items") {
        limits.total_items = 10;
        auto rig = any_rig(limits);
        REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2, true)}) == Outcome::done);
        for (std::uint32_t id = 1; id <= 9; ++id)
            CHECK(put(*rig, a_deposit(1, bob, id)) == Outcome::done);
        CHECK(put(*rig, a_deposit(1, bob, 10)) == Outcome::full);
        CHECK(put(*rig, a_deposit(2, bob, 11)) == Outcome::done);
        CHECK(put(*rig, a_deposit(2, bob, 12)) == Outcome::full);
    }
}

TEST_CASE("mailbox: too many slots change nothing") {
    MailboxLimits limits;
    limits.slots_per_owner = 3;
    limits.slots = 4;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2)}, {1}) == Outcome::done);
    CHECK(open_slots(*rig, alice, true, {slot(2), slot(3), slot(4)}, {2}) == Outcome::full);
    CHECK(card_of(*rig, 1) == Bytes{1});
    CHECK_FALSE(card_of(*rig, 3));
    CHECK(open_slots(*rig, alice, true, {slot(2), slot(3)}, {2}) == Outcome::done);
    CHECK(open_slots(*rig, bob, false, {slot(5), slot(6)}) == Outcome::full);  // the relay's
    CHECK(open_slots(*rig, bob, false, {slot(5)}) == Outcome::done);
    CHECK(open_slots(*rig, alice, false, {slot(4), slot(5)}) == Outcome::done);
    CHECK(rig->store().figures().slots == 2);
    CHECK(rig->store().figures().owners == 2);
}

TEST_CASE("mailbox: an owner without slots and items is none") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {}) == Outcome::done);
    CHECK(rig->store().figures().owners == 0);
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    REQUIRE(put(*rig, a_deposit(1, bob, 1)) == Outcome::done);
    REQUIRE(open_slots(*rig, alice, false, {}) == Outcome::done);
    CHECK(rig->store().figures().owners == 1);
    rig->store().remove(person(alice), {loaded(*rig, alice)[0].number});
    rig->settle();
    const auto figures = rig->store().figures();
    CHECK(figures.owners == 0);
    CHECK(figures.slots == 0);
    CHECK(figures.items == 0);
    CHECK(figures.bytes == 0);
}

TEST_CASE("mailbox: the owner nobody has seen for long, and for whom nothing waits, gives way") {
    MailboxLimits limits;
    limits.owners = 2;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    rig->clock.advance(24h);
    REQUIRE(open_slots(*rig, bob, false, {slot(2)}) == Outcome::done);
    CHECK(open_slots(*rig, carol, false, {slot(3)}) == Outcome::full);
    CHECK(put(*rig, a_deposit(3, dave, 1)) == Outcome::none);
    rig->clock.advance(29 * 24h);
    REQUIRE(put(*rig, a_deposit(1, dave, 2)) == Outcome::done);
    rig->clock.advance(24h);
    CHECK(open_slots(*rig, carol, false, {slot(3)}) == Outcome::full);  // bob: 30 days, not more
    rig->clock.advance(1h);
    CHECK(open_slots(*rig, carol, false, {slot(3)}) == Outcome::done);  // instead of bob
    CHECK(put(*rig, a_deposit(2, dave, 3)) == Outcome::none);
    CHECK(put(*rig, a_deposit(1, dave, 4)) == Outcome::done);
    CHECK(rig->store().figures().owners == 2);
    CHECK(rig->store().figures().slots == 2);
}

TEST_CASE("mailbox: what is too old is gone, and its room is free again") {
    MailboxLimits limits;
    limits.slot_items = 2;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    REQUIRE(put(*rig, a_deposit(1, bob, 1)) == Outcome::done);
    rig->clock.advance(15 * 24h);
    REQUIRE(put(*rig, a_deposit(1, bob, 2)) == Outcome::done);
    rig->clock.advance(15 * 24h - 1s);
    CHECK(waiting(*rig, alice) == Ids{1, 2});
    CHECK(put(*rig, a_deposit(1, bob, 3)) == Outcome::full);
    rig->clock.advance(1s);
    CHECK(waiting(*rig, alice) == Ids{2});
    CHECK(put(*rig, a_deposit(1, bob, 3)) == Outcome::done);
    CHECK(rig->store().figures().items == 2);
    CHECK(open_slots(*rig, alice, true, {}) == Outcome::done);
    rig->clock.advance(31 * 24h);
    rig->settle();
    CHECK(waiting(*rig, alice).empty());
    CHECK(rig->store().figures().bytes == 0);
    CHECK(put(*rig, a_deposit(1, bob, 4)) == Outcome::done);  // the slot is there for longer
}

TEST_CASE("mailbox: owners and names not seen for very long are forgotten") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    REQUIRE(claim(*rig, alice, "alice") == Outcome::done);
    REQUIRE(claim(*rig, bob, "bob") == Outcome::done);
    rig->clock.advance(399 * 24h);
    CHECK(who_is(*rig, "bob"));
    REQUIRE(open_slots(*rig, alice, true, {}) == Outcome::done);  // seen, and so is her name
    rig->clock.advance(24h);
    rig->settle();
    CHECK(who_is(*rig, "alice"));
    CHECK_FALSE(who_is(*rig, "bob"));
    CHECK(claim(*rig, carol, "bob") == Outcome::done);
    CHECK(card_of(*rig, 1));
    rig->clock.advance(400 * 24h);
    rig->settle();
    CHECK_FALSE(who_is(*rig, "alice"));
    CHECK_FALSE(card_of(*rig, 1));
    const auto figures = rig->store().figures();
    CHECK(figures.owners == 0);
    CHECK(figures.slots == 0);
    CHECK(figures.names == 0);
}

TEST_CASE("mailbox: whoever is never seen again gets nothing more, however much is sent to them") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    rig->clock.advance(399 * 24h);
    REQUIRE(put(*rig, a_deposit(1, bob, 1)) == Outcome::done);
    rig->clock.advance(24h);
    rig->settle();
    CHECK(put(*rig, a_deposit(1, bob, 2)) == Outcome::none);
    CHECK(waiting(*rig, alice) == Ids{1});
    rig->clock.advance(30 * 24h);
    rig->settle();
    CHECK(rig->store().figures().owners == 0);
}

TEST_CASE("mailbox: a name belongs to who came first, until it is given back") {
    auto rig = any_rig();
    CHECK_FALSE(who_is(*rig, "ada"));
    CHECK(claim(*rig, alice, "ada", {1}) == Outcome::done);
    CHECK(claim(*rig, bob, "ada", {2}) == Outcome::taken);
    CHECK(who_is(*rig, "ada") == Bytes{1});
    CHECK(claim(*rig, alice, "ada", {3}) == Outcome::done);
    CHECK(who_is(*rig, "ada") == Bytes{3});
    // Another name instead: the first one is free.
    CHECK(claim(*rig, bob, "grace", {2}) == Outcome::done);
    CHECK(claim(*rig, alice, "grace", {1}) == Outcome::taken);
    CHECK(who_is(*rig, "ada") == Bytes{3});  // who is refused keeps theirs
    CHECK(claim(*rig, alice, "lovelace", {4}) == Outcome::done);
    CHECK_FALSE(who_is(*rig, "ada"));
    CHECK(claim(*rig, bob, "ada", {5}) == Outcome::done);
    CHECK(rig->store().figures().names == 2);
    CHECK(claim(*rig, bob, "") == Outcome::done);
    CHECK(claim(*rig, bob, "") == Outcome::done);
    CHECK_FALSE(who_is(*rig, "ada"));
    CHECK(rig->store().figures().names == 1);
}

TEST_CASE("mailbox: only names as the server makes them are taken") {
    auto rig = any_rig();
    for (const char* bad : {"ab", "Ada", "ada lovelace", "ad\xc3\xa4", "ada@relay", "ADA", "a/b"})
        CHECK(claim(*rig, alice, bad) == Outcome::failed);
    CHECK(claim(*rig, alice, std::string(33, 'a')) == Outcome::failed);
    CHECK(claim(*rig, alice, std::string("ad\0a", 4)) == Outcome::failed);
    CHECK(claim(*rig, alice, "ada") == Outcome::done);
    CHECK_FALSE(who_is(*rig, "Ada"));
    CHECK_FALSE(who_is(*rig, "ADA"));
    CHECK(claim(*rig, alice, "a.d-a_9") == Outcome::done);
    CHECK(claim(*rig, alice, std::string(32, 'z')) == Outcome::done);
}

TEST_CASE("mailbox: there is room for so many names") {
    MailboxLimits limits;
    limits.names = 2;
    auto rig = any_rig(limits);
    CHECK(claim(*rig, alice, "one") == Outcome::done);
    CHECK(claim(*rig, bob, "two") == Outcome::done);
    CHECK(claim(*rig, carol, "three") == Outcome::full);
    CHECK(claim(*rig, carol, "two") == Outcome::taken);
    CHECK(claim(*rig, bob, "three") == Outcome::done);
    CHECK(claim(*rig, carol, "two") == Outcome::full);
    CHECK(claim(*rig, alice, "") == Outcome::done);
    CHECK(claim(*rig, carol, "two") == Outcome::done);
}

namespace {

net::MailboxDeposit held_deposit(std::uint16_t slot, std::uint8_t depositor, std::uint32_t id,
                                 std::size_t size = 100) {
    auto deposit = a_deposit(slot, depositor, id, size);
    deposit.held = true;
    return deposit;
}

std::optional<Bytes> held_for(MailboxRig& rig, std::uint8_t owner, std::uint16_t slot_number,
                              const net::MessageId& id) {
    std::optional<std::pair<Outcome, Bytes>> answer;
    rig.store().held(person(owner), slot_key(slot_number), id, [&](auto outcome, Bytes sealed) {
        answer = {outcome, std::move(sealed)};
    });
    rig.settle();
    REQUIRE(answer);
    if (answer->first == Outcome::none) return std::nullopt;
    REQUIRE(answer->first == Outcome::done);
    return answer->second;
}

void drop(MailboxRig& rig, std::uint8_t client, std::uint16_t slot_number,
          std::vector<net::MessageId> ids) {
    std::optional<Outcome> answer;
    rig.store().drop_held(person(client), slot_key(slot_number), std::move(ids),
                          [&](auto outcome) { answer = outcome; });
    rig.settle();
    CHECK(answer == Outcome::done);
}

}  // namespace

TEST_CASE("mailbox: what is held comes to its owner alone, and only when it is asked for") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2), slot(3, true)}) == Outcome::done);
    const auto one = held_deposit(1, bob, 1), two = held_deposit(1, bob, 2);
    CHECK(put(*rig, one) == Outcome::done);
    CHECK(put(*rig, two) == Outcome::done);
    CHECK(put(*rig, one) == Outcome::done);  // the same one again
    CHECK(put(*rig, a_deposit(1, bob, 3)) == Outcome::done);
    CHECK(put(*rig, held_deposit(3, dave, 4)) == Outcome::none);  // a stranger's
    CHECK(rig->store().figures().items == 3);
    CHECK(waiting(*rig, alice) == Ids{3});

    CHECK(held_for(*rig, alice, 1, one.id) == one.sealed);
    CHECK(held_for(*rig, alice, 1, one.id) == one.sealed);
    CHECK_FALSE(held_for(*rig, alice, 2, one.id));                   // another slot
    CHECK_FALSE(held_for(*rig, bob, 1, one.id));                     // not his any more
    CHECK_FALSE(held_for(*rig, alice, 1, a_deposit(1, bob, 3).id));  // not held
    rig->clock.advance(30 * 24h);
    CHECK_FALSE(held_for(*rig, alice, 1, one.id));
    CHECK(rig->store().figures().items == 0);
}

TEST_CASE("mailbox: what is held goes at the word of its owner, or of who left it") {
    auto rig = any_rig();
    REQUIRE(open_slots(*rig, alice, false, {slot(1)}) == Outcome::done);
    const auto one = held_deposit(1, bob, 1), two = held_deposit(1, bob, 2);
    const auto words = a_deposit(1, bob, 3);
    for (const auto& deposit : {one, two, words}) REQUIRE(put(*rig, deposit) == Outcome::done);
    drop(*rig, carol, 1, {one.id, two.id, words.id});
    CHECK(rig->store().figures().items == 3);
    drop(*rig, bob, 1, {one.id, words.id});
    CHECK_FALSE(held_for(*rig, alice, 1, one.id));
    CHECK(waiting(*rig, alice) == Ids{3});  // what was sent cannot be taken back here
    drop(*rig, alice, 1, {two.id, words.id, one.id});
    CHECK(rig->store().figures().items == 1);
    drop(*rig, alice, 1, {});
    drop(*rig, alice, 7, {one.id});
}

TEST_CASE("mailbox: files leave a quarter of all room to words") {
    MailboxLimits limits;
    limits.slot_items = 8;
    limits.slot_bytes = 1'000'000;
    auto rig = any_rig(limits);
    REQUIRE(open_slots(*rig, alice, false, {slot(1), slot(2)}) == Outcome::done);
    for (std::uint32_t i = 0; i < 6; ++i)
        CHECK(put(*rig, held_deposit(1, bob, i)) == Outcome::done);
    CHECK(put(*rig, held_deposit(1, bob, 6)) == Outcome::full);
    CHECK(put(*rig, a_deposit(1, bob, 7)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 8)) == Outcome::done);
    CHECK(put(*rig, a_deposit(1, bob, 9)) == Outcome::full);
    CHECK(put(*rig, held_deposit(2, carol, 1, 750'000)) == Outcome::done);
    CHECK(put(*rig, held_deposit(2, carol, 2, 1)) == Outcome::full);
    CHECK(put(*rig, a_deposit(2, carol, 3, 1000)) == Outcome::done);
}
