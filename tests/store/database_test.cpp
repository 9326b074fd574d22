// SPDX-License-Identifier: MIT
#include "app/store/database.hpp"

#include <sqlcipher/sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "app/store/settings.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::key;
using test::message;
using test::peer;

namespace {

Errc refusal(const std::string& file, const test::Key& with = key(), bool create = true) {
    const auto database = Database::open({file, with, create});
    REQUIRE_FALSE(database);
    INFO(database.error().text);
    CHECK(database.error().text.find(file) != std::string::npos);
    return database.error().code;
}

/// A history with `count` messages, closed.
void make_history(const std::string& file, std::uint64_t count) {
    auto database = test::open(file);
    for (std::uint64_t i = 1; i <= count; ++i)
        get<Inserted>(database.run(InsertIncoming{message(peer(1), i, std::string(1000, 'm'))}));
}

/// A history whose last messages are only in the write-ahead log, as after a crash.
void make_crashed_history(const std::string& file) {
    make_history(file, 3);
    auto database = test::open(file);
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 4)}));
    std::filesystem::copy(file, file + ".copy");
    std::filesystem::copy(file + "-wal", file + ".copy-wal");
}

std::size_t message_count(Database& database) {
    return get<Page>(database.run(LoadPage{peer(1), 1000, {}, {}, {}})).messages.size();
}

}  // namespace

TEST_CASE("a new history is empty, private and keeps what is put in") {
    const test::TempFolder folder;
    {
        auto database = test::open(folder.file());
        const auto snapshot = get<Snapshot>(database.run(LoadAll{}));
        CHECK(snapshot.meta.empty());
        CHECK(snapshot.peers.empty());
        CHECK(snapshot.conversations.empty());
        get<Stored>(database.run(PutMeta{"name", Blob{1, 2}}));
        struct stat status {};
        for (const auto* suffix : {"", "-wal"}) {
            REQUIRE(stat((folder.file() + suffix).c_str(), &status) == 0);
            CHECK((status.st_mode & 0777) == 0600);
        }
    }
    auto database = test::open(folder.file());
    CHECK(get<Snapshot>(database.run(LoadAll{})).meta ==
          decltype(Snapshot::meta){{"name", Blob{1, 2}}});
}

TEST_CASE("a closed history leaves one file and no log") {
    const test::TempFolder folder;
    make_history(folder.file(), 1);
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path()))
        ++files;
    CHECK(files == 1);
}

TEST_CASE("the file is written as it should be") {
    const test::TempFolder folder;
    auto database = test::open(folder.file());
    auto& connection = database.connection();
    CHECK(connection.number("PRAGMA synchronous;") == 2);
    CHECK(connection.number("PRAGMA foreign_keys;") == 1);
    CHECK(connection.number("PRAGMA secure_delete;") == 1);
    CHECK(connection.number("PRAGMA temp_store;") == 2);
    CHECK(connection.number("PRAGMA page_size;") == page_size);
    CHECK(connection.number("PRAGMA application_id;") == application_id);
    CHECK(connection.number(
              "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal';") == 1);
    CHECK_FALSE(std::filesystem::exists(folder.file() + "-shm"));
}

TEST_CASE("another key is refused and nothing changes") {
    const test::TempFolder folder;
    make_history(folder.file(), 3);
    const auto before = test::contents(folder.file());
    CHECK(refusal(folder.file(), key(8)) == Errc::wrong_key);
    CHECK(test::contents(folder.file()) == before);
}

TEST_CASE("another key leaves a history that crashed, with its log, as it is") {
    const test::TempFolder folder;
    make_crashed_history(folder.file());
    const auto copy = folder.file() + ".copy";
    const auto before = test::contents(copy);
    const auto log_before = test::contents(copy + "-wal");
    REQUIRE_FALSE(log_before.empty());
    CHECK(refusal(copy, key(8)) == Errc::wrong_key);
    CHECK(test::contents(copy) == before);
    CHECK(test::contents(copy + "-wal") == log_before);
    auto database = test::open(copy);
    CHECK(message_count(database) == 4);
}

TEST_CASE("a newer history is refused and nothing changes, log included") {
    const test::TempFolder folder;
    make_history(folder.file(), 3);
    {
        auto database = test::open(folder.file());
        REQUIRE(database.connection().execute("PRAGMA user_version = 1000;"));
        std::filesystem::copy(folder.file(), folder.file("copy.db"));
        std::filesystem::copy(folder.file() + "-wal", folder.file("copy.db-wal"));
    }
    for (const auto* name : {"history.db", "copy.db"}) {
        const auto before = test::contents(folder.file(name));
        const auto log_before = test::contents(folder.file(name) + "-wal");
        CHECK(refusal(folder.file(name)) == Errc::newer_version);
        CHECK(test::contents(folder.file(name)) == before);
        CHECK(test::contents(folder.file(name) + "-wal") == log_before);
    }
}

TEST_CASE("what is not a history is refused and nothing changes") {
    const test::TempFolder folder;
    struct Case {
        const char* what;
        std::string bytes;
        Errc code;
    };
    const Case cases[] = {
        {"one byte", "x", Errc::damaged},
        {"half a page", std::string(2048, 'x'), Errc::damaged},
        {"zeros", std::string(8192, '\0'), Errc::wrong_key},
        {"text", std::string(8192, 'x'), Errc::wrong_key},
        {"plain SQLite", "SQLite format 3" + std::string(8192, '\0'), Errc::wrong_key},
    };
    for (const auto& one : cases) {
        INFO(one.what);
        test::write_contents(folder.file(), one.bytes);
        CHECK(refusal(folder.file()) == one.code);
        CHECK(test::contents(folder.file()) == one.bytes);
    }
}

