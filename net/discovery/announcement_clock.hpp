// SPDX-License-Identifier: MIT
//
// When to announce: quickly after a change, then at an interval with jitter. Internal to
// net/discovery.
#pragma once

#include <optional>

#include "crypto/random.hpp"
#include "net/backoff.hpp"
#include "net/discovery/timing.hpp"

namespace kith::net {

class AnnouncementClock {
public:
    using ms = std::chrono::milliseconds;
    AnnouncementClock(const DiscoveryTiming& timing, crypto::RandomSource& random)
        : timing_(timing), random_(random) {}

    /// Something changed: the quick announcements begin again.
    void restart(ms now);
    /// One announcement, not much later than now.
    void hurry(ms now);
    [[nodiscard]] ms next() const noexcept { return next_; }
    /// Within the quick ones: whoever hears it is asked to answer.
    [[nodiscard]] bool quick() const noexcept { return series_.has_value(); }
    /// It was made; the one after follows in the next quick step or about `interval`.
    void announced(ms interval, ms now);

private:
    [[nodiscard]] ms jittered(ms interval);

    const DiscoveryTiming& timing_;
    crypto::RandomSource& random_;
    std::optional<ms> series_;  ///< start of the quick ones
    std::size_t step_ = 0;
    ms last_ = ms::min() / 2;
    ms next_ = ms::max();
};

}  // namespace kith::net
