// SPDX-License-Identifier: MIT
#include "app/node/outbox.hpp"

#include "app/node/convert.hpp"
#include "app/node/wire.hpp"

namespace kith::node {

using store::Kind;

namespace {

/// What the person sees as a message of their own.
bool is_message(Kind kind) { return kind == Kind::text || kind == Kind::file_offer; }

}  // namespace

void Outbox::session_up(Understood understood) {
    session_down();
    ++session_;
    up_ = true;
    understood_ = understood;
    read_from_start();
}

void Outbox::read_from_start() {
    ++reading_;
    ready_.clear();
    read_up_to_ = 0;
    loading_ = passed_over_ = false;
    more_in_store_ = true;
    load();
}

void Outbox::session_down() {
    for (const auto& [id, sent] : std::exchange(in_flight_, {})) {
        const auto state =
            sent.at_relay ? model::MessageState::at_relay : model::MessageState::queued;
        if (is_message(sent.kind)) announce(id, state);
    }
    in_flight_bytes_ = 0;
    ready_.clear();
    up_ = loading_ = more_in_store_ = passed_over_ = stopped_ = false;
}

void Outbox::committed(store::Outgoing entry) {
    if (!up_) return;
    const bool already_passed = entry.sequence <= read_up_to_;  // in the place of an older one
    if (already_passed) {
        std::erase_if(ready_, [&](const auto& old) { return old.sequence == entry.sequence; });
    }
    if (!already_passed && (loading_ || more_in_store_ || ready_.size() >= ready_max)) {
        more_in_store_ = true;  // it follows what is still to be read, and is read with it
        return load();
    }
    take(std::move(entry));
    pump();
}

void Outbox::load() {
    if (!up_ || loading_ || !more_in_store_ || !ready_.empty()) return;
    loading_ = true;
    more_in_store_ = false;
    context_.store.submit(
        store::LoadOutbox{peer_, read_up_to_, page},
        [this, reading = reading_](store::Result result) { loaded(reading, std::move(result)); });
}

void Outbox::loaded(std::uint64_t reading, store::Result result) {
    if (!up_ || reading != reading_) return;
    if (!result) return stored(session_, result);
    loading_ = false;
    auto& answer = std::get<store::OutboxPage>(*result);
    more_in_store_ = more_in_store_ || answer.more;
    for (auto& entry : answer.entries) take(std::move(entry));
    pump();
}

bool Outbox::understood(Kind kind) const {
    switch (kind) {
        case Kind::text:
            return true;
        case Kind::file_offer:
        case Kind::file_answer:
        case Kind::file_stop:
        case Kind::file_waits:
            return understood_.files;
        default:
            return understood_.amendments;
    }
}

/// Makes an entry ready, unless it must not leave now or has left in this session.
void Outbox::take(store::Outgoing entry) {
    read_up_to_ = std::max(read_up_to_, entry.sequence);
    if (!understood(entry.kind)) return;
    if (hand_over_.held(entry.id)) {
        passed_over_ = true;
        return;
    }
    if (!in_flight_.contains(entry.id)) ready_.push_back(std::move(entry));
}

bool Outbox::window_open() const {
    return in_flight_.size() < window_messages && in_flight_bytes_ < window_bytes;
}

void Outbox::pump() {
    while (up_ && !stopped_ && !ready_.empty() && window_open()) {
        const store::Outgoing entry = std::move(ready_.front());
        ready_.pop_front();
        send(entry);
    }
    load();
}

void Outbox::send(const store::Outgoing& entry) {
    const std::size_t bytes = weight(entry);
    in_flight_.emplace(entry.id, Sent{entry.kind, bytes, entry.at_relay > 0});
    in_flight_bytes_ += bytes;
    hand_over_.given_to_session(entry.id);
    stopped_ = !context_.endpoint->send(fingerprint(peer_), to_wire(entry));
    if (is_message(entry.kind)) announce(entry.id, model::MessageState::sent);
}

void Outbox::drained() {
    stopped_ = false;
    pump();
}

void Outbox::acknowledged(const std::vector<net::MessageId>& ids) {
    store::Acknowledged job{peer_, {}, context_.now()};
    for (const auto& bytes : ids) {
        const auto found = in_flight_.find(model::MessageId{bytes});
        if (found == in_flight_.end()) continue;
        in_flight_bytes_ -= found->second.bytes;
        job.ids.push_back(found->first);
        in_flight_.erase(found);
    }
    if (job.ids.empty()) return;
    context_.store.submit(std::move(job), [this, session = session_](const store::Result& result) {
        stored(session, result);
    });
    pump();
}

void Outbox::receipt(const std::vector<net::MessageId>& ids) {
    acknowledged(ids);
    store::Acknowledged job{peer_, {}, context_.now()};
    for (const auto& bytes : ids) job.ids.push_back(model::MessageId{bytes});
    context_.store.submit(std::move(job), [this, session = session_](const store::Result& result) {
        stored(session, result);
    });
}

/// The store's word on acknowledgements. Without it they are asked for again: what stays in the
/// outbox is sent anew in the next session.
void Outbox::stored(std::uint64_t session, const store::Result& result) {
    if (!result) {
        context_.report(model::NoticeLevel::error, result.error().text);
        if (up_ && session == session_) context_.endpoint->drop_session(fingerprint(peer_));
        return;
    }
    const auto& texts = std::get<store::Delivered>(*result).texts;
    for (const auto& id : texts) announce(id, model::MessageState::delivered);
    if (!texts.empty()) on_delivered_(peer_, texts);
}

void Outbox::withhold(const model::MessageId& text) {
    if (std::erase_if(ready_, [&](const auto& entry) { return entry.id == text; }) != 0)
        passed_over_ = true;
}

void Outbox::resume() {
    if (up_ && passed_over_) read_from_start();
}

void Outbox::forget(const model::MessageId& text) {
    std::erase_if(ready_, [&](const auto& entry) { return entry.id == text; });
    const auto found = in_flight_.find(text);
    if (found == in_flight_.end()) return;
    in_flight_bytes_ -= found->second.bytes;
    in_flight_.erase(found);
    pump();
}

void Outbox::announce(const model::MessageId& id, model::MessageState state) {
    context_.events.publish(model::MessageStateChanged{peer_, id, state});
}

}  // namespace kith::node
