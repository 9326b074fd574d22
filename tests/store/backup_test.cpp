// SPDX-License-Identifier: MIT
#include "app/store/backup.hpp"

#include <sqlcipher/sqlite3.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "app/store/backup_pages.hpp"
#include "app/store/connection.hpp"
#include "app/store/direct_store.hpp"
#include "app/store/migrations.hpp"
#include "app/store/settings.hpp"
#include "app/store/storage_thread.hpp"
#include "tests/store/failing_disk.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
namespace fs = std::filesystem;
using test::get;
using test::message;
using test::peer;

namespace {

constexpr kith::model::Timestamp restore_time = 0x0102030405060708;

struct Fixture {
    test::TempFolder folder;
    const std::string file = folder.file("kith.backup");
    const std::string restored = folder.file("restored.db");

    Backup order() const {
        Backup order;
        order.file = file;
        order.key = test::key(3);
        order.salt.fill(0x5A);
        order.secrets = Blob(3000, 0xC5);
        return order;
    }
    Restore back(std::uint8_t key = 3) {
        key_ = test::key(key);
        return {file, key_, restored, database_key_, restore_time};
    }
    Database open_restored() const { return test::open(restored, database_key_); }

    void fill(Database& database, std::uint64_t count = 500, std::size_t padding = 0) const {
        const bool own = !database.in_transaction();
        if (own) REQUIRE(database.begin());
        get<Stored>(database.run(PutPeer{test::peer_row(1)}));
        get<Stored>(database.run(PutMeta{"invite_token", Blob(16, 1)}));
        get<Stored>(database.run(PutMeta{"settings", Blob(4, 2)}));
        for (std::uint64_t i = 1; i <= count; ++i)
            get<Inserted>(database.run(InsertIncoming{
                message(peer(1), i, "message " + std::to_string(i) + std::string(padding, '.'))}));
        if (own) REQUIRE(database.commit());
    }
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder.path()))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }
    void back_up(Database& database) const {
        const auto done = back_up_at_once(database, order());
        if (!done) test::give_up(done.error());
        CHECK(*done == fs::file_size(file));
    }

private:
    test::Key key_{};
    test::Key database_key_ = test::key(8);
};

std::vector<Message> messages(Database& database) { return test::newest(database, peer(1)); }

Blob meta(Database& database, const std::string& wanted) {
    for (const auto& [key, value] : get<Snapshot>(database.run(LoadAll{})).meta)
        if (key == wanted) return value;
    return {};
}

}  // namespace

TEST_CASE_METHOD(Fixture, "backup: everything comes back, and the secrets") {
    auto database = test::open(folder.file());
    fill(database);
    back_up(database);
    const auto secrets = restore(back());
    REQUIRE(secrets);
    CHECK(*secrets == Blob(3000, 0xC5));
    auto copy = open_restored();
    CHECK(messages(copy) == messages(database));
    CHECK(get<Snapshot>(copy.run(LoadAll{})).peers == get<Snapshot>(database.run(LoadAll{})).peers);
    CHECK(get<Hits>(copy.run(Search{"message 77", {}, 9, {}})).hits.size() == 1);
    get<Inserted>(copy.run(InsertIncoming{message(peer(1), 1000)}));
}

TEST_CASE_METHOD(Fixture, "backup: transfers come back with their lists and what is to be said") {
    auto database = test::open(folder.file());
    auto contact = test::peer_row(1);
    contact.auto_accept = {kith::model::AutoAccept::Rule::up_to, 5'000'000'000};
    get<Stored>(database.run(PutPeer{contact}));
    const auto sent = test::offer(peer(1), 1, true), received = test::offer(peer(1), 2, false);
    const Blob list(50'000, 7);
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 1, sent.name), 100, sent, list}));
    get<Inserted>(
        database.run(InsertIncoming{message(peer(1), 2, received.name), 1, 100, received, list}));
    get<TransferStored>(database.run(PutTransfer{received, test::answer(3, test::message_id(2))}));
    back_up(database);
    REQUIRE(restore(back()));
    auto copy = open_restored();
    const auto before = get<Snapshot>(database.run(LoadAll{}));
    const auto after = get<Snapshot>(copy.run(LoadAll{}));
    CHECK(after.transfers.size() == 2);
    CHECK(after.transfers == before.transfers);
    CHECK(after.peers == std::vector{contact});
    CHECK(messages(copy) == messages(database));
    CHECK(get<Manifest>(copy.run(LoadManifest{peer(1), sent.id})).manifest == list);
    const auto waiting = test::outbox(copy, peer(1));
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].kind == Kind::file_offer);
    CHECK(waiting[1].body == Blob{5, 6, 7});
}

