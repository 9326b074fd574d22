// SPDX-License-Identifier: MIT
//
//   pump.produce() -> pipe.send()     pipe.receive() -> pump.on_payload()     news -> mail -> ring
#include "net/transfer/bulk_lane.hpp"

#include <algorithm>
#include <cmath>

#include "net/transfer/bulk_socket_pipe.hpp"

namespace kith::net {
namespace {

using namespace std::chrono_literals;

constexpr int payloads_in_a_row = 16;    // then it looks around
constexpr double meter_half_life = 1.0;  // seconds

void join(BulkNews& news, BulkNews&& more) {
    news.bytes += more.bytes;
    news.resumed += more.resumed;
    news.landed.insert(news.landed.end(), more.landed.begin(), more.landed.end());
    std::ranges::move(more.troubles, std::back_inserter(news.troubles));
}

}  // namespace

BulkLane::BulkLane(BulkPath path, MakeBulkJob make, const Shared& shared)
    : shared_(shared),
      make_(std::move(make)),
      pipe_(pipe_for(std::move(path))),
      out_(shared.rates, SharedRates::out),
      in_(shared.rates, SharedRates::in),
      thread_([this] { run(); }) {}

BulkLane::~BulkLane() {
    stop();
    thread_.join();
}

std::unique_ptr<BulkPipe> BulkLane::pipe_for(BulkPath path) {
    if (auto* link = std::get_if<BulkLink>(&path))
        return std::make_unique<SocketPipe>(std::move(*link), shared_.rekey);
    const auto into_mail = [this](auto put) {
        {
            const std::lock_guard lock(mutex_);
            put(mail_);
        }
        shared_.ring();
    };
    auto pipe = std::make_unique<SessionPipe>(SessionPipe::Out{
        [into_mail](crypto::Bytes bytes) {
            into_mail([&](Mail& mail) { mail.output.push_back(std::move(bytes)); });
        },
        [into_mail](std::uint32_t credit) {
            into_mail([&](Mail& mail) { mail.credit += credit; });
        }});
    session_ = pipe.get();
    return pipe;
}

void BulkLane::stop() {
    stop_ = true;
    pipe_->wake();
}

BulkLane::Mail BulkLane::fetch() {
    const std::lock_guard lock(mutex_);
    return std::exchange(mail_, {});
}

// --- the run's thread ---

void BulkLane::run() {
    RunEnd end = go();
    {
        const std::lock_guard lock(mutex_);
        mail_.end = std::move(end);
    }
    shared_.ring();
}

RunEnd BulkLane::go() {
    look_at_the_time();
    heard_ = said_ = told_ = now_;
    const auto job = make_([this] { return cancelled(); });
    if (stop_ || !job) {
        pipe_->abandon();
        return stop_ ? RunEnd{RunOutcome::stopped, {}}
                     : RunEnd{RunOutcome::failed, job.error().text};
    }
    BulkPump& pump = (*job)->pump();
    RunEnd end = carry(pump);
    if (end.outcome == RunOutcome::complete) {
        pipe_->finish();
    } else {
        pipe_->abandon();
        pump.interrupted();
    }
    look_at_the_time();
    tell(pump, true);
    return end;
}

RunEnd BulkLane::carry(BulkPump& pump) {
    while (!stop_) {
        look_at_the_time();
        const auto said = say(pump);
        if (!said) return said.error();
        const auto heard = hear(pump);
        if (!heard) return heard.error();
        if (pump.finished() && pipe_->clear()) return {RunOutcome::complete, {}};
        if (now_ >= heard_ + shared_.timing.silence)
            return {RunOutcome::cut, "Nothing was heard from the other side any more."};
        if (const auto busy = say_busy_if_due(); !busy) return busy.error();
        untold_ = untold_ || *said || *heard;
        tell(pump, false);
        if (!*said && !*heard) rest(pump);
    }
    return {RunOutcome::stopped, {}};
}

/// Whether anything went.
PipeResult<bool> BulkLane::say(BulkPump& pump) {
    const std::uint64_t before = pipe_->bytes_out();
    if (const auto flushed = pipe_->flush(now_); !flushed) return tl::unexpected(flushed.error());
    const std::size_t most = out_.allowance(now_);
    bool produced = false;
    if (most > 0 && pipe_->clear() && !pump.finished()) {
        const auto size = pump.produce(pipe_->room().first(most), now_);
        if (!size) return tl::unexpected(RunEnd{RunOutcome::failed, size.error()});
        produced = *size > 0;
        if (const auto sent = produced ? pipe_->send(*size, now_) : PipeResult<void>{}; !sent)
            return tl::unexpected(sent.error());
    }
    const std::uint64_t went = pipe_->bytes_out() - before;
    out_.charge(went, now_);
    if (went > 0 || produced) said_ = now_;
    return went > 0 || produced;
}

PipeResult<bool> BulkLane::hear(BulkPump& pump) {
    const std::uint64_t before = pipe_->bytes_in();
    for (int i = 0; i < payloads_in_a_row && !pump.finished() && !stop_; ++i) {
        const std::size_t allowed = in_.allowance(now_);
        const std::size_t most = pipe_->hung_up() ? bulk::payload_max : allowed;
        const std::uint64_t so_far = pipe_->bytes_in();
        const auto payload = pipe_->receive(most, now_);
        if (!payload) return tl::unexpected(payload.error());
        in_.charge(pipe_->bytes_in() - so_far, now_);
        if (payload->empty()) break;
        if (const auto taken = pump.on_payload(*payload, now_); !taken)
            return tl::unexpected(RunEnd{RunOutcome::failed, taken.error()});
    }
    const bool came = pipe_->bytes_in() > before;
    // What is not read because of a limit is not silence.
    if (came || now_ < in_.ready_at()) heard_ = now_;
    return came;
}

PipeResult<void> BulkLane::say_busy_if_due() {
    if (!pipe_->clear()) {
        said_ = now_;  // what is on its way will do
        return {};
    }
    if (now_ < said_ + shared_.timing.busy) return {};
    said_ = now_;
    std::array<std::uint8_t, bulk::item_max> payload{};
    bulk::ItemWriter writer(payload);
    writer.put(bulk::Busy{});
    return pipe_->send_aside(crypto::ByteView(payload).first(writer.size()), now_);
}

/// Asked by whoever hashes a long file in the meantime: the other side hears that we are there.
bool BulkLane::cancelled() {
    look_at_the_time();
    (void)say_busy_if_due();  // what is broken shows in the next turn
    return stop_;
}

void BulkLane::rest(const BulkPump& pump) {
    const BulkTiming& timing = shared_.timing;
    auto until = std::min({pump.next_due(), heard_ + timing.silence, said_ + timing.busy,
                           told_ + (untold_ ? timing.news : 1s)});
    const bool may_read = in_.allowance(now_) > 0;
    if (!may_read) until = std::min(until, in_.ready_at());
    if (out_.allowance(now_) == 0) until = std::min(until, out_.ready_at());
    pipe_->wait(std::max<Milliseconds>(until - now_, 1ms), may_read);
}

// --- news ---

std::uint64_t BulkLane::RateMeter::add(std::uint64_t more, Milliseconds in) {
    const double passed = std::chrono::duration<double>(in).count();
    const double kept = std::exp2(-passed / meter_half_life);
    bytes = bytes * kept + static_cast<double>(more);
    seconds = seconds * kept + passed;
    const double rate = seconds > 0 ? bytes / seconds : 0;
    return rate < 1 ? 0 : static_cast<std::uint64_t>(rate);
}

void BulkLane::tell(BulkPump& pump, bool now) {
    const auto passed = now_ - told_;
    if (!now && passed < (untold_ ? shared_.timing.news : 1s)) return;
    told_ = now_;
    untold_ = false;
    BulkNews news = pump.take_news();
    const std::uint64_t rate = meter_.add(news.bytes, passed);
    if (news.empty() && rate == std::exchange(rate_, rate)) return;
    rate_ = rate;
    {
        const std::lock_guard lock(mutex_);
        mail_.fresh = true;
        mail_.rate = rate;
        join(mail_.news, std::move(news));
    }
    shared_.ring();
}

}  // namespace kith::net
