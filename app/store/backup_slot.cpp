// SPDX-License-Identifier: MIT
#include "app/store/backup_slot.hpp"

#include <utility>

namespace kith::store {

void BackupSlot::order(std::uint64_t ticket, Backup order) {
    const std::lock_guard lock(mutex_);
    orders_.push_back({ticket, std::move(order)});
}

std::vector<BackupSlot::Answer> BackupSlot::take_answers() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answers_, {});
}

void BackupSlot::refuse(Order& order, const Error& error) {
    wipe(order.backup);
    answer(order.ticket, tl::unexpected(error));
}

std::deque<BackupSlot::Order> BackupSlot::take_orders() {
    const std::lock_guard lock(mutex_);
    return std::exchange(orders_, {});
}

void BackupSlot::answer(std::uint64_t ticket, BackedUp result) {
    const std::lock_guard lock(mutex_);
    answers_.push_back({ticket, std::move(result)});
}

BackupSlot::Progress BackupSlot::step(Database& database) {
    auto orders = take_orders();
    const bool answering = !orders.empty();
    for (Order& order : orders) {
        if (copy_)
            refuse(order, backup_under_way());
        else
            begin(database, order);
    }
    if (!copy_) return answering ? Progress::answered : Progress::none;
    advance();
    return copy_ ? Progress::more : Progress::answered;
}

void BackupSlot::begin(Database& database, Order& order) {
    auto begun = BackupCopy::begin(database, std::move(order.backup));
    wipe(order.backup);
    if (!begun) return answer(order.ticket, tl::unexpected(begun.error()));
    copy_ = std::move(*begun);
    ticket_ = order.ticket;
}

void BackupSlot::advance() {
    const auto stepped = copy_->step();
    if (stepped && !*stepped) return;
    BackedUp result = stepped ? copy_->finish() : BackedUp(tl::unexpected(stepped.error()));
    copy_.reset();  // a failed one is taken away before anybody hears of it
    answer(ticket_, std::move(result));
}

void BackupSlot::abandon() {
    const Error closing{Errc::io, "Kith was closed before the backup was done. Make it again."};
    if (std::exchange(copy_, nullptr)) answer(ticket_, tl::unexpected(closing));
    for (Order& order : take_orders()) refuse(order, closing);
}

}  // namespace kith::store