TEST_CASE_METHOD(Fixture, "backup: what must not be used twice is reset") {
    auto database = test::open(folder.file());
    fill(database, 1);
    back_up(database);
    REQUIRE(restore(back()));
    auto copy = open_restored();
    CHECK(meta(copy, "invite_token").empty());
    CHECK(meta(copy, "settings") == Blob(4, 2));
    CHECK(meta(copy, "restored_at") == Blob{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(copy.connection().number(
              "SELECT count(*) FROM sqlite_schema WHERE name = 'profile_secrets'") == 0);
    CHECK(meta(database, "invite_token") == Blob(16, 1));
}

TEST_CASE_METHOD(Fixture, "backup: nothing but the salt can be read in the file") {
    auto database = test::open(folder.file());
    fill(database);
    back_up(database);
    const auto bytes = test::contents(file);
    CHECK(bytes.substr(0, 16) == std::string(16, 0x5A));
    CHECK(bytes.find("message") == std::string::npos);
    CHECK(bytes.find(std::string(8, '\xC5')) == std::string::npos);
    CHECK(bytes.find("SQLite") == std::string::npos);
    CHECK(read_salt(file).value() == order().salt);
    CHECK((fs::status(file).permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
          fs::perms::none);
}

TEST_CASE_METHOD(Fixture, "backup: one file, none beside it") {
    auto database = test::open(folder.file());
    fill(database, 10);
    back_up(database);
    CHECK(files() == std::vector<std::string>{"history.db", "history.db-wal", "kith.backup"});
    REQUIRE(restore(back()));
    CHECK(files() ==
          std::vector<std::string>{"history.db", "history.db-wal", "kith.backup", "restored.db"});
}

TEST_CASE_METHOD(Fixture, "backup: keys differ, so pages do") {
    auto database = test::open(folder.file());
    fill(database);
    REQUIRE(database.checkpoint());
    back_up(database);
    REQUIRE(restore(back()));
    const auto a = test::contents(folder.file()), b = test::contents(file),
               c = test::contents(restored);
    for (std::size_t at = 0; at + 4096 <= std::min({a.size(), b.size(), c.size()}); at += 4096) {
        CHECK(a.compare(at, 64, b, at, 64) != 0);
        CHECK(b.compare(at, 64, c, at, 64) != 0);
        CHECK(a.compare(at, 64, c, at, 64) != 0);
    }
    CHECK_FALSE(Database::open({restored, test::key(), false}));
}

TEST_CASE_METHOD(Fixture, "backup: what is written between two steps is in it") {
    auto database = test::open(folder.file());
    fill(database, 3000, 1000);
    auto copy = BackupCopy::begin(database, order());
    REQUIRE(copy);
    int steps = 0;
    for (bool done = false; !done; ++steps) {
        get<Inserted>(database.run(InsertIncoming{
            message(peer(1), 10'000 + static_cast<std::uint64_t>(steps), "written meanwhile")}));
        get<Gone>(database.run(
            RemoveLocally{test::message_id(1 + static_cast<std::uint64_t>(steps)), 5}));
        if (steps == 1) REQUIRE(database.checkpoint());
        const auto stepped = (*copy)->step();
        REQUIRE(stepped);
        done = *stepped;
    }
    CHECK(steps > 3);
    REQUIRE((*copy)->finish());
    REQUIRE(restore(back()));
    auto restored_database = open_restored();
    CHECK(messages(restored_database) == messages(database));
    CHECK(get<Hits>(restored_database.run(Search{"meanwhile", {}, 200, {}})).hits.size() ==
          static_cast<std::size_t>(steps));
}

TEST_CASE_METHOD(Fixture, "backup: a transaction that is undone between two steps is not in it") {
    auto database = test::open(folder.file());
    fill(database, 3000);
    auto copy = BackupCopy::begin(database, order());
    REQUIRE(copy);
    REQUIRE((*copy)->step());
    REQUIRE(database.begin());
    fill(database, 3500);
    database.rollback();
    for (bool done = false; !done;) done = (*copy)->step().value();
    REQUIRE((*copy)->finish());
    REQUIRE(restore(back()));
    auto restored_database = open_restored();
    CHECK(messages(restored_database) == messages(database));
}

TEST_CASE_METHOD(Fixture, "backup: an existing file is never touched") {
    auto database = test::open(folder.file());
    fill(database, 1);
    test::write_contents(file, "somebody's");
    const auto refused = back_up_at_once(database, order());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find(file) != std::string::npos);
    CHECK(test::contents(file) == "somebody's");
    CHECK_FALSE(fs::exists(file + ".part"));

    fs::remove(file);
    auto copy = BackupCopy::begin(database, order());
    REQUIRE(copy);
    while (!(*copy)->step().value()) {
    }
    test::write_contents(file, "in the last moment");
    CHECK_FALSE((*copy)->finish());
    copy->reset();
    CHECK(test::contents(file) == "in the last moment");
    CHECK_FALSE(fs::exists(file + ".part"));
}

TEST_CASE_METHOD(Fixture, "backup: what lies beside it may be somebody else's") {
    auto database = test::open(folder.file());
    fill(database, 1);
    for (const std::string& beside : {file + ".part", file + ".part-wal"}) {
        test::write_contents(beside, "somebody's");
        const auto refused = back_up_at_once(database, order());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().text.find(file + ".part") != std::string::npos);
        CHECK(test::contents(beside) == "somebody's");
        fs::remove(beside);
    }
    back_up(database);
    CHECK(restore(back()));
}

TEST_CASE_METHOD(Fixture, "restore: what a crash left is replaced") {
    auto database = test::open(folder.file());
    fill(database, 1);
    back_up(database);
    test::write_contents(restored + ".part", std::string(100'000, 'x'));
    CHECK(restore(back()));
}

TEST_CASE_METHOD(Fixture, "backup: the keys of an order can be wiped") {
    auto done = order();
    wipe(done);
    CHECK(done.key == test::key(0));
    CHECK(done.secrets == Blob(3000, 0));
}

TEST_CASE_METHOD(Fixture, "backup: into a folder that is missing") {
    auto database = test::open(folder.file());
    auto lost = order();
    lost.file = folder.file("missing/kith.backup");
    const auto refused = back_up_at_once(database, lost);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find("does not exist") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "backup: given up halfway, nothing stays") {
    auto database = test::open(folder.file());
    fill(database);
    {
        auto copy = BackupCopy::begin(database, order());
        REQUIRE(copy);
        REQUIRE((*copy)->step());
        CHECK(fs::exists(file + ".part"));
    }
    CHECK(files() == std::vector<std::string>{"history.db", "history.db-wal"});
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 9999)}));
}

TEST_CASE_METHOD(Fixture, "backup: a disk that fills up is said, and chat goes on") {
    auto database = test::open(folder.file());
    fill(database, 3000);
    REQUIRE(database.checkpoint());
    std::size_t refused = 0;
    for (std::size_t at = 0; at < 60; at += 7) {
        test::FailingDisk disk(SQLITE_FULL);
        auto second = test::open(folder.file("second.db"));
        fill(second, 2000);
        REQUIRE(second.checkpoint());
        disk.fail_after(at);
        const auto done = back_up_at_once(second, order());
        disk.repair();
        if (!disk.failed()) {
            fs::remove(file);
            continue;
        }
        ++refused;
        REQUIRE_FALSE(done);
        CHECK(done.error().code == Errc::full);
        CHECK_FALSE(fs::exists(file));
        CHECK_FALSE(fs::exists(file + ".part"));
        get<Inserted>(second.run(InsertIncoming{message(peer(1), 100'000)}));
    }
    CHECK(refused > 3);
}

TEST_CASE_METHOD(Fixture, "restore: refuses what is not a backup it can open") {
    auto database = test::open(folder.file());
    fill(database, 50);
    back_up(database);
    const auto code = [&](const Restore& how) {
        const auto result = restore(how);
        REQUIRE_FALSE(result);
        CHECK_FALSE(fs::exists(restored));
        CHECK_FALSE(fs::exists(restored + ".part"));
        INFO(result.error().text);
        CHECK(result.error().text.find(file) != std::string::npos);
        return result.error().code;
    };
    CHECK(code(back(4)) == Errc::wrong_key);
    const auto whole = test::contents(file);
    test::write_contents(file, "");
    CHECK(code(back()) == Errc::damaged);
    test::write_contents(file, std::string(100'000, 'g'));
    CHECK(code(back()) == Errc::wrong_key);
    test::write_contents(file, whole.substr(0, whole.size() - 3 * 4096));
    CHECK(code(back()) == Errc::damaged);
    for (std::size_t page = 1; page < whole.size() / 4096; page += 3) {
        auto flipped = whole;
        flipped[page * 4096 + 1000] ^= 1;
        test::write_contents(file, flipped);
        CHECK(code(back()) == Errc::damaged);
    }
    fs::remove(file);
    CHECK(code(back()) == Errc::io);
}

TEST_CASE_METHOD(Fixture, "restore: never over a history that is there") {
    auto database = test::open(folder.file());
    fill(database, 5);
    back_up(database);
    test::write_contents(restored, "mine");
    CHECK_FALSE(restore(back()));
    CHECK(test::contents(restored) == "mine");
}

TEST_CASE_METHOD(Fixture, "restore: the backup stays as it is, and works again") {
    auto database = test::open(folder.file());
    fill(database, 50);
    back_up(database);
    const auto bytes = test::contents(file);
    REQUIRE(restore(back()));
    fs::remove(restored);
    fs::permissions(file, fs::perms::owner_read);
    CHECK(restore(back()));
    CHECK(test::contents(file) == bytes);
}

TEST_CASE_METHOD(Fixture, "restore: an ordinary history is not a backup") {
    {
        auto database = test::open(file, test::key(3));
        fill(database, 5);
        REQUIRE(database.checkpoint());
    }
    const auto refused = restore(back());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::damaged);
}

TEST_CASE_METHOD(Fixture, "restore: nothing comes along that acts by itself") {
    auto database = test::open(folder.file());
    fill(database, 5);
    const auto addition =
        GENERATE(as<std::string>{},
                 "CREATE TRIGGER spy AFTER INSERT ON messages BEGIN"
                 " INSERT INTO outbox (conversation, kind, id, target, revision, seconds, body)"
                 " VALUES (1, 2, new.id, new.id, 1, 0, CAST(new.text AS BLOB)); END;",
                 "CREATE VIEW people AS SELECT * FROM peers;", "CREATE TABLE more (x INTEGER);");
    REQUIRE(database.connection().execute(addition));
    back_up(database);
    const auto refused = restore(back());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::damaged);
    CHECK_FALSE(fs::exists(restored));
    CHECK_FALSE(fs::exists(restored + ".part"));
}

TEST_CASE_METHOD(Fixture, "restore: a backup of a newer version, and of an older one") {
    auto database = test::open(folder.file());
    fill(database, 50);
    SECTION("newer") {
        REQUIRE(database.connection().execute("PRAGMA user_version = 99;"));
        back_up(database);
        const auto refused = restore(back());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::newer_version);
        CHECK_FALSE(fs::exists(restored));
    }
    SECTION("older") {
        const auto old = folder.file("old.db");
        {
            auto connection = Connection::open(old, true);
            REQUIRE(connection);
            REQUIRE(apply_key(**connection, test::key()));
            REQUIRE(migrate(**connection, schema_steps().first(1)));
            REQUIRE((*connection)
                        ->execute("INSERT INTO conversations (ref, peer) VALUES (1, zeroblob(32));"
                                  "INSERT INTO messages VALUES (1, 1, zeroblob(16), 0, 6, 0, 0, 0, "
                                  "5, NULL, 'old');"
                                  "CREATE TABLE profile_secrets (content BLOB NOT NULL) STRICT;"
                                  "INSERT INTO profile_secrets VALUES (x'01');"));
        }
        fs::rename(old, file);
        auto how = back(7);
        REQUIRE(restore(how));
        auto copy = open_restored();
        CHECK(get<Hits>(copy.run(Search{"old", {}, 5, {}})).hits.size() == 1);
    }
}

TEST_CASE_METHOD(Fixture, "backup: of a store without a thread") {
    auto database = test::in_memory();
    fill(database, 20);
    DirectStore store(database);
    std::vector<BackedUp> answers;
    for (int i = 0; i < 2; ++i)
        store.back_up(order(), [&](BackedUp done) { answers.push_back(std::move(done)); });
    CHECK(answers.empty());
    store.run_all();
    REQUIRE(answers.size() == 2);
    if (!answers[0]) test::give_up(answers[0].error());
    REQUIRE_FALSE(answers[1]);
    CHECK(answers[1].error().code == Errc::overloaded);
    const auto secrets = restore(back());
    if (!secrets) test::give_up(secrets.error());
    auto copy = open_restored();
    CHECK(messages(copy) == messages(database));
    CHECK(get<Hits>(copy.run(Search{"message 17", {}, 9, {}})).hits.size() == 1);
}

namespace {

struct Threaded : Fixture {
    std::mutex mutex;
    std::condition_variable condition;
    bool woken = false;
    std::unique_ptr<ThreadedStore> store;

    void start(Database database) {
        store = std::make_unique<ThreadedStore>(std::move(database), [this] {
            const std::lock_guard lock(mutex);
            woken = true;
            condition.notify_one();
        });
        store->start();
    }
    template <typename Predicate>
    bool run_until(Predicate done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (store->drain(); !done(); store->drain()) {
            std::unique_lock lock(mutex);
            if (!condition.wait_until(lock, deadline, [this] { return woken; })) return false;
            woken = false;
        }
        return true;
    }
};

}  // namespace

TEST_CASE_METHOD(Threaded, "backup: while chat goes on in the storage thread") {
    {
        auto database = test::open(folder.file());
        fill(database, 20'000, 1000);
        start(std::move(database));
    }
    std::optional<BackedUp> first, second;
    store->back_up(order(), [&](BackedUp done) { first = std::move(done); });
    store->back_up(order(), [&](BackedUp done) { second = std::move(done); });
    CHECK_FALSE(first);
    std::uint64_t sent = 0, stored = 0, meanwhile = 0;
    const auto send = [&] {
        store->submit(InsertIncoming{message(peer(1), 100'000 + sent++, "during the backup")},
                      [&](Result result) {
                          get<Inserted>(std::move(result));
                          ++stored;
                          if (!first) ++meanwhile;
                      });
    };
    REQUIRE(run_until([&] {
        if (!first && stored == sent) send();
        return first && second && stored == sent;
    }));
    if (!*first) test::give_up(first->error());
    REQUIRE_FALSE(*second);
    CHECK(second->error().code == Errc::overloaded);
    CHECK(meanwhile > 1);  // jobs do not wait for the end of a backup
    store->stop_and_join();
    REQUIRE(restore(back()));
    auto copy = open_restored();
    CHECK(copy.connection().number("SELECT count(*) FROM messages").value() >= 20'000);
}

TEST_CASE_METHOD(Threaded, "backup: stopping gives it up and leaves nothing") {
    {
        auto database = test::open(folder.file());
        fill(database, 20'000, 1000);
        start(std::move(database));
    }
    std::optional<BackedUp> answer;
    store->back_up(order(), [&](BackedUp done) { answer = std::move(done); });
    store->stop_and_join();
    CHECK_FALSE(answer);
    store->drain();
    REQUIRE(answer);
    if (!*answer) {
        CHECK_FALSE((*answer).error().text.empty());
        CHECK_FALSE(fs::exists(file));
    }
    CHECK_FALSE(fs::exists(file + ".part"));
    std::optional<BackedUp> late;
    store->back_up(order(), [&](BackedUp done) { late = std::move(done); });
    CHECK_FALSE(late);
    store->drain();
    REQUIRE(late);
    CHECK_FALSE(*late);
}
