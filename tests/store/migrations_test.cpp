// SPDX-License-Identifier: MIT
#include "app/store/migrations.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "app/store/database.hpp"
#include "app/store/settings.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::peer;

namespace {

std::unique_ptr<Connection> connect(const std::string& file) {
    auto connection = Connection::open(file, true);
    if (!connection) test::give_up(connection.error());
    auto ready = apply_key(**connection, test::key())
                     .and_then([&] { return keep_untouched(**connection); })
                     .and_then([&] { return apply_settings(**connection); });
    if (!ready) test::give_up(ready.error());
    return std::move(*connection);
}

std::vector<const char*> steps_and(const char* next) {
    std::vector<const char*> steps(schema_steps().begin(), schema_steps().end());
    steps.push_back(next);
    return steps;
}

/// A file as the first release leaves it: made by the first step alone.
void make_version_1(const std::string& file) {
    auto connection = connect(file);
    REQUIRE(migrate(*connection, schema_steps().first(1)));
    CHECK(connection->number("PRAGMA user_version;") == 1);
    const auto insert = [&](int position, int outgoing, int state, int unread, const char* text) {
        return connection->execute("INSERT INTO messages VALUES (" + std::to_string(position) +
                                   ", 1, randomblob(16), " + std::to_string(outgoing) + ", " +
                                   std::to_string(state) + ", " + std::to_string(unread) +
                                   ", 0, 0, 77, NULL, '" + text + "');");
    };
    REQUIRE(connection
                ->execute("INSERT INTO conversations VALUES (1, x'" + kith::model::to_hex(peer(1)) +
                          "');")
                .and_then([&] { return insert(1, 0, 6, 0, "kept"); })
                .and_then([&] { return insert(2, 1, 2, 0, "was sent"); })
                .and_then([&] { return insert(3, 1, 3, 0, "delivered"); })
                .and_then([&] { return insert(4, 1, 1, 0, "queued"); })
                .and_then([&] { return insert(9, 0, 6, 1, "unread"); }));
}

}  // namespace

TEST_CASE("an empty file gets the newest schema") {
    const test::TempFolder folder;
    auto connection = connect(folder.file());
    REQUIRE(check_version(*connection, 1) == 0);
    REQUIRE(migrate(*connection, schema_steps()));
    CHECK(connection->number("PRAGMA user_version;") ==
          static_cast<std::int64_t>(schema_steps().size()));
    CHECK(connection->number("PRAGMA application_id;") == application_id);
    CHECK(migrate(*connection, schema_steps()));  // again: nothing to do
}

TEST_CASE("a file of zero bytes counts as new") {
    const test::TempFolder folder;
    test::write_contents(folder.file(), "");
    auto database = test::open(folder.file());
    get<Stored>(database.run(PutMeta{"a", {}}));
}

TEST_CASE("a file of version 1 is brought up to date with its messages") {
    const test::TempFolder folder;
    make_version_1(folder.file());
    {
        auto connection = connect(folder.file());
        const auto steps = steps_and(
            "CREATE TABLE next (a INTEGER) STRICT; INSERT INTO next SELECT position FROM "
            "messages;");
        REQUIRE(migrate(*connection, steps));
        CHECK(connection->number("PRAGMA user_version;") ==
              static_cast<std::int64_t>(steps.size()));
        CHECK(connection->number("SELECT count(*) FROM next;") == 5);
    }
    const auto refused = Database::open({folder.file(), test::key(), true});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::newer_version);
}

TEST_CASE("today's Kith opens a file of version 1, and what waited still waits") {
    const test::TempFolder folder;
    make_version_1(folder.file());
    auto database = test::open(folder.file());
    const auto messages = test::newest(database, peer(1));
    REQUIRE(messages.size() == 5);
    CHECK(messages[0].text == "kept");
    CHECK(messages[1].state == kith::model::MessageState::queued);
    CHECK(messages[2].state == kith::model::MessageState::delivered);
    CHECK(messages[4].position == 9);
    CHECK(test::unread(database, peer(1)) == 1);
    const auto waiting = test::outbox(database, peer(1));
    REQUIRE(waiting.size() == 2);
    CHECK((waiting[0].text == "was sent" && waiting[0].at == 77));
    CHECK(waiting[1].text == "queued");
    CHECK(get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)})).message.position > 9);
    // Kept for some days: counted from when it was written.
    CHECK(get<Pruned>(database.run(Prune{100, 78})).conversations.at(0).messages.size() == 2);
}

TEST_CASE("a file of version 5, which knows nothing of files, is brought up to date") {
    const test::TempFolder folder;
    {
        auto connection = connect(folder.file());
        REQUIRE(migrate(*connection, schema_steps().first(5)));
        const auto id = "x'" + kith::model::to_hex(peer(1)) + "'";
        REQUIRE(connection->execute(
            "INSERT INTO peers VALUES (" + id +
            ", 3, 0, 1, 'Ann', '', '', x'', x'', 1, 2, zeroblob(32));"
            "INSERT INTO conversations (ref, peer) VALUES (1, " +
            id +
            ");"
            "INSERT INTO messages VALUES (1, 1, randomblob(16), 1, 1, 0, 0, 0, 77, 77, 60, 0, 0,"
            " NULL, NULL, 'waits');"
            "INSERT INTO outbox SELECT 1, 1, 1, id, NULL, 0, 0, NULL FROM messages;"));
    }
    auto database = test::open(folder.file());
    const auto snapshot = get<Snapshot>(database.run(LoadAll{}));
    CHECK(snapshot.transfers.empty());
    REQUIRE(snapshot.peers.size() == 1);
    CHECK(snapshot.peers[0].own_name == "Ann");
    CHECK(snapshot.peers[0].auto_accept == kith::model::AutoAccept{});  // asks
    const auto old = test::newest(database, peer(1));
    REQUIRE(old.size() == 1);
    CHECK_FALSE(old[0].transfer);
    CHECK(old[0].timer == 60);

    const auto row = test::offer(peer(1), 2, true);
    get<Inserted>(
        database.run(InsertOutgoing{message(peer(1), 2, row.name), 100, row, Blob(300, 1)}));
    const auto waiting = test::outbox(database, peer(1));
    REQUIRE(waiting.size() == 2);
    CHECK((waiting[0].kind == Kind::text && waiting[0].text == "waits"));
    CHECK(waiting[1].kind == Kind::file_offer);
}

TEST_CASE("a step that fails halfway leaves the version before it") {
    const test::TempFolder folder;
    make_version_1(folder.file());
    auto connection = connect(folder.file());
    REQUIRE(migrate(*connection, schema_steps()));
    CHECK_FALSE(
        migrate(*connection, steps_and("CREATE TABLE next (a) ; INSERT INTO nowhere VALUES (1);")));
    CHECK_FALSE(connection->in_transaction());
    CHECK(connection->number("PRAGMA user_version;") ==
          static_cast<std::int64_t>(schema_steps().size()));
    CHECK(connection->number("SELECT count(*) FROM sqlite_schema WHERE name = 'next';") == 0);
}

TEST_CASE("a database of another program with the same key is refused") {
    const test::TempFolder folder;
    {
        auto connection = connect(folder.file());
        REQUIRE(connection->execute("CREATE TABLE stranger (a); PRAGMA user_version = 1;"));
    }
    const auto refused = Database::open({folder.file(), test::key(), true});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::damaged);
}
