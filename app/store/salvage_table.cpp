// SPDX-License-Identifier: MIT
#include "app/store/salvage_table.hpp"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <vector>

namespace kith::store {
namespace {

/// Tables that are made to stand on single pages at a time: each costs a kilobyte of memory.
constexpr std::int64_t loose_tables = 512;

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// Null when it cannot be prepared, as when the schema names a table that is lost.
Statement prepare(Connection& connection, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(connection.handle(), sql.c_str(), -1, &statement, nullptr);
    return Statement(statement);
}

std::string joined(const std::vector<std::string>& names, const char* suffix = "") {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + name + suffix;
    return out;
}

/// What the target knows of the table; the source's own words are not trusted.
struct Shape {
    std::vector<std::string> columns, key;
    bool has_rowid = true;
};

Expected<Shape> shape_of(Connection& target, const std::string& table) {
    Shape shape;
    auto columns = prepare(target, "SELECT name FROM pragma_table_info('" + table + "')");
    while (sqlite3_step(columns.get()) == SQLITE_ROW)
        shape.columns.emplace_back(
            reinterpret_cast<const char*>(sqlite3_column_text(columns.get(), 0)));
    auto key = prepare(
        target, "SELECT name FROM pragma_table_info('" + table + "') WHERE pk > 0 ORDER BY pk");
    while (sqlite3_step(key.get()) == SQLITE_ROW)
        shape.key.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(key.get(), 0)));
    const auto without =
        target.number("SELECT wr FROM pragma_table_list WHERE name = '" + table + "'");
    if (!without || shape.columns.empty()) return tl::unexpected(target.error());
    shape.has_rowid = *without == 0;
    return shape;
}

/// Takes rows of the source over into the target.
class Rows {
public:
    Rows(Connection& target, const std::string& table, const Shape& shape)
        : target_(target), size_(static_cast<int>(shape.columns.size())) {
        std::string values;
        for (int i = 0; i < size_; ++i) values += i == 0 ? "?" : ", ?";
        insert_ = prepare(target, "INSERT OR IGNORE INTO " + table + " (" + joined(shape.columns) +
                                      ") VALUES (" + values + ")");
    }

    [[nodiscard]] Expected<void> take(sqlite3_stmt* row) {
        for (int i = 0; i < size_; ++i)
            sqlite3_bind_value(insert_.get(), i + 1, sqlite3_column_value(row, i));
        sqlite3_step(insert_.get());
        const int code = sqlite3_reset(insert_.get());
        if (code == SQLITE_OK || (code & 0xff) == SQLITE_CONSTRAINT) return {};
        return tl::unexpected(target_.error());
    }

private:
    Connection& target_;
    int size_;
    Statement insert_;
};

enum class End { reached, unreadable };

/// Until the last row, or a page that cannot be read.
Expected<End> copy_rows(Connection& damaged, Rows& rows, const std::string& query) {
    auto read = prepare(damaged, query);
    if (!read) return End::unreadable;
    int code = sqlite3_step(read.get());
    for (; code == SQLITE_ROW; code = sqlite3_step(read.get()))
        if (auto taken = rows.take(read.get()); !taken) return tl::unexpected(taken.error());
    return code == SQLITE_DONE ? End::reached : End::unreadable;
}

/// Reads each page of a file as if it were the root of the table. SQLite reads a leaf so, or what
/// stands below a page; pages of other kinds it refuses, and rows of other tables do not pass the
/// target's constraints (the tables are STRICT). Freed pages hold nothing: they are overwritten.
class LoosePages {
public:
    LoosePages(Connection& damaged, Rows& rows, std::string definition, std::string columns)
        : damaged_(damaged),
          rows_(rows),
          definition_(std::move(definition)),
          columns_(std::move(columns)) {}

    /// Returns the number of pages that cannot be decrypted.
    [[nodiscard]] Expected<std::uint64_t> copy() {
        const auto pages = damaged_.number("PRAGMA page_count;");
        std::uint64_t unreadable = 0;
        for (std::int64_t first = 2; pages && first <= *pages; first += loose_tables) {
            const auto last = std::min(first + loose_tables - 1, *pages);
            if (!name_tables(first, last)) return unreadable + 1;
            for (auto page = first; page <= last; ++page) {
                const auto end =
                    copy_rows(damaged_, rows_, "SELECT " + columns_ + " FROM " + name(page));
                if (!end) return tl::unexpected(end.error());
                // What SQLCipher calls a page that fails authentication (SQLITE_CORRUPT: not a
                // page of a table).
                if (*end == End::unreadable && damaged_.error_code() == SQLITE_ERROR) ++unreadable;
            }
        }
        return unreadable;
    }

private:
    static std::string name(std::int64_t page) { return "loose_" + std::to_string(page); }

    bool name_tables(std::int64_t first, std::int64_t last) {
        std::string sql = "BEGIN; DELETE FROM sqlite_schema WHERE name LIKE 'loose!_%' ESCAPE '!';";
        for (auto page = first; page <= last; ++page) {
            const std::string quoted = '\'' + name(page) + '\'';
            sql +=
                "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES "
                "('table', " +
                quoted + ", " + quoted + ", " + std::to_string(page) + ", 'CREATE TABLE " +
                name(page) + ' ' + definition_ + "');";
        }
        // RESET makes SQLite read the schema anew.
        const bool named = damaged_.execute(sql + "COMMIT;").has_value();
        if (!named && damaged_.in_transaction()) (void)damaged_.execute("ROLLBACK;");
        return named && damaged_
                            .execute(
                                "PRAGMA writable_schema = RESET;"
                                "PRAGMA writable_schema = ON;")
                            .has_value();
    }

    Connection& damaged_;
    Rows& rows_;
    std::string definition_, columns_;
};

/// What stands behind the name in CREATE TABLE, as the target has it.
Expected<std::string> definition_of(Connection& target, const std::string& table) {
    auto query = prepare(target,
                         "SELECT replace(substr(sql, instr(sql, '(')), char(39), char(39, 39))"
                         " FROM sqlite_schema WHERE name = '" +
                             table + "'");
    if (!query || sqlite3_step(query.get()) != SQLITE_ROW) return tl::unexpected(target.error());
    return std::string(reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0)));
}

}  // namespace

Expected<std::uint64_t> salvage_table(Connection& damaged, Connection& target,
                                      const std::string& table) {
    const auto shape = shape_of(target, table);
    if (!shape) return tl::unexpected(shape.error());
    Rows rows(target, table, *shape);
    const std::string columns = joined(shape->columns);
    const std::string all = "SELECT " + columns + " FROM " + table;
    const auto forward = copy_rows(damaged, rows, all);
    if (!forward) return tl::unexpected(forward.error());
    if (*forward == End::reached) return 0;
    if (shape->has_rowid) {
        if (shape->key.empty()) return 1;  // rows could come twice
        const auto definition = definition_of(target, table);
        if (!definition) return tl::unexpected(definition.error());
        return LoosePages(damaged, rows, *definition, columns).copy().map([](std::uint64_t found) {
            return std::max<std::uint64_t>(found, 1);
        });
    }
    return copy_rows(damaged, rows, all + " ORDER BY " + joined(shape->key, " DESC"))
        .map([](End) -> std::uint64_t { return 1; });
}

}  // namespace kith::store
