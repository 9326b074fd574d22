// SPDX-License-Identifier: MIT
#include "app/store/search_index.hpp"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <thread>

#include "app/store/migrations.hpp"
#include "app/store/settings.hpp"
#include "app/store/storage_thread.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::message_id;
using test::peer;

TEST_CASE("index: in groups, until nothing waits") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 10; ++i)
        get<Inserted>(database.run(InsertIncoming{message(peer(1), i, "word")}));
    auto& connection = database.connection();
    CHECK(index_backlog(connection) == 10);
    CHECK(index_some(connection, 4) == true);
    CHECK(index_backlog(connection) == 6);
    CHECK(index_some(connection, 4) == true);
    CHECK(index_some(connection, 4) == false);
    CHECK(index_backlog(connection) == 0);
    CHECK(index_some(connection, 4) == false);
}

TEST_CASE("index: groups end early behind long texts") {
    auto database = test::in_memory();
    const std::string text(kith::model::text_max, 'x');
    for (std::uint64_t i = 1; i <= 10; ++i)
        get<Inserted>(database.run(InsertIncoming{message(peer(1), i, text)}));
    CHECK(index_some(database.connection(), 100) == true);
    CHECK(index_backlog(database.connection()) == 10 - index_bytes_max / kith::model::text_max);
}

TEST_CASE("index: messages removed while they waited") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 5; ++i)
        get<Inserted>(database.run(InsertIncoming{message(peer(1), i, "word")}));
    for (std::uint64_t i = 4; i <= 5; ++i) get<Gone>(database.run(RemoveLocally{message_id(i), 1}));
    CHECK(get<Hits>(database.run(Search{"word", {}, 50, {}})).hits.size() == 3);
    get<Emptied>(database.run(DeleteConversation{peer(1), 1}));
    CHECK(index_backlog(database.connection()) == 0);
    CHECK(get<Hits>(database.run(Search{"word", {}, 50, {}})).hits.empty());
}

TEST_CASE("index: what an older Kith stored is found") {
    const test::TempFolder folder;
    {
        auto connection = Connection::open(folder.file(), true);
        REQUIRE(connection);
        REQUIRE(apply_key(**connection, test::key()));
        REQUIRE(migrate(**connection, schema_steps().first(2)));
        REQUIRE(
            (*connection)
                ->execute(
                    "INSERT INTO conversations (ref, peer) VALUES (1, zeroblob(32));"
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                    "5000)"
                    "INSERT INTO messages (conversation, id, outgoing, state, unread, edited, "
                    "deleted, at,"
                    " stored_at, timer, expires_at, revision, text)"
                    " SELECT 1, CAST(printf('%016d', i) AS BLOB), 0, 6, 0, 0, i % 2, 0, 0, 0, 0, 0,"
                    " iif(i % 2, '', 'number ' || i) FROM n;"));
    }
    auto database = test::open(folder.file());
    CHECK(index_backlog(database.connection()) == 0);
    CHECK(get<Hits>(database.run(Search{"4998", {}, 5, {}})).hits.size() == 1);
    CHECK(get<Hits>(database.run(Search{"number", {}, 200, {}})).hits.size() == 200);
    CHECK(database.connection().execute(
        "INSERT INTO search (search, rank) VALUES ('integrity-check', 1);"));
}

namespace {

/// Stores so many messages and waits for the last answer.
void send(ThreadedStore& store, std::uint64_t count) {
    for (std::uint64_t i = 1; i <= count; ++i)
        store.submit(InsertIncoming{message(peer(1), i, "word")}, [](const Result&) {});
    while (store.backlog() > 0) {
        store.drain();
        std::this_thread::yield();
    }
}

}  // namespace

TEST_CASE("index: the storage thread does not fall far behind a stream of messages") {
    const test::TempFolder folder;
    {
        ThreadedStore store(test::open(folder.file()), [] {});
        store.start();
        send(store, 2 * index_rows_late);
        store.stop_and_join();
    }
    auto database = test::open(folder.file());
    CHECK(index_backlog(database.connection()).value() <= index_rows_late);
    CHECK(get<Hits>(database.run(Search{"word", {}, 200, {}})).hits.size() == 200);
}

TEST_CASE("index: the storage thread catches up when nothing else waits") {
    const test::TempFolder folder;
    {
        ThreadedStore store(test::open(folder.file()), [] {});
        store.start();
        send(store, 3 * index_rows_due);
        const auto log = folder.file("history.db-wal");
        const auto before = std::filesystem::file_size(log);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (std::filesystem::file_size(log) == before &&
               std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        store.stop_and_join();
    }
    auto database = test::open(folder.file());
    CHECK(index_backlog(database.connection()).value() < 3 * index_rows_due);
}
