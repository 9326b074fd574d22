// SPDX-License-Identifier: MIT
#include "gui/transfer_feed.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace kith::gui {
namespace {

bool newer(const model::Transfer& a, const model::Transfer& b) {
    return std::tie(b.at, b.id) < std::tie(a.at, a.id);
}

}  // namespace

bool is_open(const model::Transfer& transfer) {
    switch (transfer.state) {
        case model::TransferState::offered:
        case model::TransferState::active:
        case model::TransferState::paused:
        case model::TransferState::waiting:
            return true;
        default:
            return false;
    }
}

bool is_busy(const model::Transfer& transfer) {
    return is_open(transfer) && transfer.state != model::TransferState::paused;
}

bool same_shape(const model::Transfer& a, const model::Transfer& b) {
    model::Transfer as_b = a;
    as_b.bytes = b.bytes;
    as_b.rate = b.rate;
    as_b.eta_s = b.eta_s;
    as_b.files_done = b.files_done;
    return as_b == b;
}

void RateHistory::push(std::uint64_t rate, std::size_t times) {
    times = std::min(times, seconds);
    std::copy(rates_.begin() + static_cast<std::ptrdiff_t>(times), rates_.end(), rates_.begin());
    std::fill(rates_.end() - static_cast<std::ptrdiff_t>(times), rates_.end(), rate);
}

void TransferFeed::take(const model::Transfers& all) {
    all_ = all.transfers;
    std::sort(all_.begin(), all_.end(), newer);
    drop_finished();
}

void TransferFeed::put(const model::Transfer& transfer) {
    const auto held = std::find_if(all_.begin(), all_.end(),
                                   [&](const auto& other) { return other.id == transfer.id; });
    if (!is_open(transfer)) histories_.erase(transfer.id);
    if (held != all_.end()) {
        *held = transfer;
        return;
    }
    all_.insert(std::lower_bound(all_.begin(), all_.end(), transfer, newer), transfer);
    drop_finished();
}

void TransferFeed::drop_finished() {
    std::size_t finished = 0;
    std::erase_if(all_, [&](const model::Transfer& transfer) {
        return !is_open(transfer) && ++finished > finished_max;
    });
}

void TransferFeed::sample(double time) {
    const double passed = std::floor(time) - std::floor(sampled_at_);
    if (passed < 1) return;
    sampled_at_ = time;
    const auto times = static_cast<std::size_t>(std::min(passed, 60.0));
    for (const model::Transfer& transfer : all_) {
        const bool moves = transfer.state == model::TransferState::active;
        const auto at = histories_.find(transfer.id);
        if (at != histories_.end())
            at->second.push(moves ? transfer.rate : 0, times);
        else if (moves)
            histories_[transfer.id].push(transfer.rate, 1);
    }
}

void TransferFeed::decide(const model::TransferId& id, bool waiting) {
    if (waiting)
        deciding_.insert(id);
    else
        deciding_.erase(id);
}

const model::Transfer* TransferFeed::find(const model::TransferId& id) const {
    const auto at =
        std::find_if(all_.begin(), all_.end(), [&](const auto& held) { return held.id == id; });
    return at == all_.end() ? nullptr : &*at;
}

const RateHistory* TransferFeed::history(const model::TransferId& id) const {
    const auto at = histories_.find(id);
    return at == histories_.end() ? nullptr : &at->second;
}

std::uint32_t TransferFeed::busy() const {
    return static_cast<std::uint32_t>(std::count_if(all_.begin(), all_.end(), is_busy));
}

bool TransferFeed::any_failed() const {
    return std::any_of(all_.begin(), all_.end(), [](const model::Transfer& transfer) {
        return transfer.state == model::TransferState::failed ||
               (transfer.state == model::TransferState::done && transfer.files_failed > 0);
    });
}

std::uint64_t TransferFeed::rate() const {
    std::uint64_t sum = 0;
    for (const model::Transfer& transfer : all_)
        if (transfer.state == model::TransferState::active) sum += transfer.rate;
    return sum;
}

const model::TransferId* decided_transfer(const model::Command& command) {
    if (const auto* c = std::get_if<model::AcceptTransfer>(&command)) return &c->transfer;
    if (const auto* c = std::get_if<model::DeclineTransfer>(&command)) return &c->transfer;
    if (const auto* c = std::get_if<model::PauseTransfer>(&command)) return &c->transfer;
    if (const auto* c = std::get_if<model::ResumeTransfer>(&command)) return &c->transfer;
    if (const auto* c = std::get_if<model::CancelTransfer>(&command)) return &c->transfer;
    const auto* retry = std::get_if<model::RetryTransfer>(&command);
    return retry && retry->transfer ? &*retry->transfer : nullptr;
}

}  // namespace kith::gui