TEST_CASE("a history cut short is refused and nothing changes") {
    const test::TempFolder folder;
    make_history(folder.file(), 200);
    auto bytes = test::contents(folder.file());
    bytes.resize(bytes.size() / 2);
    test::write_contents(folder.file(), bytes);
    CHECK(refusal(folder.file()) == Errc::damaged);
    CHECK(test::contents(folder.file()) == bytes);
}

TEST_CASE("every page is authenticated: one flipped bit is an error, never another text") {
    const test::TempFolder folder;
    make_history(folder.file(), 200);
    const auto good = test::contents(folder.file());
    std::size_t noticed = 0;
    for (std::size_t at = 4096 + 100; at < good.size(); at += 4096) {
        auto bytes = good;
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        test::write_contents(folder.file(), bytes);
        auto database = Database::open({folder.file(), key(), true});
        const auto page = database ? database->run(LoadPage{peer(1), 1000, {}, {}, {}})
                                   : tl::unexpected(database.error());
        if (!page) {
            INFO(page.error().text);
            CHECK(page.error().code == Errc::damaged);
            ++noticed;
            continue;
        }
        for (const auto& one : std::get<Page>(*page).messages)
            CHECK(one.text == std::string(1000, 'm'));
    }
    CHECK(noticed > 50);
}

TEST_CASE("a folder, or nothing, in place of the history") {
    const test::TempFolder folder;
    CHECK(refusal(folder.file("missing.db"), key(), false) == Errc::io);
    CHECK_FALSE(std::filesystem::exists(folder.file("missing.db")));
    CHECK(refusal(folder.path().string()) == Errc::io);
    CHECK(refusal(folder.file("no/such/folder.db")) == Errc::io);
}

TEST_CASE("a history that is open is refused to a second opener") {
    const test::TempFolder folder;
    auto database = test::open(folder.file());
    get<Stored>(database.run(PutMeta{"a", {}}));
    const pid_t child = fork();
    if (child == 0) {
        const auto second = Database::open({folder.file(), key(), true});
        const bool refused = !second && second.error().code == Errc::io &&
                             second.error().text.find("in use") != std::string::npos;
        _exit(refused ? 0 : 1);
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    get<Stored>(database.run(PutMeta{"b", {}}));
}

TEST_CASE("nothing a person wrote is readable in the files") {
    const test::TempFolder folder;
    const std::string canary = "canary-in-the-coal-mine";
    const auto look = [&](const char* when) {
        INFO(when);
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            const auto bytes = test::contents(entry.path().string());
            INFO(entry.path());
            CHECK(bytes.find(canary) == std::string::npos);
            CHECK(bytes.find("SQLite format 3") == std::string::npos);
            CHECK(bytes.find(std::string(32, 7)) == std::string::npos);  // the key
        }
    };
    {
        auto database = test::open(folder.file());
        auto row = test::peer_row(1);
        row.own_name = row.alias = row.greeting = canary;
        get<Stored>(database.run(PutPeer{row}));
        get<Stored>(database.run(PutMeta{canary, Blob(canary.begin(), canary.end())}));
        REQUIRE(database.begin());
        for (std::uint64_t i = 1; i <= 2000; ++i)  // more than the page cache: spills into the log
            get<Inserted>(
                database.run(InsertIncoming{message(peer(1), i, canary + std::string(8000, 'x'))}));
        look("in a transaction");
        REQUIRE(database.commit());
        look("committed");
        REQUIRE(database.checkpoint());
        look("checkpointed");
    }
    look("closed");
}

TEST_CASE("two histories with one key share no page") {
    const test::TempFolder folder;
    make_history(folder.file("a.db"), 10);
    make_history(folder.file("b.db"), 10);
    const auto a = test::contents(folder.file("a.db"));
    const auto b = test::contents(folder.file("b.db"));
    REQUIRE(a.size() == b.size());
    for (std::size_t at = 0; at < a.size(); at += 16) CHECK(a.compare(at, 16, b, at, 16) != 0);
}

TEST_CASE("the write-ahead log stays bounded and is emptied by a checkpoint") {
    const test::TempFolder folder;
    auto database = test::open(folder.file());
    std::uintmax_t longest = 0;
    for (std::uint64_t batch = 0; batch < 40; ++batch) {
        REQUIRE(database.begin());
        for (std::uint64_t i = 0; i < 100; ++i)
            get<Inserted>(database.run(
                InsertIncoming{message(peer(1), batch * 100 + i, std::string(20'000, 'x'))}));
        REQUIRE(database.commit());
        database.checkpoint_if_due();
        longest = std::max(longest, std::filesystem::file_size(folder.file() + "-wal"));
    }
    CHECK(longest < 32U << 20U);
    REQUIRE(database.checkpoint());
    CHECK(std::filesystem::file_size(folder.file() + "-wal") == 0);
}

TEST_CASE("a file and folder that cannot be written are named, and nothing is taken for stored") {
    const test::TempFolder folder;
    make_history(folder.file(), 3);
    namespace fs = std::filesystem;
    fs::permissions(folder.file(), fs::perms(0444));
    fs::permissions(folder.path(), fs::perms(0555));
    const auto before = test::contents(folder.file());
    const pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
            _exit(2);  // root may write anything
        const auto database = Database::open({folder.file(), key(), true});
        const bool refused = !database && database.error().code == Errc::read_only &&
                             database.error().text.find(folder.file()) != std::string::npos;
        _exit(refused ? 0 : 1);
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    fs::permissions(folder.path(), fs::perms(0700));
    CHECK(status == 0);
    CHECK(test::contents(folder.file()) == before);
}
