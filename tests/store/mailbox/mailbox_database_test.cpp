// SPDX-License-Identifier: MIT
//
// The file of a relay's mailboxes: what is in it, what is refused, and what stays after a restart.
#include "app/store/mailbox/mailbox_database.hpp"

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/mailbox/mailbox_rigs.hpp"

using namespace kith;
using namespace kith::store;
using namespace kith::store::test;
using namespace kith::test;
using namespace std::chrono_literals;
using Outcome = net::MailboxOutcome;

namespace {

constexpr std::uint8_t alice = 1, bob = 2;

std::string mailbox_file(const TempFolder& folder) { return folder.file("mailbox.db"); }

std::optional<Error> refusal(const std::string& file) {
    DeterministicRandom random(12);
    const auto database = mailbox::MailboxDatabase::open(file, random);
    if (database) return std::nullopt;
    return database.error();
}

void fill(const std::string& file) {
    DirectRig rig({}, file);
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    REQUIRE(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
    REQUIRE(claim(rig, alice, "alice") == Outcome::done);
}

/// Counters that do not add up.
std::int64_t wrong_sums(Connection& connection) {
    return connection
        .number(
            "SELECT (SELECT count(*) FROM slots s WHERE (s.items, s.bytes) <> (SELECT count(*), "
            "coalesce(sum(size), 0) FROM items WHERE slot = s.id AND open = 0)) + "
            "(SELECT count(*) FROM owners o WHERE (o.items, o.bytes) <> (SELECT count(*), "
            "coalesce(sum(size), 0) FROM items WHERE owner = o.id AND open = 0)) + "
            "(SELECT count(*) FROM owners o WHERE (o.open_items, o.open_bytes) <> (SELECT "
            "count(*), coalesce(sum(size), 0) FROM items WHERE owner = o.id AND open = 1)) + "
            "(SELECT count(*) FROM depositors d WHERE d.items = 0 OR (d.items, d.bytes) <> (SELECT "
            "count(*), coalesce(sum(size), 0) FROM items WHERE depositor = d.id)) + "
            "(SELECT count(*) FROM totals WHERE items + open_items <> (SELECT count(*) FROM items) "
            "OR bytes + open_bytes <> (SELECT coalesce(sum(size), 0) FROM items) "
            "OR slots <> (SELECT count(*) FROM slots WHERE live = 1) "
            "OR owners <> (SELECT count(*) FROM owners) OR names <> (SELECT count(*) FROM names)) "
            "+ (SELECT count(*) FROM slots s WHERE live = 0 AND NOT EXISTS "
            "(SELECT 1 FROM items WHERE slot = s.id)) + "
            "(SELECT count(*) FROM owners o WHERE NOT EXISTS "
            "(SELECT 1 FROM slots WHERE owner = o.id))")
        .value();
}

}  // namespace

TEST_CASE("mailbox.db: what was answered is there after a restart, and numbers go on") {
    const TempFolder folder;
    std::uint64_t last = 0;
    {
        DirectRig rig({}, mailbox_file(folder));
        REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}, {5}) == Outcome::done);
        REQUIRE(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
        REQUIRE(put(rig, a_deposit(1, bob, 2)) == Outcome::done);
        REQUIRE(claim(rig, alice, "alice") == Outcome::done);
        const auto items = loaded(rig, alice);
        last = items.back().number;
        rig.store().remove(person(alice), {items[1].number});
        rig.settle();
    }
    DirectRig rig({}, mailbox_file(folder));
    CHECK(waiting(rig, alice) == std::vector<std::uint32_t>{1});
    CHECK(card_of(rig, 1) == net::Bytes{5});
    CHECK(who_is(rig, "alice"));
    CHECK(put(rig, a_deposit(1, bob, 1)) == Outcome::done);  // there already
    CHECK(put(rig, a_deposit(1, bob, 3)) == Outcome::done);
    CHECK(loaded(rig, alice).back().number == last + 1);
    CHECK(wrong_sums(rig.database.connection()) == 0);
}

