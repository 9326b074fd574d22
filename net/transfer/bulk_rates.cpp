// SPDX-License-Identifier: MIT
#include "net/transfer/bulk_rates.hpp"

#include <algorithm>

namespace kith::net {
namespace {

using namespace std::chrono_literals;

// Whoever was late by less than this catches up: threads do not wake up to the millisecond.
constexpr auto patience = 20ms;
constexpr std::uint64_t steps_per_second = 20;

}  // namespace

void RateGate::set(std::uint64_t rate) {
    const std::lock_guard lock(mutex_);
    rate_ = rate;
    free_at_ = {};
}

std::uint64_t RateGate::rate() const {
    const std::lock_guard lock(mutex_);
    return rate_;
}

Milliseconds RateGate::charge(std::uint64_t bytes, Milliseconds now) {
    const std::lock_guard lock(mutex_);
    if (rate_ == 0) return now;
    const std::chrono::duration<double> takes{static_cast<double>(bytes) /
                                              static_cast<double>(rate_)};
    free_at_ = std::max<std::chrono::nanoseconds>(free_at_, now - patience) +
               std::chrono::duration_cast<std::chrono::nanoseconds>(takes);
    return std::chrono::ceil<Milliseconds>(free_at_);
}

void SharedRates::set(const BulkRates& rates) {
    for (RateGate& gate : total_) gate.set(rates.total);
    each_ = rates.each;
    ++generation_;
}

Throttle::Throttle(SharedRates& shared, SharedRates::Direction direction)
    : shared_(shared), total_(shared.total(direction)) {
    look_for_changes();
}

void Throttle::look_for_changes() {
    const std::uint64_t generation = shared_.generation();
    if (generation == generation_) return;
    generation_ = generation;
    ready_at_ = {};
    own_.set(shared_.each());
    step_ = bulk::payload_max;
    for (const std::uint64_t rate : {own_.rate(), total_.rate()}) {
        if (rate == 0) continue;
        const auto part = std::max<std::uint64_t>(rate / steps_per_second, least);
        step_ = static_cast<std::size_t>(std::min<std::uint64_t>(step_, part));
    }
}

std::size_t Throttle::allowance(Milliseconds now) {
    look_for_changes();
    return now < ready_at_ ? 0 : step_;
}

void Throttle::charge(std::uint64_t bytes, Milliseconds now) {
    if (bytes == 0) return;
    ready_at_ = std::max(own_.charge(bytes, now), total_.charge(bytes, now));
}

}  // namespace kith::net
