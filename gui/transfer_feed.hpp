// SPDX-License-Identifier: MIT
//
// Every transfer the window knows of, newest first, with the rates of the last minute. Plain data;
// UI thread.
#pragma once

#include <array>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "app/model/event.hpp"

namespace kith::gui {

/// Neither ended nor failed: it may still move by itself or by an answer.
[[nodiscard]] bool is_open(const model::Transfer& transfer);
/// Bytes move, or it waits for somebody: what the badge of the toolbar counts.
[[nodiscard]] bool is_busy(const model::Transfer& transfer);
/// The same but for numbers that change while bytes move: nothing about it is drawn elsewhere.
[[nodiscard]] bool same_shape(const model::Transfer& a, const model::Transfer& b);

/// Bytes a second, one number for each of the last 60 seconds, oldest first.
class RateHistory {
public:
    static constexpr std::size_t seconds = 60;
    void push(std::uint64_t rate, std::size_t times);
    [[nodiscard]] std::span<const std::uint64_t, seconds> rates() const { return rates_; }

private:
    std::array<std::uint64_t, seconds> rates_{};
};

class TransferFeed {
public:
    /// Finished ones beyond this many are forgotten, the oldest first.
    static constexpr std::size_t finished_max = model::transfers_listed_max;

    void take(const model::Transfers& all);
    void put(const model::Transfer& transfer);
    /// Notes the rates once a second. `time`: seconds, monotonic.
    void sample(double time);
    /// A command about it is on its way, or answered.
    void decide(const model::TransferId& id, bool waiting);

    [[nodiscard]] const std::vector<model::Transfer>& all() const { return all_; }
    [[nodiscard]] const model::Transfer* find(const model::TransferId& id) const;
    [[nodiscard]] const RateHistory* history(const model::TransferId& id) const;
    [[nodiscard]] bool deciding(const model::TransferId& id) const {
        return deciding_.contains(id);
    }
    [[nodiscard]] std::uint32_t busy() const;
    [[nodiscard]] bool any_failed() const;
    /// Bytes a second of all that are active.
    [[nodiscard]] std::uint64_t rate() const;

private:
    void drop_finished();

    std::vector<model::Transfer> all_;
    std::unordered_map<model::TransferId, RateHistory> histories_;
    std::unordered_set<model::TransferId> deciding_;
    double sampled_at_ = 0;
};

/// The transfer a command is about, if it decides what becomes of one.
[[nodiscard]] const model::TransferId* decided_transfer(const model::Command& command);

}  // namespace kith::gui
