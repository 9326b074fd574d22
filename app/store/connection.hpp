// SPDX-License-Identifier: MIT
//
// An open SQLite handle with its prepared statements. Inside app/store only. Not thread-safe and
// opened without SQLite's own locks: it may move to another thread, but serves one at a time.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "app/store/errors.hpp"
#include "app/store/statement.hpp"

struct sqlite3;

namespace kith::store {

class Connection {
public:
    /// Opens without reading anything. ":memory:" is a database without a file.
    static Expected<std::unique_ptr<Connection>> open(const std::string& file, bool create);
    /// Never writes, nor makes a file beside it.
    static Expected<std::unique_ptr<Connection>> open_to_read(const std::string& file);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Compiled at first use and kept; `sql` is a literal (its address is the key).
    [[nodiscard]] Query query(const char* sql);
    /// One or more statements without rows.
    [[nodiscard]] Expected<void> execute(const std::string& sql);
    /// The first column of the first row; 0 without rows.
    [[nodiscard]] Expected<std::int64_t> number(const std::string& sql);

    /// Rows changed by the last INSERT, UPDATE or DELETE.
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] std::uint64_t last_row() const;
    [[nodiscard]] bool in_transaction() const;
    /// The last failure.
    [[nodiscard]] Error error() const;
    /// SQLite's extended code of the last failure.
    [[nodiscard]] int error_code() const;

    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

private:
    static Expected<std::unique_ptr<Connection>> open_with(const std::string& file, int flags);
    Connection(sqlite3* handle, std::string file) : handle_(handle), file_(std::move(file)) {}

    sqlite3* handle_;
    std::string file_;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

}  // namespace kith::store
