// SPDX-License-Identifier: MIT
//
// How fast runs may be: a limit for all of them together and one for each, in each direction by
// itself. All limits can change while runs go on. Internal to net/.
//
// A queue in time: who has moved n bytes stands n / rate behind whoever asked last. Runs that
// always have something take turns, so each gets the same share; what one leaves the others use.
#pragma once

#include <atomic>
#include <mutex>

#include "net/transfer/bulk_runner.hpp"

namespace kith::net {

/// One limit. Any thread.
class RateGate {
public:
    /// Bytes a second, 0: none. What was owed under the old one is forgotten.
    void set(std::uint64_t rate);
    [[nodiscard]] std::uint64_t rate() const;
    /// So many bytes have moved; gives when more may.
    [[nodiscard]] Milliseconds charge(std::uint64_t bytes, Milliseconds now);

private:
    mutable std::mutex mutex_;
    std::uint64_t rate_ = 0;
    std::chrono::nanoseconds free_at_{0};
};

/// What all runs share. set(): network thread.
class SharedRates {
public:
    enum Direction { out = 0, in = 1 };

    void set(const BulkRates& rates);
    [[nodiscard]] RateGate& total(Direction direction) { return total_[direction]; }
    [[nodiscard]] std::uint64_t each() const noexcept { return each_; }
    /// Grows with each set().
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

private:
    RateGate total_[2];
    std::atomic<std::uint64_t> each_{0};
    std::atomic<std::uint64_t> generation_{0};
};

/// One direction of one run. The run's thread.
class Throttle {
public:
    Throttle(SharedRates& shared, SharedRates::Direction direction);

    /// Bytes that may move now; 0: not before ready_at().
    [[nodiscard]] std::size_t allowance(Milliseconds now);
    void charge(std::uint64_t bytes, Milliseconds now);
    [[nodiscard]] Milliseconds ready_at() const noexcept { return ready_at_; }

    /// At least so many at a time, however low the limit: an item has to fit.
    static constexpr std::size_t least = 4096;

private:
    void look_for_changes();

    SharedRates& shared_;
    RateGate& total_;
    RateGate own_;
    std::uint64_t generation_ = ~std::uint64_t{0};
    std::size_t step_ = bulk::payload_max;
    Milliseconds ready_at_{0};
};

}  // namespace kith::net
