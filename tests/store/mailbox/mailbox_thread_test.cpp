// SPDX-License-Identifier: MIT
//
// The thread of the mailboxes: groups, bounds, the end.
#include "app/store/mailbox/mailbox_thread.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/store/mailbox/mailbox_rigs.hpp"

using namespace kith;
using namespace kith::store;
using namespace kith::store::test;
using namespace kith::test;
using Outcome = net::MailboxOutcome;

namespace {

constexpr std::uint8_t alice = 1, bob = 2;

void open_one(ThreadRig& rig) {
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
}

}  // namespace

TEST_CASE("mailbox thread: what waits together is flushed together") {
    ThreadRig rig;
    open_one(rig);
    const auto before = rig.thread.counts();
    std::size_t done = 0;
    for (std::uint32_t id = 0; id < 1000; ++id)
        rig.thread.deposit(a_deposit(1, bob, id), [&](auto outcome, const auto& owner) {
            CHECK(outcome == Outcome::done);
            CHECK(owner == person(alice));
            ++done;
        });
    CHECK(done == 0);
    rig.wait_until([&] { return done == 1000; });
    const auto after = rig.thread.counts();
    CHECK(after.deposits - before.deposits == 1000);
    CHECK(after.commits > before.commits);
    CHECK(after.commits - before.commits < 500);
    CHECK(rig.thread.figures().items == 1000);
}

TEST_CASE("mailbox thread: busy above its bounds, and what comes all the same is refused") {
    ThreadRig rig;
    open_one(rig);
    std::size_t done = 0, failed = 0;
    const auto count = [&](Outcome outcome, const auto&) {
        (outcome == Outcome::failed ? failed : done) += 1;
    };
    SECTION("of jobs") {
        std::uint32_t asked = 0;
        for (; !rig.thread.busy(); ++asked) rig.thread.deposit(a_deposit(1, bob, asked, 10), count);
        CHECK(asked == mailbox::busy_jobs);
        for (; asked < mailbox::jobs_max + 10; ++asked)
            rig.thread.deposit(a_deposit(1, bob, asked % 100, 10), count);
        rig.wait_until([&] { return done + failed == asked; });
        CHECK(failed == 10);
    }
    SECTION("of bytes") {
        std::uint32_t asked = 0;
        for (; !rig.thread.busy(); ++asked)
            rig.thread.deposit(a_deposit(1, bob, asked, net::sealed_max), count);
        CHECK(asked < mailbox::busy_bytes / net::sealed_max + 2);
        for (; asked < mailbox::bytes_max / net::sealed_max + 10; ++asked)
            rig.thread.deposit(a_deposit(1, bob, asked, net::sealed_max), count);
        rig.wait_until([&] { return done + failed == asked; });
        CHECK(failed >= 9);
        CHECK(failed < 15);
    }
    CHECK_FALSE(rig.thread.busy());
    CHECK(rig.thread.counts().refused[static_cast<std::size_t>(mailbox::Refusal::overload)] ==
          failed);
}

TEST_CASE("mailbox thread: portions that are on their way count by what they may weigh") {
    ThreadRig rig;
    open_one(rig);
    std::size_t asked = 0, answered = 0;
    for (; !rig.thread.busy(); ++asked)
        rig.thread.load(person(alice), 0, 1U << 20, [&](auto) { ++answered; });
    CHECK(asked <= mailbox::busy_bytes >> 20);
    rig.wait_until([&] { return answered == asked; });
}

TEST_CASE("mailbox thread: what was asked before the end is done, and is there afterwards") {
    const TempFolder folder;
    std::size_t done = 0, failed = 0;
    {
        ThreadRig rig({}, folder.file("mailbox.db"));
        open_one(rig);
        for (std::uint32_t id = 0; id < 2000; ++id)
            rig.thread.deposit(a_deposit(1, bob, id), [&](auto outcome, const auto&) {
                done += outcome == Outcome::done;
            });
        rig.thread.stop_and_join();
        rig.thread.deposit(a_deposit(1, bob, 5000), [&](auto outcome, const auto&) {
            failed += outcome == Outcome::failed;
        });
        rig.thread.drain();
        CHECK(done == 2000);
        CHECK(failed == 1);
    }
    CHECK_FALSE(std::filesystem::exists(folder.file("mailbox.db-wal")));
    DirectRig rig({}, folder.file("mailbox.db"));
    CHECK(waiting(rig, alice).size() == 2000);
}

TEST_CASE("mailbox thread: one that was never started does what it was asked at its end") {
    const TempFolder folder;
    MailboxClock clock;
    std::size_t answered = 0;
    {
        mailbox::MailboxThread thread(open_mailbox(folder.file("mailbox.db")), clock, {});
        thread.set_name(person(alice), "alice", {1}, [&](auto) { ++answered; });
        thread.stop_and_join();
        thread.drain();
    }
    CHECK(answered == 1);
    DirectRig rig({}, folder.file("mailbox.db"));
    CHECK(who_is(rig, "alice"));
}

TEST_CASE("mailbox thread: refusals are counted by their reason") {
    net::MailboxLimits limits;
    limits.slot_items = 1;
    ThreadRig rig(limits);
    open_one(rig);
    put(rig, a_deposit(7, bob, 1));
    put(rig, a_deposit(1, bob, 1));
    put(rig, a_deposit(1, bob, 1));
    put(rig, a_deposit(1, bob, 2));
    claim(rig, alice, "alice");
    claim(rig, bob, "alice");
    const auto counts = rig.thread.counts();
    const auto of = [&](mailbox::Refusal why) {
        return counts.refused[static_cast<std::size_t>(why)];
    };
    CHECK(of(mailbox::Refusal::no_slot) == 1);
    CHECK(of(mailbox::Refusal::slot_full) == 1);
    CHECK(of(mailbox::Refusal::name_taken) == 1);
    CHECK(of(mailbox::Refusal::disk) == 0);
    CHECK(counts.deposits == 1);
}
