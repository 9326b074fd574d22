// SPDX-License-Identifier: MIT
#include "app/store/batch.hpp"

#include <sqlcipher/sqlite3.h>

#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::message_id;
using test::peer;

namespace {

std::size_t count(Database& database) {
    return get<Page>(database.run(LoadPage{peer(1), 1000, {}, {}, {}})).messages.size();
}

void refuse_text_bad(Database& database, const char* how) {
    const std::string sql =
        std::string(
            "CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN NEW.text = 'bad' "
            "BEGIN SELECT RAISE(") +
        how + ", 'no'); END;";
    REQUIRE(database.connection().execute(sql));
}

const std::vector<Job> one_bad_in_three{InsertIncoming{message(peer(1), 1)},
                                        InsertIncoming{message(peer(1), 2, "bad")},
                                        InsertIncoming{message(peer(1), 3)}};

}  // namespace

TEST_CASE("a batch gives one result per job, in order") {
    auto database = test::in_memory();
    const auto results = run_batch(
        database, {InsertOutgoing{message(peer(1), 1)}, InsertOutgoing{message(peer(1), 1)},
                   MarkRead{peer(1), message_id(9), {}}, LoadOutbox{peer(1), 0, 10},
                   PutMeta{"a", {}}, LoadAll{}});
    REQUIRE(results.size() == 6);
    CHECK_FALSE(get<Inserted>(results[0]).duplicate);
    CHECK(get<Inserted>(results[1]).duplicate);
    CHECK(results[2].error().code == Errc::no_such_message);
    CHECK(get<OutboxPage>(results[3]).entries.size() == 1);
    CHECK(std::holds_alternative<Stored>(*results[4]));
    CHECK(get<Snapshot>(results[5]).meta.size() == 1);
    CHECK(run_batch(database, {}).empty());
}

TEST_CASE("a failed job of a batch undoes only itself") {
    auto database = test::in_memory();
    refuse_text_bad(database, "ABORT");
    const auto results = run_batch(database, one_bad_in_three);
    CHECK(results[0]);
    CHECK_FALSE(results[1]);
    CHECK(results[2]);
    CHECK(count(database) == 2);
}

TEST_CASE("when a job undoes the transaction, every job of the batch fails alike") {
    auto database = test::in_memory();
    refuse_text_bad(database, "ROLLBACK");
    const auto results = run_batch(database, one_bad_in_three);
    REQUIRE(results.size() == 3);
    for (const auto& result : results) {
        REQUIRE_FALSE(result);
        CHECK(result.error().text == results[1].error().text);
    }
    CHECK(count(database) == 0);
    CHECK_FALSE(database.in_transaction());
    CHECK(run_batch(database, {InsertIncoming{message(peer(1), 4)}})[0]);
}

TEST_CASE("a commit that fails fails every job, readers of unstored rows included") {
    auto database = test::in_memory();
    sqlite3_commit_hook(
        database.connection().handle(), [](void*) { return 1; }, nullptr);
    const auto results = run_batch(
        database, {InsertIncoming{message(peer(1), 1)}, LoadPage{peer(1), 10, {}, {}, {}}});
    REQUIRE(results.size() == 2);
    CHECK_FALSE(results[0]);
    CHECK_FALSE(results[1]);
    CHECK(results[0].error().text == results[1].error().text);
    sqlite3_commit_hook(database.connection().handle(), nullptr, nullptr);
    CHECK(count(database) == 0);
}

TEST_CASE("a batch that only reads opens no transaction") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)}));
    sqlite3_commit_hook(
        database.connection().handle(), [](void*) { return 1; }, nullptr);
    for (const auto& result : run_batch(
             database, {LoadAll{}, LoadPage{peer(1), 10, {}, {}, {}}, LoadOutbox{peer(1), 0, 5}}))
        CHECK(result);
    CHECK_FALSE(writes(LoadAll{}));
    CHECK_FALSE(writes(Search{}));
    CHECK(writes(MarkRead{}));
    CHECK(writes(Prune{}));
    CHECK(writes(InsertIncoming{}));
}

TEST_CASE("what a peer said after something that failed waits for its next session") {
    auto database = test::in_memory();
    refuse_text_bad(database, "ABORT");
    BrokenSessions broken;
    const auto run = [&](std::vector<Job> jobs) { return run_batch(database, jobs, broken); };
    auto results =
        run({InsertIncoming{message(peer(1), 1), 7}, InsertIncoming{message(peer(1), 2, "bad"), 7},
             InsertIncoming{message(peer(1), 3), 7},
             ApplyEdit{peer(1), message_id(1), message_id(90), 1, "edit", 7},
             InsertIncoming{message(peer(2), 4), 7}, InsertOutgoing{message(peer(1), 5)}});
    CHECK(results[0]);
    REQUIRE_FALSE(results[1]);
    CHECK(results[1].error().code != Errc::after_failure);
    for (const auto i : {2U, 3U}) {
        REQUIRE_FALSE(results[i]);
        CHECK(results[i].error().code == Errc::after_failure);
    }
    CHECK(results[4]);
    CHECK(results[5]);
    const std::vector<Job> later{ApplyErase{peer(1), message_id(1), message_id(91), 7},
                                 ApplyReactions{peer(1), message_id(1), message_id(92), 1, {}, 7},
                                 ApplyRead{peer(1), message_id(5), 7},
                                 ApplyTimer{peer(1), message_id(93), 1, 60, 7},
                                 InsertIncoming{message(peer(1), 6), 6}};
    for (const auto& job : later) CHECK(run({job})[0].error().code == Errc::after_failure);
    CHECK(count(database) == 2);  // its first message and ours
    CHECK(run({InsertIncoming{message(peer(1), 2), 8}, InsertIncoming{message(peer(1), 3), 8}})[1]);
    CHECK(count(database) == 4);
}

TEST_CASE("a commit that fails breaks the sessions of its batch, and only those") {
    auto database = test::in_memory();
    BrokenSessions broken;
    sqlite3_commit_hook(
        database.connection().handle(), [](void*) { return 1; }, nullptr);
    for (const auto& result : run_batch(
             database,
             {InsertIncoming{message(peer(1), 1), 3}, InsertIncoming{message(peer(2), 1)}}, broken))
        CHECK_FALSE(result);
    sqlite3_commit_hook(database.connection().handle(), nullptr, nullptr);
    const auto results =
        run_batch(database,
                  {InsertIncoming{message(peer(1), 2), 3}, InsertIncoming{message(peer(1), 1), 4},
                   InsertIncoming{message(peer(2), 2)}},
                  broken);
    REQUIRE_FALSE(results[0]);
    CHECK(results[0].error().code == Errc::after_failure);
    CHECK(results[1]);
    CHECK(results[2]);  // in no session
}

TEST_CASE("a job weighs its payload") {
    CHECK(weight(InsertIncoming{message(peer(1), 1, std::string(5000, 'x'))}) > 5000);
    CHECK(weight(PutMeta{"a", Blob(7000)}) > 7000);
    CHECK(weight(Acknowledged{peer(1), std::vector<MessageId>(100)}) > 1600);
    CHECK(weight(EditOwn{{}, {}, std::string(5000, 'x')}) > 5000);
    CHECK(weight(DeleteConversation{}) >= batch_bytes_max);
    CHECK(weight(LoadAll{}) > 0);
}
