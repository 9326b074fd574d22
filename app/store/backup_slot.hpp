// SPDX-License-Identifier: MIT
//
// Orders for backups on their way to the storage thread, the one at work there, and the answers on
// their way back. Inside app/store only.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "app/store/backup.hpp"

namespace kith::store {

class BackupSlot {
public:
    struct Answer {
        std::uint64_t ticket = 0;
        BackedUp result;
    };

    /// Network thread.
    void order(std::uint64_t ticket, Backup order);
    [[nodiscard]] std::vector<Answer> take_answers();

    enum class Progress { none, more, answered };
    /// Storage thread: one step of the backup under way, or the begin of the next. An order that
    /// comes during another one is refused.
    [[nodiscard]] Progress step(Database& database);
    /// Storage thread: gives up, leaving no file. What is ordered later is never answered.
    void abandon();

private:
    struct Order {
        std::uint64_t ticket = 0;
        Backup backup;
    };
    [[nodiscard]] std::deque<Order> take_orders();
    void begin(Database& database, Order& order);
    void advance();
    void refuse(Order& order, const Error& error);
    void answer(std::uint64_t ticket, BackedUp result);

    std::unique_ptr<BackupCopy> copy_;  ///< storage thread only
    std::uint64_t ticket_ = 0;          ///< whose copy it is

    std::mutex mutex_;
    std::deque<Order> orders_;
    std::vector<Answer> answers_;
};

}  // namespace kith::store
