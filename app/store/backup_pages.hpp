// SPDX-License-Identifier: MIT
//
// Copying a database page by page into another under another key. Inside app/store only.
#pragma once

#include <span>

#include "app/store/connection.hpp"

struct sqlite3_backup;

namespace kith::store {

/// A new database in an empty file that only this process knows: written without a journal and
/// without flushing, as it is of no use before it is whole. With an empty salt, a random one.
[[nodiscard]] Expected<std::unique_ptr<Connection>> open_part(const std::string& part,
                                                              std::span<const std::uint8_t, 32> key,
                                                              std::span<const std::uint8_t> salt);

/// All pages of one connection's database into the other's. Both outlive this.
class PageCopy {
public:
    PageCopy(Connection& source, Connection& target);
    ~PageCopy();
    PageCopy(const PageCopy&) = delete;
    PageCopy& operator=(const PageCopy&) = delete;

    [[nodiscard]] bool begun() const noexcept { return backup_ != nullptr; }
    /// True once everything is copied. Errors name the file that failed.
    [[nodiscard]] Expected<bool> step(int pages);

private:
    Connection& source_;
    Connection& target_;
    sqlite3_backup* backup_;
};

/// The same for a source that is not encrypted, at once and into a file nobody has open. Outside a
/// transaction.
[[nodiscard]] Expected<void> copy_from_plain(Connection& source, const std::string& part,
                                             std::span<const std::uint8_t, 32> key,
                                             std::span<const std::uint8_t> salt);

/// A copy believes to have a write-ahead log, as its source had one. One file is to be all of it.
[[nodiscard]] Expected<void> leave_log_mode(Connection& copy);

}  // namespace kith::store
