// SPDX-License-Identifier: MIT
//
// Disks that say no: what was answered with done is there, what failed is not, and work goes on by
// itself once there is room.
#include <sched.h>
#include <sqlcipher/sqlite3.h>
#include <sys/mount.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <cstring>
#include <set>

#include "tests/store/failing_disk.hpp"
#include "tests/store/mailbox/mailbox_rigs.hpp"

using namespace kith;
using namespace kith::store;
using namespace kith::store::test;
using namespace kith::test;
using namespace std::chrono_literals;
using Outcome = net::MailboxOutcome;

namespace {

constexpr std::uint8_t alice = 1, bob = 2;

struct Told {
    std::set<std::uint32_t> kept, removed;
    bool opened = false, named = false;
};

/// Slots, deposits in groups, removals and a name; what was answered with done.
Told play(DirectRig& rig) {
    Told told;
    told.opened = open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done;
    for (std::uint32_t group = 0; group < 6; ++group) {
        for (std::uint32_t i = 0; i < 3; ++i)
            rig.store().deposit(a_deposit(1, bob, group * 3 + i, 6000),
                                [&told, id = group * 3 + i](auto outcome, const auto&) {
                                    if (outcome == Outcome::done) told.kept.insert(id);
                                });
        rig.settle();
    }
    told.named = claim(rig, alice, "alice") == Outcome::done;
    return told;
}

std::set<std::uint32_t> there(DirectRig& rig) {
    const auto ids = waiting(rig, alice);
    return {ids.begin(), ids.end()};
}

constexpr int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC};

}  // namespace

TEST_CASE("mailbox on a disk where one write or flush fails: each is done whole or not at all") {
    for (std::size_t at = 0;; ++at) {
        INFO("operation " << at);
        const TempFolder folder(quick_folder());
        const auto file = folder.file("mailbox.db");
        { DirectRig made({}, file); }
        FailingDisk disk(codes[at % std::size(codes)]);
        Told told;
        {
            DirectRig rig({}, file);
            disk.fail_once_after(at);
            told = play(rig);
            const bool failed = disk.failed();
            disk.repair();
            if (!failed) break;  // everything went well
            REQUIRE(there(rig) == told.kept);
            CHECK(who_is(rig, "alice").has_value() == told.named);
            CHECK(card_of(rig, 1).has_value() == told.opened);
        }
        DirectRig rig({}, file);
        REQUIRE(there(rig) == told.kept);
        REQUIRE(at < 500);
    }
}

TEST_CASE("mailbox on a disk that is full: failed, said once a minute, and then it goes on") {
    FailingDisk disk(SQLITE_FULL);
    ThreadRig rig;
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    REQUIRE(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
    const auto said = [&] {
        const std::lock_guard lock(rig.said_mutex);
        return rig.said;
    };
    disk.fail_after(0);
    for (std::uint32_t id = 2; id < 8; ++id)
        CHECK(put(rig, a_deposit(1, bob, id)) == Outcome::failed);
    CHECK(waiting(rig, alice) == std::vector<std::uint32_t>{1});  // reading works
    rig.settle();
    REQUIRE(said().size() == 1);
    CHECK(said()[0].find("is full") != std::string::npos);
    rig.clock.advance(61s);
    CHECK(put(rig, a_deposit(1, bob, 9)) == Outcome::failed);
    rig.settle();
    CHECK(said().size() == 2);
    disk.repair();
    CHECK(put(rig, a_deposit(1, bob, 10)) == Outcome::done);
    CHECK(waiting(rig, alice) == std::vector<std::uint32_t>{1, 10});
}

TEST_CASE("mailbox on a disk that fails a group: only what writes fails") {
    const TempFolder folder;
    FailingDisk disk(SQLITE_FULL);
    DirectRig rig({}, folder.file("mailbox.db"));
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    REQUIRE(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
    disk.fail_after(0);
    Outcome deposited = Outcome::done, found = Outcome::failed;
    std::size_t items = 0;
    rig.store().deposit(a_deposit(1, bob, 2),
                        [&](auto outcome, const auto&) { deposited = outcome; });
    rig.store().load(person(alice), 0, 1000, [&](auto all) { items = all.value().size(); });
    rig.store().card(slot_key(1), [&](auto outcome, const auto&) { found = outcome; });
    rig.settle();
    CHECK(deposited == Outcome::failed);
    CHECK(items == 1);
    CHECK(found == Outcome::done);
    disk.repair();
}

TEST_CASE("mailbox on a disk that cannot do one thing of a group: the others are done") {
    DirectRig rig;
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    REQUIRE(rig.database.connection().execute(
        "CREATE TEMP TRIGGER bad_place BEFORE INSERT ON items WHEN new.size = 666 BEGIN "
        "SELECT RAISE(ABORT, 'as on a damaged page'); END;"));
    std::vector<Outcome> outcomes;
    for (std::uint32_t id = 1; id <= 40; ++id)
        rig.store().deposit(a_deposit(1, bob, id, id % 10 == 0 ? 666 : 100),
                            [&](auto outcome, const auto&) { outcomes.push_back(outcome); });
    rig.settle();
    REQUIRE(outcomes.size() == 40);
    for (std::size_t i = 0; i < 40; ++i)
        CHECK(outcomes[i] == ((i + 1) % 10 == 0 ? Outcome::failed : Outcome::done));
    CHECK(waiting(rig, alice).size() == 36);
    CHECK(rig.store().figures().items == 36);
    CHECK(rig.database.trouble().has_value());
}

TEST_CASE("mailbox on a disk that is full: what is too old still goes once there is room") {
    FailingDisk disk(SQLITE_FULL);
    ThreadRig rig;
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    REQUIRE(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
    disk.fail_after(0);
    rig.clock.advance(31 * 24h);
    CHECK(waiting(rig, alice).empty());
    CHECK(rig.thread.figures().items == 1);
    disk.repair();
    rig.settle();
    CHECK(rig.thread.figures().items == 0);
}

TEST_CASE("mailbox in a file system without space") {
    const TempFolder folder;
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("none", folder.path().c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0)
        SKIP("a small tmpfs cannot be mounted here: " << std::strerror(errno));
    std::set<std::uint32_t> kept;
    {
        DirectRig rig({}, folder.file("mailbox.db"));
        REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
        for (std::uint32_t id = 0; id < 100; ++id)
            if (put(rig, a_deposit(1, bob, id, 20'000)) == Outcome::done) kept.insert(id);
        CHECK(kept.size() > 10);
        CHECK(kept.size() < 60);
        CHECK(there(rig) == kept);
        CHECK(rig.database.trouble().value().code == Errc::full);
    }
    {
        DirectRig rig({}, folder.file("mailbox.db"));
        CHECK(there(rig) == kept);
    }
    umount(folder.path().c_str());
}
