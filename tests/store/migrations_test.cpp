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
    Database database(std::move(connection));
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "kept")}));
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
        CHECK(connection->number("SELECT count(*) FROM next;") == 1);
    }
    const auto refused = Database::open({folder.file(), test::key(), true});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::newer_version);
}

TEST_CASE("today's Kith opens a file of version 1") {
    const test::TempFolder folder;
    make_version_1(folder.file());
    auto database = test::open(folder.file());
    const auto page = get<Page>(database.run(LoadPage{peer(1), 10, {}}));
    REQUIRE(page.messages.size() == 1);
    CHECK(page.messages[0].text == "kept");
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

TEST_CASE("the queries of every day use an index") {
    auto database = test::in_memory();
    const char* const queries[] = {
        "EXPLAIN QUERY PLAN SELECT text FROM messages WHERE conversation = 1 AND position < 9 "
        "ORDER BY position DESC LIMIT 5",
        "EXPLAIN QUERY PLAN SELECT text FROM messages WHERE conversation = 1 AND state <= 2 AND "
        "position > 9 ORDER BY position LIMIT 5",
        "EXPLAIN QUERY PLAN SELECT count(*) FROM messages WHERE conversation = 1 AND unread = 1",
        "EXPLAIN QUERY PLAN SELECT conversation, count(*) FROM messages WHERE unread = 1 GROUP BY "
        "conversation",
        "EXPLAIN QUERY PLAN UPDATE messages SET unread = 0 WHERE conversation = 1 AND unread = 1 "
        "AND position <= 3",
        "EXPLAIN QUERY PLAN SELECT position FROM messages WHERE id = x'00' AND conversation = 1",
        "EXPLAIN QUERY PLAN SELECT max(position) FROM messages WHERE conversation = 1",
    };
    const char* const indices[] = {"messages_conversation", "messages_outbox", "messages_unread",
                                   "messages_unread",       "messages_unread", "messages_id",
                                   "messages_conversation"};
    for (std::size_t i = 0; i < std::size(queries); ++i) {
        auto query = database.connection().query(queries[i]);
        std::string plan;
        while (query.step() == Step::row) plan += query.text(3) + "; ";
        INFO(queries[i] << " -> " << plan);
        CHECK(plan.find(indices[i]) != std::string::npos);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
        CHECK(plan.find("SCAN messages;") == std::string::npos);
    }
}
