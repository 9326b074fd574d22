// SPDX-License-Identifier: MIT
#include "app/node/outbox.hpp"

#include "app/node/convert.hpp"

namespace kith::node {
namespace {

net::Text to_wire(const model::Message& message) {
    net::Text text;
    text.id = message.id.bytes;
    text.sent_at = message.at;
    text.text = message.text;
    if (message.reply_to) text.reply_to = message.reply_to->bytes;
    return text;
}

}  // namespace

void Outbox::session_up() {
    session_down();
    ++session_;
    up_ = true;
    more_in_store_ = true;
    load();
}

void Outbox::session_down() {
    for (const auto& [id, bytes] : in_flight_) announce(id, model::MessageState::queued);
    in_flight_.clear();
    in_flight_bytes_ = 0;
    ready_.clear();
    up_ = loading_ = more_in_store_ = stopped_ = false;
    read_up_to_ = 0;
}

void Outbox::committed(const model::Message& message) {
    if (!up_) return;
    if (loading_ || more_in_store_ || ready_.size() >= ready_max) {
        more_in_store_ = true;  // it follows what is still to be read, and is read with it
        return load();
    }
    read_up_to_ = message.position;
    ready_.push_back(message);
    pump();
}

void Outbox::load() {
    if (!up_ || loading_ || !more_in_store_ || !ready_.empty()) return;
    loading_ = true;
    more_in_store_ = false;
    context_.store.submit(
        store::LoadOutbox{peer_, read_up_to_, page},
        [this, session = session_](const store::Result& result) { loaded(session, result); });
}

void Outbox::loaded(std::uint64_t session, const store::Result& result) {
    if (!up_ || session != session_) return;
    loading_ = false;
    if (!result) {
        more_in_store_ = true;  // read again when the next text is written
        return context_.report(model::NoticeLevel::error, result.error().text);
    }
    const auto& answer = std::get<store::Page>(*result);
    more_in_store_ = more_in_store_ || answer.more;
    for (const auto& message : answer.messages) {
        read_up_to_ = message.position;
        ready_.push_back(message);
    }
    pump();
}

bool Outbox::window_open() const {
    return in_flight_.size() < window_messages && in_flight_bytes_ < window_bytes;
}

void Outbox::pump() {
    while (up_ && !stopped_ && !ready_.empty() && window_open()) {
        const model::Message message = std::move(ready_.front());
        ready_.pop_front();
        send(message);
    }
    load();
}

void Outbox::send(const model::Message& message) {
    in_flight_.emplace(message.id, message.text.size());
    in_flight_bytes_ += message.text.size();
    stopped_ = !context_.endpoint->send(fingerprint(peer_), to_wire(message));
    announce(message.id, model::MessageState::sent);
}

void Outbox::drained() {
    stopped_ = false;
    pump();
}

void Outbox::acknowledged(const std::vector<net::MessageId>& ids) {
    store::MarkDelivered delivered{peer_, {}};
    for (const auto& bytes : ids) {
        const auto found = in_flight_.find(model::MessageId{bytes});
        if (found == in_flight_.end()) continue;
        in_flight_bytes_ -= found->second;
        delivered.ids.push_back(found->first);
        in_flight_.erase(found);
    }
    if (delivered.ids.empty()) return;
    context_.store.submit(std::move(delivered), [this](const store::Result& result) {
        if (!result) return context_.report(model::NoticeLevel::error, result.error().text);
        for (const auto& id : std::get<store::Delivered>(*result).ids) {
            announce(id, model::MessageState::delivered);
        }
    });
    pump();
}

void Outbox::announce(const model::MessageId& id, model::MessageState state) {
    context_.events.publish(model::MessageStateChanged{peer_, id, state});
}

}  // namespace kith::node
