// SPDX-License-Identifier: MIT
//
// How SQLite goes about the statements of every job: what is long is never read whole, nor sorted.
#include <sqlcipher/sqlite3.h>

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "app/store/connection.hpp"
#include "tests/store/every_job.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;

namespace {

/// Each line says how one table is gone through.
std::vector<std::string> plan_of(sqlite3* handle, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(handle, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &statement,
                               nullptr) == SQLITE_OK);
    std::vector<std::string> lines;
    while (sqlite3_step(statement) == SQLITE_ROW)
        lines.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)));
    sqlite3_finalize(statement);
    return lines;
}

/// Compiled by the jobs and kept; without those the search index has for itself.
std::set<std::string> statements(sqlite3* handle) {
    std::set<std::string> all;
    for (auto* one = sqlite3_next_stmt(handle, nullptr); one != nullptr;
         one = sqlite3_next_stmt(handle, one)) {
        const std::string sql = sqlite3_sql(one);
        const bool plain = sql.starts_with("SELECT") || sql.starts_with("INSERT") ||
                           sql.starts_with("UPDATE") || sql.starts_with("DELETE");
        if (plain && sql.find("'main'.") == std::string::npos) all.insert(sql);
    }
    return all;
}

/// The few tables a start reads whole, the clock, which is one row, and the marks of conversations
/// that are being deleted.
bool may_be_scanned(const std::string& line) {
    for (const char* table : {"SCAN meta", "SCAN peers", "SCAN peer_addresses", "SCAN c",
                              "SCAN clock", "SCAN CONSTANT ROW", "SCAN emptying"})
        if (line.starts_with(table)) return true;
    // As long as what is unread, as what is going on, and as a list.
    for (const char* index :
         {"INDEX messages_unread", "INDEX transfers_going", "INDEX transfers_over"})
        if (line.find(index) != std::string::npos) return true;
    return false;
}

}  // namespace

TEST_CASE("no job reads or sorts a long table as a whole") {
    auto database = test::in_memory();
    std::set<std::size_t> kinds;
    for (const auto& job : test::every_job()) {
        INFO("kind " << job.index());
        const auto result = database.run(job);
        REQUIRE(result);
        kinds.insert(job.index());
    }
    CHECK(kinds.size() == std::variant_size_v<Job> - 1);  // all but Search, which has its own tests
    auto* const handle = database.connection().handle();
    const auto all = statements(handle);
    CHECK(all.size() > 50);
    for (const auto& sql : all) {
        std::string plan;
        bool good = true;
        for (const auto& line : plan_of(handle, sql)) {
            plan += line + "\n";
            good = good && (!line.starts_with("SCAN") || may_be_scanned(line)) &&
                   line.find("TEMP B-TREE") == std::string::npos;
        }
        INFO(sql << "\n" << plan);
        CHECK(good);
    }
}
