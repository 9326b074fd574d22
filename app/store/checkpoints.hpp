// SPDX-License-Identifier: MIT
//
// When what was committed goes from the write-ahead log into the file: not within a commit, which
// somebody waits for, but when the log has grown. Inside app/store only; the connection's thread.
#pragma once

#include <memory>

#include "app/store/connection.hpp"

namespace kith::store {

class Checkpoints {
public:
    explicit Checkpoints(Connection& connection);

    /// Copies the log into the file once it has grown to 16 MiB; cheap otherwise. Failing is
    /// harmless: the log only stays longer.
    void make_if_due();
    /// Copies it in full and empties it. Outside a transaction.
    [[nodiscard]] Expected<void> make_in_full();

private:
    Connection* connection_;
    std::unique_ptr<int> log_pages_;  ///< length of the log; SQLite keeps the address
};

}  // namespace kith::store