TEST_CASE("mailbox.db: only its owner may read it, and it is neither a history nor the reverse") {
    const TempFolder folder;
    fill(mailbox_file(folder));
    struct stat found {};
    REQUIRE(stat(mailbox_file(folder).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);

    {
        const auto history = Connection::open(folder.file(), true).value();
        REQUIRE(
            history->execute("PRAGMA application_id = 1263096904; PRAGMA user_version = 1; "
                             "CREATE TABLE messages (id);"));
    }
    const auto before = contents(folder.file());
    const auto error = refusal(folder.file());
    REQUIRE(error);
    CHECK(error->code == Errc::damaged);
    CHECK(contents(folder.file()) == before);
}

TEST_CASE("mailbox.db: a file of a newer relay is refused and stays as it is") {
    const TempFolder folder;
    fill(mailbox_file(folder));
    {
        const auto connection = Connection::open(mailbox_file(folder), false).value();
        REQUIRE(connection->execute("PRAGMA user_version = 99;"));
    }
    const auto before = contents(mailbox_file(folder));
    const auto error = refusal(mailbox_file(folder));
    REQUIRE(error);
    CHECK(error->code == Errc::newer_version);
    CHECK(error->text.find("newer kith-relay") != std::string::npos);
    CHECK(contents(mailbox_file(folder)) == before);
}

TEST_CASE("mailbox.db: damaged files are refused with a sentence and stay as they are") {
    const TempFolder folder;
    const auto file = mailbox_file(folder);
    fill(file);
    auto whole = contents(file);
    std::string damaged;
    SECTION("too short") { damaged = whole.substr(0, 1000); }
    SECTION("no database at all") { damaged = std::string(20'000, 'x'); }
    SECTION("the first page") {
        damaged = whole;
        std::fill_n(damaged.begin(), 100, '\xff');
    }
    write_contents(file, damaged);
    const auto error = refusal(file);
    REQUIRE(error);
    INFO(error->text);
    CHECK((error->code == Errc::damaged || error->code == Errc::wrong_key));
    CHECK(error->text.find(file) != std::string::npos);
    CHECK(contents(file) == damaged);
}

TEST_CASE("mailbox.db: a page damaged inside fails what needs it, and says so") {
    const TempFolder folder;
    const auto file = mailbox_file(folder);
    fill(file);
    auto bytes = contents(file);
    for (std::size_t at = 2 * 4096; at < bytes.size(); at += 4096)
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 64, '\xff');
    write_contents(file, bytes);
    DeterministicRandom random(12);
    auto database = mailbox::MailboxDatabase::open(file, random);
    if (!database) {
        CHECK(database.error().code == Errc::damaged);
        return;
    }
    const auto replies = database->run({a_deposit(1, bob, 9)}, 1000h);
    CHECK(replies.at(0).outcome == Outcome::failed);
    CHECK(database->trouble().value().code == Errc::damaged);
}

TEST_CASE("mailbox.db: a folder that is not there, and a folder in place of the file") {
    const TempFolder folder;
    CHECK(refusal(folder.file("nowhere/mailbox.db")));
    std::filesystem::create_directory(mailbox_file(folder));
    CHECK(refusal(mailbox_file(folder)));
}

TEST_CASE("mailbox.db: a depositor is a number that only this file's key leads to") {
    const TempFolder folder;
    fill(mailbox_file(folder));
    const auto bytes = contents(mailbox_file(folder)) + contents(mailbox_file(folder) + "-wal");
    const auto print = person(bob);
    CHECK(bytes.find(std::string(print.bytes.begin(), print.bytes.end())) == std::string::npos);
}

TEST_CASE("mailbox.db: what was taken out is overwritten") {
    const TempFolder folder;
    const auto file = mailbox_file(folder);
    {
        DirectRig rig({}, file);
        REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
        auto deposit = a_deposit(1, bob, 1);
        const std::string secret = "sealed bytes of a message";
        deposit.sealed.assign(secret.begin(), secret.end());
        REQUIRE(put(rig, deposit) == Outcome::done);
        REQUIRE(rig.database.checkpoint());
        CHECK(contents(file).find(secret) != std::string::npos);
        rig.store().remove(person(alice), {loaded(rig, alice).at(0).number});
        rig.settle();
        REQUIRE(rig.database.checkpoint());
        CHECK(contents(file).find(secret) == std::string::npos);
    }
}

TEST_CASE("mailbox.db: counters add up after whatever happened") {
    net::MailboxLimits limits;
    limits.owner_bytes = 3000;
    limits.owners = 3;
    limits.open_items = 3;
    DirectRig rig(limits);
    DeterministicRandom random(77);
    const auto dice = [&](std::uint32_t sides) { return random.array<1>()[0] % sides; };
    for (int round = 0; round < 3000; ++round) {
        const auto who = static_cast<std::uint8_t>(1 + dice(5));
        const auto where = static_cast<std::uint16_t>(dice(8));
        switch (dice(7)) {
            case 0:
                open_slots(rig, who, dice(2) == 0,
                           {{slot_key(where), dice(2) == 0},
                            {slot_key(static_cast<std::uint16_t>(dice(8))), dice(2) == 0}});
                break;
            case 1: {
                std::vector<std::uint64_t> numbers;
                for (const auto& item : loaded(rig, who, 0, 500)) numbers.push_back(item.number);
                rig.store().remove(person(who), numbers);
                break;
            }
            case 2:
                rig.clock.advance(dice(200) == 0 ? 401 * 24h : std::chrono::hours(dice(48)));
                break;
            case 3:
                claim(rig, who, dice(3) == 0 ? "" : "name" + std::to_string(dice(4)));
                break;
            default:
                put(rig, a_deposit(where, who, dice(40), 50 + dice(200)));
        }
        rig.settle();
        if (round % 50 == 0) REQUIRE(wrong_sums(rig.database.connection()) == 0);
    }
    REQUIRE(wrong_sums(rig.database.connection()) == 0);
    CHECK(
        rig.database.connection().number("SELECT count(*) FROM pragma_foreign_key_check").value() ==
        0);
}

TEST_CASE("mailbox.db: a clock that was set back does not keep things for ever") {
    DirectRig rig;
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    rig.clock.advance(365 * 24h);
    REQUIRE(put(rig, a_deposit(1, bob, 1)) == Outcome::done);
    rig.clock.advance(-365 * 24h);
    rig.settle();
    CHECK(waiting(rig, alice).size() == 1);
    rig.clock.advance(30 * 24h);
    CHECK(waiting(rig, alice).empty());
}

TEST_CASE("mailbox.db: what is too old goes in steps, and the file becomes small again") {
    const TempFolder folder;
    DirectRig rig({}, mailbox_file(folder));
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    for (std::uint32_t id = 0; id < 1100; ++id)
        rig.store().deposit(a_deposit(1, bob, id, 80 * 1024),
                            [](auto outcome, const auto&) { CHECK(outcome == Outcome::done); });
    rig.settle();
    REQUIRE(rig.database.checkpoint());
    const auto full = std::filesystem::file_size(mailbox_file(folder));
    rig.clock.advance(31 * 24h);
    int steps = 0;
    while (rig.database.expire(rig.clock.wall()).value()) ++steps;
    CHECK(steps >= 1100 / 32);
    CHECK(rig.database.figures().items == 0);
    int given_back = 0;
    while (rig.database.shrink()) ++given_back;
    CHECK(given_back > 10);
    REQUIRE(rig.database.checkpoint());
    CHECK(full > 85U << 20);
    CHECK(std::filesystem::file_size(mailbox_file(folder)) < 70U << 20);
}

TEST_CASE("mailbox.db: the limits said last count, and nothing is taken out because of them") {
    DirectRig rig;
    REQUIRE(open_slots(rig, alice, false, {{slot_key(1), false}}) == Outcome::done);
    for (std::uint32_t id = 1; id <= 3; ++id)
        REQUIRE(put(rig, a_deposit(1, bob, id)) == Outcome::done);
    net::MailboxLimits limits;
    limits.owner_bytes = 200;
    rig.direct.set_limits(limits);
    CHECK(put(rig, a_deposit(1, bob, 4)) == Outcome::full);
    CHECK(waiting(rig, alice).size() == 3);
    limits.age = 24h;
    rig.direct.set_limits(limits);
    rig.settle();
    rig.clock.advance(25h);
    CHECK(waiting(rig, alice).empty());
}
