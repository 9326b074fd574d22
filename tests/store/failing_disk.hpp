// SPDX-License-Identifier: MIT
//
// A disk that stops working: SQLite's own file layer with every write, flush and truncation
// counted, and all of them failing from a chosen one on. Stands in as the default layer while it
// exists. Any thread.
#pragma once

#include <cstddef>

namespace kith::store::test {

class FailingDisk {
public:
    /// `code` is what SQLite is told: SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, …
    explicit FailingDisk(int code);
    ~FailingDisk();
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;

    /// The next `operations` succeed, later ones fail.
    void fail_after(std::size_t operations);
    /// Only the one after the next `operations` fails.
    void fail_once_after(std::size_t operations);
    void repair();
    /// Whether an operation failed since the last call of one of the above.
    [[nodiscard]] bool failed() const;

private:
    void set(std::size_t operations, bool once);
};

}  // namespace kith::store::test
