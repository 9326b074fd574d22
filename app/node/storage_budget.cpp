// SPDX-License-Identifier: MIT
#include "app/node/storage_budget.hpp"

#include "app/node/convert.hpp"

namespace kith::node {
namespace {

std::int64_t cost(std::size_t bytes) {
    return static_cast<std::int64_t>(bytes) + StorageBudget::per_message;
}

}  // namespace

bool StorageBudget::spend(const Person& from, std::size_t bytes) {
    Account& account = accounts_[from.row.id];
    fill(account, context_.clock.monotonic());
    if (account.left - cost(bytes) < -read_ahead) return false;
    account.left -= cost(bytes);
    if (account.left < 0 && !account.paused) pause(from, account);
    return true;
}

void StorageBudget::give_back(const model::PeerId& peer, std::size_t bytes) {
    const auto found = accounts_.find(peer);
    if (found != accounts_.end())
        found->second.left = std::min(at_once, found->second.left + cost(bytes));
}

void StorageBudget::session_up(const model::PeerId& peer) {
    const auto found = accounts_.find(peer);
    if (found != accounts_.end() && found->second.paused)
        context_.endpoint->set_reading(fingerprint(peer), false);
}

StorageBudget::Milliseconds StorageBudget::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    for (auto it = accounts_.begin(); it != accounts_.end();) {
        auto& [peer, account] = *it;
        fill(account, now);
        if (account.paused && account.left >= enough) {
            account.paused = false;
            context_.endpoint->set_reading(fingerprint(peer), true);
        }
        if (account.paused)
            next = std::min(next, now + Milliseconds((enough - account.left) / per_millisecond));
        it = account.left == at_once ? accounts_.erase(it) : std::next(it);
    }
    return next;
}

void StorageBudget::fill(Account& account, Milliseconds now) {
    const auto since = std::max(now - account.filled_at, Milliseconds{0});
    account.filled_at = now;
    account.left = std::min(at_once, account.left + since.count() * per_millisecond);
}

void StorageBudget::pause(const Person& from, Account& account) {
    account.paused = true;
    context_.endpoint->set_reading(fingerprint(from.row.id), false);
    context_.events.wake_up();  // to be told when to read on
    if (std::exchange(account.told, true)) return;
    context_.report(model::NoticeLevel::warning,
                    from.shown_name() +
                        " sends very much. From now on it is taken slowly, so that it cannot fill "
                        "your disk. If you did not ask for it, block or remove them.");
}

}  // namespace kith::node
