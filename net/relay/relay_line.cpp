// SPDX-License-Identifier: MIT
#include "net/relay/relay_line.hpp"

#include "net/ending.hpp"

namespace kith::net {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds retry_least{1'000};
constexpr Milliseconds retry_most{60'000};
constexpr Milliseconds stable{10'000};  // a shorter session does not reset the backoff
constexpr Milliseconds dial_most{5'000};

}  // namespace

RelayLine::RelayLine(crypto::RelayAddress address, const Session::Context& context)
    : address_(std::move(address)), context_(context), backoff_(retry_least, retry_most) {}

RelayLine::~RelayLine() {
    if (alive_) *alive_ = false;
    if (link_ && !session_) context_.transport.close(*link_, true);
}

void RelayLine::connect(const Resolve& resolve, Milliseconds now) {
    if (phase_ != Phase::idle) return;
    phase_ = Phase::resolving;
    next_ = 0;
    found_.clear();
    alive_ = std::make_shared<bool>(true);
    resolve(address_.host, address_.port, [this, now, alive = alive_](auto found) {
        if (!*alive) return;
        *alive = false;
        if (!found) return failed(found.error(), now);
        found_ = std::move(*found);
        dial_next(context_.clock.monotonic());
    });
}

void RelayLine::dial_next(Milliseconds now) {
    if (next_ == found_.size()) {
        if (error_.empty()) error_ = "The relay " + address_.host + " has no address.";
        return failed(error_, now);
    }
    phase_ = Phase::dialling;
    dial_until_ = now + dial_most;
    link_ = context_.transport.dial(found_[next_++]);
}

void RelayLine::on_dialled() {
    if (phase_ != Phase::dialling) return;
    phase_ = Phase::greeting;
    session_ = std::make_unique<Session>(
        context_, *link_, found_[next_ - 1],
        crypto::Initiator::Config{address_.relay,
                                  Bytes(address_.secret.begin(), address_.secret.end()),
                                  crypto::Path::direct});
    session_->start();
}

void RelayLine::on_closed(Ending::Reason reason) {
    if (session_) return session_->on_closed(reason);
    const auto now = context_.clock.monotonic();
    error_ = dial_ending(reason, found_[next_ - 1]).text;
    link_.reset();
    dial_next(now);
}

void RelayLine::on_up() {
    phase_ = Phase::up;
    up_at_ = context_.clock.monotonic();
    error_.clear();
}

void RelayLine::on_ended(const Ending& ending, Milliseconds now) {
    if (up() && now - up_at_ >= stable) backoff_.reset();
    const bool turned_away = ending.reason == Ending::Reason::not_admitted;
    part_with_session();
    failed(turned_away ? "The relay did not let us in: its address is out of date, or it is busy."
                       : ending.text,
           now);
}

void RelayLine::part_with_session() {
    if (session_) ended_.push_back(std::move(session_));
    link_.reset();
}

void RelayLine::failed(std::string error, Milliseconds now) {
    phase_ = Phase::idle;
    error_ = std::move(error);
    due_ = now + backoff_.next(context_.random);
}

void RelayLine::leave() {
    if (alive_) *alive_ = false;
    if (session_)
        return session_->leave(GoodbyeReason::closing, ending_of(Ending::Reason::closed_here));
    if (link_) context_.transport.close(*std::exchange(link_, {}), true);
    phase_ = Phase::idle;
}

void RelayLine::look_around(const Resolve& resolve, Milliseconds now) {
    backoff_.reset();
    if (up()) return session_->probe(now);
    if (phase_ == Phase::idle && own) connect(resolve, now);
}

Milliseconds RelayLine::tick(const Resolve& resolve, Milliseconds now) {
    ended_.clear();
    if (phase_ == Phase::idle) {
        if (!own) return Milliseconds::max();
        if (now < due_) return due_;
        connect(resolve, now);
    }
    if (phase_ == Phase::dialling) {
        if (now < dial_until_) return dial_until_;
        context_.transport.close(*std::exchange(link_, {}), true);
        error_ = dial_ending(Ending::Reason::timed_out, found_[next_ - 1]).text;
        dial_next(now);
        return phase_ == Phase::idle ? due_ : dial_until_;
    }
    return session_ ? session_->tick(now) : Milliseconds::max();
}

RelayStatus RelayLine::status() const {
    const auto state = up()                    ? RelayState::online
                       : phase_ == Phase::idle ? RelayState::offline
                                               : RelayState::connecting;
    return {address_, state, state == RelayState::offline ? error_ : std::string()};
}

}  // namespace kith::net
