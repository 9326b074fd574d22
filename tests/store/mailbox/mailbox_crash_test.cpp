// SPDX-License-Identifier: MIT
//
// A relay that is killed while deposits come in: what it acknowledged is there on the next start,
// and what it never finished is not there in part.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "tests/store/mailbox/mailbox_rigs.hpp"

using namespace kith;
using namespace kith::store;
using namespace kith::store::test;
using namespace kith::test;
using Outcome = net::MailboxOutcome;

namespace {

constexpr std::uint8_t alice = 1, bob = 2;
constexpr std::uint32_t under_way = 100;

net::MailboxLimits limits() {
    net::MailboxLimits limits;
    limits.slot_items = limits.owner_items = limits.depositor_items = 1'000'000;
    return limits;
}

/// Never returns: deposits numbered from `first`, each number written to `pipe` once it is
/// acknowledged.
[[noreturn]] void deposit_until_killed(const std::string& file, std::uint32_t first, int pipe) {
    MailboxClock clock;
    Signal woken;
    mailbox::MailboxThread thread(open_mailbox(file), clock, {[&] { woken.set(); }, {}});
    thread.set_limits(limits());
    thread.start();
    thread.set_slots(person(alice), false, {{slot_key(1), false}}, {}, [](auto) {});
    std::uint32_t waiting = 0;
    for (std::uint32_t next = first;;) {
        for (; waiting < under_way; ++waiting, ++next)
            thread.deposit(a_deposit(1, bob, next, 2000),
                           [&waiting, next, pipe](auto outcome, const auto&) {
                               if (outcome != Outcome::done) _exit(1);
                               if (write(pipe, &next, sizeof next) != sizeof next) _exit(1);
                               --waiting;
                           });
        woken.wait();
        thread.drain();
    }
}

/// Kills a child after it has acknowledged about `enough`. Returns the last acknowledged.
std::uint32_t kill_while_depositing(const std::string& file, std::uint32_t first,
                                    std::uint32_t enough) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) deposit_until_killed(file, first, ends[1]);
    close(ends[1]);
    std::uint32_t last = 0, number = 0;
    while (read(ends[0], &number, sizeof number) == sizeof number) {
        CHECK(number == (last == 0 ? first : last + 1));
        last = number;
        if (last == first + enough) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    return last;
}

}  // namespace

TEST_CASE("mailbox killed while deposits come in: nothing acknowledged is lost or doubled") {
    const TempFolder folder;
    const auto file = folder.file("mailbox.db");
    std::uint32_t next = 1;
    for (const std::uint32_t enough : {1U, 300U, 2000U, 77U}) {
        const auto last = kill_while_depositing(file, next, enough);
        REQUIRE(last >= next + enough);
        DirectRig rig(limits(), file);
        const auto ids = waiting(rig, alice);
        REQUIRE(ids.size() >= last);
        CHECK(ids.size() <= last + under_way);
        bool in_order = true;
        for (std::size_t i = 0; i < ids.size(); ++i) in_order = in_order && ids[i] == i + 1;
        CHECK(in_order);
        CHECK(rig.store().figures().items == ids.size());
        next = static_cast<std::uint32_t>(ids.size()) + 1;
    }
}

TEST_CASE("mailbox: a transaction that never ended leaves nothing behind") {
    const TempFolder folder;
    const auto file = folder.file("mailbox.db");
    const TempFolder copy;
    {
        DirectRig rig({}, file);
        REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
        REQUIRE(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
        auto& connection = rig.database.connection();
        REQUIRE(connection.execute("PRAGMA cache_size = 10; BEGIN;"));
        REQUIRE(connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
            "INSERT INTO items (owner, slot, depositor, open, stored_at, size, id, sealed) "
            "SELECT 1, 1, 1, 0, 0, 5000, randomblob(16), zeroblob(5000) FROM n;"));
        // As the disk is now, with the part of it that did not fit into memory.
        CHECK(std::filesystem::file_size(file + "-wal") > 500'000);
        std::filesystem::copy_file(file, copy.file("mailbox.db"));
        std::filesystem::copy_file(file + "-wal", copy.file("mailbox.db-wal"));
        REQUIRE(connection.execute("ROLLBACK;"));
    }
    DirectRig rig({}, copy.file("mailbox.db"));
    CHECK(waiting(rig, alice) == std::vector<std::uint32_t>{1});
    CHECK(rig.store().figures().items == 1);
    CHECK(put(rig, a_deposit(1, bob, 2)) == Outcome::done);
    CHECK(loaded(rig, alice).back().number == 2);
}
