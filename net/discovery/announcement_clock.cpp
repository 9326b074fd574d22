// SPDX-License-Identifier: MIT
#include "net/discovery/announcement_clock.hpp"

#include <algorithm>

namespace kith::net {
namespace {

constexpr std::chrono::milliseconds hurry_spacing{1000};  // sessions may come and go quickly

}  // namespace

void AnnouncementClock::restart(ms now) {
    series_ = now;
    step_ = 0;
    next_ = std::max(now + timing_.quick[0], last_ + timing_.spacing_min);
}

void AnnouncementClock::hurry(ms now) {
    next_ = std::min(next_, std::max(now, last_ + hurry_spacing));
}

void AnnouncementClock::announced(ms interval, ms now) {
    last_ = now;
    if (series_ && ++step_ < timing_.quick.size()) {
        next_ = std::max(*series_ + timing_.quick[step_], now + timing_.spacing_min);
        return;
    }
    series_.reset();
    next_ = now + jittered(interval);
}

AnnouncementClock::ms AnnouncementClock::jittered(ms interval) {
    const auto spread = std::chrono::duration_cast<ms>(interval * timing_.jitter);
    return interval - spread + random_delay(random_, 2 * spread + ms{1});
}

}  // namespace kith::net
