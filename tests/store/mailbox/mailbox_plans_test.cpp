// SPDX-License-Identifier: MIT
//
// How SQLite goes about the statements of the mailbox: none reads or sorts a table as a whole.
#include <sqlcipher/sqlite3.h>

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "app/store/connection.hpp"
#include "tests/store/mailbox/mailbox_rigs.hpp"

using namespace kith;
using namespace kith::store::test;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

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

std::set<std::string> statements(sqlite3* handle) {
    std::set<std::string> all;
    for (auto* one = sqlite3_next_stmt(handle, nullptr); one != nullptr;
         one = sqlite3_next_stmt(handle, one)) {
        const std::string sql = sqlite3_sql(one);
        if (sql.starts_with("SELECT") || sql.starts_with("INSERT") || sql.starts_with("UPDATE") ||
            sql.starts_with("DELETE"))
            all.insert(sql);
    }
    return all;
}

/// Makes every statement, and every refusal that looks something up.
void do_everything(DirectRig& rig) {
    net::MailboxLimits limits;
    limits.owners = 2;
    rig.direct.set_limits(limits);
    open_slots(rig, 1, false, {{slot_key(1), false}, {slot_key(2), true}});
    put(rig, a_deposit(1, 3, 1));
    put(rig, a_deposit(2, 3, 2));
    open_slots(rig, 1, false, {{slot_key(2), false}, {slot_key(4), false}});
    CHECK(card_of(rig, 2));
    claim(rig, 1, "alice");
    claim(rig, 1, "");
    claim(rig, 1, "alice");
    CHECK(who_is(rig, "alice"));
    rig.store().remove(person(1), {loaded(rig, 1).at(0).number});
    open_slots(rig, 4, false, {{slot_key(5), false}});
    rig.clock.advance(31 * 24h);
    open_slots(rig, 5, false, {{slot_key(6), false}});
    rig.clock.advance(401 * 24h);
    rig.settle();
}

}  // namespace

TEST_CASE("no statement of the mailbox reads or sorts a table as a whole") {
    DirectRig rig;
    do_everything(rig);
    auto* const handle = rig.database.connection().handle();
    auto all = statements(handle);
    CHECK(all.size() > 25);
    // What triggers do, which is no statement of its own.
    for (const char* sql :
         {"DELETE FROM depositors WHERE id = 1 AND items = 0",
          "DELETE FROM slots WHERE id = 1 AND live = 0 AND NOT EXISTS "
          "(SELECT 1 FROM items WHERE slot = 1)",
          "DELETE FROM owners WHERE id = 1 AND NOT EXISTS "
          "(SELECT 1 FROM slots WHERE owner = 1)",
          "SELECT 1 FROM items WHERE depositor = 1", "SELECT 1 FROM items WHERE owner = 1"})
        all.insert(sql);
    for (const auto& sql : all) {
        std::string plan;
        bool good = true;
        for (const auto& line : plan_of(handle, sql)) {
            plan += line + "\n";
            const bool one_row = line.starts_with("SCAN totals") || line.starts_with("SCAN secret");
            good = good && (!line.starts_with("SCAN") || one_row) &&
                   line.find("TEMP B-TREE") == std::string::npos;
        }
        INFO(sql << "\n" << plan);
        CHECK(good);
    }
}
