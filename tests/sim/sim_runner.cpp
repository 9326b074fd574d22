// SPDX-License-Identifier: MIT
#include "tests/sim/sim_runner.hpp"

#include "net/framing.hpp"
#include "net/message.hpp"

namespace kith::sim {

using net::RunOutcome;

void SimRunner::crash() {
    ++incarnation_;
    runs_.clear();
}

void SimRunner::start(const net::RunId& id, net::BulkPath, net::MakeBulkJob make) {
    ++started;
    const bool too_many = runs_.size() >= runs_max;
    Run& run = runs_[id];
    if (too_many) {
        ++refused;
        run.broken = "Too many transfers are running already.";
        return work_later(id);
    }
    auto job = make([] { return false; });
    if (job) {
        run.job = std::move(*job);
    } else {
        run.broken = job.error().text;
    }
    work_later(id);
}

void SimRunner::stop(const net::RunId& id) {
    if (const auto found = runs_.find(id); found != runs_.end()) found->second.stopped = true;
    work_later(id);
}

bool SimRunner::on_input(const net::RunId& id, crypto::Bytes bytes) {
    const auto found = runs_.find(id);
    if (found == runs_.end()) return false;
    Run& run = found->second;
    if (bytes.size() > run.granted) run.broken = "They sent more than they were allowed to.";
    run.granted -= std::min(run.granted, bytes.size());
    run.in.insert(run.in.end(), bytes.begin(), bytes.end());
    work_later(id);
    return run.broken.empty();
}

void SimRunner::on_credit(const net::RunId& id, std::uint32_t bytes) {
    if (const auto found = runs_.find(id); found != runs_.end()) found->second.credit += bytes;
    work_later(id);
}

void SimRunner::on_run_sent(const net::RunId& id, std::size_t bytes) {
    if (const auto found = runs_.find(id); found != runs_.end()) found->second.unsent -= bytes;
    work_later(id);
}

void SimRunner::work_later(const net::RunId& id, milliseconds delay) {
    network_.after(delay, [this, id, run = incarnation_] {
        if (run != incarnation_) return;
        work(id);
        if (wake) wake();
    });
}

void SimRunner::work(const net::RunId& id) {
    const auto found = runs_.find(id);
    if (found == runs_.end() || listener_ == nullptr) return;
    Run& run = found->second;
    if (run.job && run.broken.empty() && !run.stopped) {
        take_in(run);
        speak(id, run);
    }
    net::BulkPump* pump = run.job ? &run.job->pump() : nullptr;
    const bool over = run.stopped || !run.broken.empty() ||
                      (pump->finished() && run.out.empty() && run.unsent == 0);
    if (over && pump != nullptr && !pump->finished()) pump->interrupted();
    if (pump != nullptr) {
        if (const auto news = pump->take_news(); !news.empty())
            listener_->on_run_news(id, news, 1000);
    }
    if (!over) {
        const auto due = pump->next_due();
        if (due != milliseconds::max())
            work_later(id, std::max(due - network_.clock().monotonic(), milliseconds{1}));
        return;
    }
    end(id,
        run.stopped           ? RunOutcome::stopped
        : !run.broken.empty() ? RunOutcome::failed
                              : RunOutcome::complete,
        run.broken);
}

void SimRunner::end(const net::RunId& id, RunOutcome outcome, const std::string& text) {
    const std::string copy = text;
    runs_.erase(id);
    listener_->on_run_ended(id, outcome, copy);
}

void SimRunner::take_in(Run& run) {
    crypto::ByteView left = run.in;
    net::FrameReader reader(net::bulk::payload_max);
    std::size_t used = 0;
    while (run.broken.empty()) {
        const auto payload = reader.next(left);
        if (!payload) break;
        const auto taken = run.job->pump().on_payload(*payload, network_.clock().monotonic());
        if (!taken) run.broken = taken.error();
        used = run.in.size() - left.size();
    }
    run.in.erase(run.in.begin(), run.in.begin() + static_cast<std::ptrdiff_t>(used));
}

void SimRunner::speak(const net::RunId& id, Run& run) {
    const std::size_t window = 3 * net::bulk_window / 2;
    if (run.granted < net::bulk_window && run.granted + run.in.size() < net::bulk_window) {
        const auto more = static_cast<std::uint32_t>(window - run.granted - run.in.size());
        run.granted += more;
        listener_->on_run_credit(id, more);
    }
    crypto::Bytes payload(net::bulk::payload_max);
    while (run.broken.empty() && run.out.size() < net::bulk_output_max) {
        const auto size = run.job->pump().produce(payload, network_.clock().monotonic());
        if (!size) run.broken = size.error();
        if (!size || *size == 0) break;
        net::append_frame(run.out, crypto::ByteView(payload).first(*size));
    }
    while (!run.out.empty() && run.credit > 0 && run.unsent < net::bulk_output_max) {
        const auto size = std::min({run.out.size(), run.credit, net::bulk_data_max});
        crypto::Bytes piece(run.out.begin(), run.out.begin() + static_cast<std::ptrdiff_t>(size));
        run.out.erase(run.out.begin(), run.out.begin() + static_cast<std::ptrdiff_t>(size));
        run.credit -= size;
        run.unsent += size;
        listener_->on_run_output(id, std::move(piece));
    }
}

}  // namespace kith::sim
