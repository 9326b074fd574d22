// SPDX-License-Identifier: MIT
//
// What was reported as stored is there afterwards, and nothing else, whichever write fails.
#include "tests/store/failing_disk.hpp"

#include <sched.h>
#include <sqlcipher/sqlite3.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include "app/store/batch.hpp"
#include "app/store/connection.hpp"
#include "tests/store/every_job.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::peer;

namespace {

std::set<MessageId> stored_ids(Database& database) {
    std::set<MessageId> ids;
    for (const auto& one : get<Page>(database.run(LoadPage{peer(1), 1000, {}, {}, {}})).messages)
        CHECK(ids.insert(one.id).second);
    return ids;
}

/// In memory where there is such a folder: hundreds of histories are flushed thousands of times
/// here.
std::filesystem::path quick_folder() {
    const std::filesystem::path memory = "/dev/shm";
    return access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::path{};
}

/// Groups of five messages; adds what was reported as stored. Each group fails or succeeds as one.
void store_groups(Database& database, std::uint64_t first, int groups,
                  std::set<MessageId>& acknowledged) {
    for (int group = 0; group < groups; ++group) {
        std::vector<Job> jobs;
        for (int i = 0; i < 5; ++i)
            jobs.emplace_back(InsertIncoming{message(peer(1), first++, std::string(3000, 'x'))});
        const auto results = run_batch(database, jobs);
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            CHECK(results[i].has_value() == results[0].has_value());
            if (results[i])
                acknowledged.insert(std::get<InsertIncoming>(jobs[i]).message.id);
            else
                CHECK_FALSE(results[i].error().text.empty());
        }
        CHECK_FALSE(database.in_transaction());
        database.checkpoint_if_due();
    }
}

}  // namespace

TEST_CASE("one failing write or flush, wherever it falls: the acknowledged rows and no others") {
    for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC}) {
        for (std::size_t at = 0; at < 60; ++at) {
            INFO("code " << code << ", operation " << at);
            test::FailingDisk disk(code);
            const test::TempFolder folder(quick_folder());
            std::set<MessageId> acknowledged;
            {
                auto database = test::open(folder.file());
                store_groups(database, 1, 1, acknowledged);
                REQUIRE(acknowledged.size() == 5);
                disk.fail_once_after(at);
                store_groups(database, 100, 4, acknowledged);
                if (!disk.failed()) (void)database.checkpoint();  // then it is this one that fails
                disk.repair();
                store_groups(database, 200, 1, acknowledged);  // the store goes on by itself
                CHECK(acknowledged.size() >= 20);
                CHECK(stored_ids(database) == acknowledged);
            }
            auto database = test::open(folder.file());
            CHECK(stored_ids(database) == acknowledged);
        }
    }
}

TEST_CASE("a disk that dies for good: the acknowledged rows are there on the next start") {
    for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC}) {
        for (std::size_t at = 0; at < 60; ++at) {
            INFO("code " << code << ", operation " << at);
            test::FailingDisk disk(code);
            const test::TempFolder folder(quick_folder());
            std::set<MessageId> acknowledged;
            {
                auto database = test::open(folder.file());
                disk.fail_after(at);
                store_groups(database, 1, 4, acknowledged);
            }
            disk.repair();
            auto database = test::open(folder.file());
            const auto stored = stored_ids(database);
            // What a failing flush has not confirmed may have reached the disk: more than reported,
            // never less.
            CHECK(std::includes(stored.begin(), stored.end(), acknowledged.begin(),
                                acknowledged.end()));
        }
    }
}

namespace {

using Dump = decltype(test::dump(std::declval<Database&>()));
using Answered = std::vector<bool>;  ///< by job of the script: without an error

/// The script, each job in a transaction of its own.
Answered run_script(Database& database, const std::vector<Job>& script) {
    Answered answered;
    for (const auto& job : script) {
        answered.push_back(run_batch(database, {job})[0].has_value());
        CHECK_FALSE(database.in_transaction());
    }
    return answered;
}

/// What a database holds that was told only some of the script.
class Outcomes {
public:
    const Dump& of(const Answered& told) { return of(told, told.size()); }

    /// The same when the first job that failed has reached the disk after all. It comes last: the
    /// jobs after it that were answered did not see it, and had nothing to do.
    const Dump& with_doubt(const Answered& told) {
        const auto first = std::find(told.begin(), told.end(), false);
        return of(told, static_cast<std::size_t>(first - told.begin()));
    }

    const std::vector<Job> script = test::every_job();

private:
    const Dump& of(const Answered& told, std::size_t last) {
        auto [entry, fresh] = known_.try_emplace({told, last});
        if (!fresh) return entry->second;
        auto database = test::in_memory();
        for (std::size_t i = 0; i < told.size(); ++i)
            if (told[i]) CHECK(database.run(script[i]));
        if (last < script.size()) CHECK(database.run(script[last]));
        return entry->second = test::dump(database);
    }

