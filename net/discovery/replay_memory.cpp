// SPDX-License-Identifier: MIT
#include "net/discovery/replay_memory.hpp"

namespace kith::net {
namespace {

constexpr std::uint32_t window = 64;
constexpr std::uint64_t all = ~std::uint64_t{0};

}  // namespace

bool ReplayMemory::is_new(const Sender& sender, std::uint64_t boot, std::uint32_t sequence,
                          ms now) const {
    const auto found = senders_.find(sender);
    if (found == senders_.end()) return true;
    const Entry& entry = *found->second;
    if (now - entry.heard > forget_after_) return true;
    if (boot != entry.boot) return boot > entry.boot;
    if (sequence > entry.newest) return true;
    const std::uint32_t behind = entry.newest - sequence;
    return behind < window && (entry.seen >> behind & 1) == 0;
}

void ReplayMemory::remember(const Sender& sender, std::uint64_t boot, std::uint32_t sequence,
                            bool last, ms now) {
    if (const auto found = senders_.find(sender); found != senders_.end()) {
        order_.splice(order_.begin(), order_, found->second);
    } else {
        if (senders_.size() >= senders_max_) {
            senders_.erase(order_.back().sender);
            order_.pop_back();
        }
        order_.push_front({sender, boot, sequence, 0, now});
        senders_.emplace(sender, order_.begin());
    }
    Entry& entry = order_.front();
    entry.heard = now;
    if (boot != entry.boot) {
        entry = {sender, boot, sequence, 1, now};
    } else if (sequence >= entry.newest) {
        const std::uint32_t ahead = sequence - entry.newest;
        entry.seen = (ahead < window ? entry.seen << ahead : 0) | 1;
        entry.newest = sequence;
    } else if (entry.newest - sequence < window) {
        entry.seen |= std::uint64_t{1} << (entry.newest - sequence);
    }
    if (last) entry.seen = all;
}

}  // namespace kith::net
