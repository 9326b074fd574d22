// SPDX-License-Identifier: MIT
#include "net/transfer/bulk_lanes.hpp"

namespace kith::net {

BulkLanes::BulkLanes(Reactor& reactor, const Clock& clock, const BulkTiming& timing,
                     const crypto::RekeyLimits& rekey)
    : reactor_(reactor),
      handler_(reactor.add_wake_handler([this] { deliver(); })),
      shared_{clock, rates_, [&reactor] { reactor.wake(); }, timing, rekey} {}

BulkLanes::~BulkLanes() {
    reactor_.remove_wake_handler(handler_);
    for (const auto& [run, lane] : lanes_) lane->stop();  // all at once, before the first is joined
}

void BulkLanes::set_listener(BulkRunListener* listener) { listener_ = listener; }

void BulkLanes::start(const RunId& run, BulkPath path, MakeBulkJob make) {
    affinity_.check();
    if (lanes_.size() >= runs_max || lanes_.contains(run)) {
        refused_.push_back(run);
        return reactor_.wake();
    }
    lanes_.emplace(run, std::make_unique<BulkLane>(std::move(path), std::move(make), shared_));
}

void BulkLanes::stop(const RunId& run) {
    affinity_.check();
    if (const auto found = lanes_.find(run); found != lanes_.end()) found->second->stop();
}

void BulkLanes::set_rates(const BulkRates& rates) {
    affinity_.check();
    rates_.set(rates);
    for (const auto& [run, lane] : lanes_) lane->rates_changed();
}

// --- in the session ---

SessionPipe* BulkLanes::in_session(const RunId& run) const {
    affinity_.check();
    const auto found = lanes_.find(run);
    return found == lanes_.end() ? nullptr : found->second->in_session();
}

bool BulkLanes::on_input(const RunId& run, crypto::Bytes bytes) {
    SessionPipe* pipe = in_session(run);
    // What comes for a run that has ended here was sent before they knew.
    return pipe == nullptr || pipe->on_input(std::move(bytes));
}

void BulkLanes::on_credit(const RunId& run, std::uint32_t bytes) {
    if (SessionPipe* pipe = in_session(run)) pipe->on_credit(bytes);
}

void BulkLanes::on_run_sent(const RunId& run, std::size_t bytes) {
    if (SessionPipe* pipe = in_session(run)) pipe->on_sent(bytes);
}

// --- news ---

/// The listener may start and stop runs while it hears of others.
void BulkLanes::deliver() {
    affinity_.bind();
    constexpr const char* refusal = "Too many transfers are running already.";
    for (const RunId& run : std::exchange(refused_, {}))
        if (listener_ != nullptr) listener_->on_run_ended(run, RunOutcome::failed, refusal);
    std::vector<std::pair<RunId, BulkLane::Mail>> mails;
    for (const auto& [run, lane] : lanes_) mails.emplace_back(run, lane->fetch());
    for (auto& [run, mail] : mails) deliver(run, std::move(mail));
}

void BulkLanes::deliver(const RunId& run, BulkLane::Mail mail) {
    // Its thread says nothing behind the end, so this does not wait.
    if (mail.end) lanes_.erase(run);
    if (listener_ != nullptr && mail.fresh) listener_->on_run_news(run, mail.news, mail.rate);
    for (crypto::Bytes& bytes : mail.output)
        if (listener_ != nullptr) listener_->on_run_output(run, std::move(bytes));
    if (listener_ != nullptr && mail.credit > 0) listener_->on_run_credit(run, mail.credit);
    if (listener_ != nullptr && mail.end)
        listener_->on_run_ended(run, mail.end->outcome, mail.end->text);
}

}  // namespace kith::net