    std::map<std::pair<Answered, std::size_t>, Dump> known_;
};

/// A new, empty history, made once.
const std::string& empty_history() {
    static const std::string bytes = [] {
        const test::TempFolder folder;
        { const auto database = test::open(folder.file()); }
        return test::contents(folder.file());
    }();
    return bytes;
}

constexpr int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC};

}  // namespace

TEST_CASE("one failing write or flush in a script of every job: each is done whole or not at all") {
    Outcomes outcomes;
    for (std::size_t at = 0;; ++at) {
        INFO("operation " << at);
        const test::TempFolder folder(quick_folder());
        test::write_contents(folder.file(), empty_history());
        test::FailingDisk disk(codes[at % std::size(codes)]);
        Answered answered;
        {
            auto database = test::open(folder.file());
            disk.fail_once_after(at);
            answered = run_script(database, outcomes.script);
            const bool failed = disk.failed();
            disk.repair();
            if (!failed) break;  // the script is over
            REQUIRE(test::dump(database) == outcomes.of(answered));
        }
        auto database = test::open(folder.file());
        REQUIRE(test::dump(database) == outcomes.of(answered));
        REQUIRE(at < 2000);
    }
}

TEST_CASE("a disk that dies in a script of every job: what was answered is there") {
    Outcomes outcomes;
    for (std::size_t at = 0;; at += 2) {
        INFO("operation " << at);
        const test::TempFolder folder(quick_folder());
        test::write_contents(folder.file(), empty_history());
        test::FailingDisk disk(codes[at % std::size(codes)]);
        Answered answered;
        {
            auto database = test::open(folder.file());
            disk.fail_after(at);
            answered = run_script(database, outcomes.script);
            if (!disk.failed()) break;
        }
        disk.repair();
        auto database = test::open(folder.file());
        const auto found = test::dump(database);
        REQUIRE((found == outcomes.of(answered) || found == outcomes.with_doubt(answered)));
        REQUIRE(at < 2000);
    }
}

TEST_CASE("creating a history on a failing disk ends in an error, and works the next time") {
    for (std::size_t at = 0; at < 40; ++at) {
        INFO("operation " << at);
        test::FailingDisk disk(SQLITE_FULL);
        const test::TempFolder folder(quick_folder());
        disk.fail_after(at);
        {
            const auto database = Database::open({folder.file(), test::key(), true});
            if (!database) CHECK(database.error().code == Errc::full);
        }
        disk.repair();
        auto database = test::open(folder.file());
        get<Stored>(database.run(PutMeta{"a", {}}));
    }
}

TEST_CASE("a history that may not grow says the disk is full, and goes on when there is room") {
    const test::TempFolder folder;
    auto database = test::open(folder.file());
    auto& connection = database.connection();
    REQUIRE(connection.execute("PRAGMA max_page_count = 60;"));
    std::set<MessageId> acknowledged;
    Error last;
    for (std::uint64_t i = 1; i <= 100; ++i) {
        const auto result =
            database.run(InsertIncoming{message(peer(1), i, std::string(5000, 'x'))});
        if (result)
            acknowledged.insert(test::message_id(i));
        else
            last = result.error();
    }
    CHECK(last.code == Errc::full);
    CHECK(last.text.find(folder.file()) != std::string::npos);
    CHECK(acknowledged.size() > 10);
    CHECK(acknowledged.size() < 100);
    CHECK(stored_ids(database) == acknowledged);
    REQUIRE(connection.execute("PRAGMA max_page_count = 6000;"));
    CHECK(database.run(InsertIncoming{message(peer(1), 1000, "room again")}));
}

TEST_CASE("a file system without space") {
    const test::TempFolder folder;
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("none", folder.path().c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0)
        SKIP("a small tmpfs cannot be mounted here: " << std::strerror(errno));
    std::set<MessageId> acknowledged;
    {
        auto database = test::open(folder.file());
        store_groups(database, 1, 100, acknowledged);
        const auto result =
            database.run(InsertIncoming{message(peer(1), 5000, std::string(50'000, 'x'))});
        REQUIRE_FALSE(result);
        INFO(result.error().text);
        CHECK(result.error().code == Errc::full);
        CHECK(acknowledged.size() > 10);
        CHECK(acknowledged.size() < 500);
        CHECK(stored_ids(database) == acknowledged);
    }
    {
        auto database = test::open(folder.file());
        CHECK(stored_ids(database) == acknowledged);
    }
    umount(folder.path().c_str());
}
