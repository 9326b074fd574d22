// SPDX-License-Identifier: MIT
#include "app/store/connection.hpp"

#include <sqlcipher/sqlite3.h>

#include "app/store/fts_tokenizer.hpp"

namespace kith::store {

Expected<std::unique_ptr<Connection>> Connection::open(const std::string& file, bool create) {
    return open_with(file, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0));
}

Expected<std::unique_ptr<Connection>> Connection::open_to_read(const std::string& file) {
    return open_with(file, SQLITE_OPEN_READONLY);
}

Expected<std::unique_ptr<Connection>> Connection::open_with(const std::string& file, int flags) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &handle,
                                     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (handle == nullptr)
        return fail(Errc::io, "There is not enough memory to open \"" + file + "\".");
    std::unique_ptr<Connection> connection(new Connection(handle, file));
    if (code != SQLITE_OK) return tl::unexpected(connection->error());
    if (auto known = register_tokenizer(*connection); !known) return tl::unexpected(known.error());
    return connection;
}

Connection::~Connection() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

Query Connection::query(const char* sql) {
    auto [entry, fresh] = statements_.try_emplace(sql, nullptr);
    if (entry->second == nullptr)
        sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &entry->second, nullptr);
    return Query(entry->second);
}

Expected<void> Connection::execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return tl::unexpected(error());
    return {};
}

Expected<std::int64_t> Connection::number(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return tl::unexpected(error());
    const int code = sqlite3_step(statement);
    Expected<std::int64_t> result = 0;
    if (code == SQLITE_ROW)
        result = sqlite3_column_int64(statement, 0);
    else if (code != SQLITE_DONE)
        result = tl::unexpected(error());
    sqlite3_finalize(statement);
    return result;
}

std::int64_t Connection::changes() const { return sqlite3_changes64(handle_); }

std::uint64_t Connection::last_row() const {
    return static_cast<std::uint64_t>(sqlite3_last_insert_rowid(handle_));
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

int Connection::error_code() const { return sqlite3_extended_errcode(handle_); }

Error Connection::error() const {
    return describe({error_code(), sqlite3_errmsg(handle_), sqlite3_system_errno(handle_)}, file_);
}

}  // namespace kith::store
