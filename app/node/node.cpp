// SPDX-License-Identifier: MIT
#include "app/node/node.hpp"

#include "app/node/convert.hpp"

namespace kith::node {

Node::Node(Config config, store::Store& store, const net::Clock& clock,
           crypto::RandomSource& random)
    : config_(std::move(config)),
      context_{store, clock, random, net::UuidGenerator(clock, random)},
      contacts_(context_, *this),
      outboxes_(context_),
      conversations_(context_, outboxes_),
      inbox_(context_, conversations_),
      typing_(context_),
      retention_(context_, [this](const auto& pruned) { conversations_.pruned(pruned); }),
      started_(clock.monotonic()) {
    context_.events.wake = config_.wake;
    conversations_.on_countdown = [this] { retention_.look_soon(); };
    contacts_.own_candidates = [this] { return to_candidates(config_.reachable()); };
}

Node::~Node() = default;

tl::expected<model::PeerId, model::Error> Node::resolve(std::string_view peer) const {
    return context_.people.resolve(peer);
}

void Node::execute(model::Command command, std::function<void(model::Reply)> done) {
    std::visit([&](auto& c) { run(std::move(c), std::move(done)); }, command);
}

void Node::flush() {
    tick();
    inbox_.flush();
    typing_.flush();
    for (const auto& id : context_.events.take_changed()) {
        const Person* person = context_.people.find(id);
        if (person != nullptr && is_listed(*person)) {
            context_.events.publish(model::PeerChanged{to_model(*person)});
        }
    }
}

void Node::tick() {
    const auto now = context_.clock.monotonic();
    const auto next = std::min(typing_.tick(now), retention_.tick(now));
    // An alarm that has rung is gone; one that still stands and is early enough serves.
    if (armed_ <= now) armed_ = std::chrono::milliseconds::max();
    if (next >= armed_ || !config_.alarm) return;
    armed_ = next;
    config_.alarm(next - now);
}

void Node::on_contact(const model::PeerId& peer) {
    const auto session = context_.live.find(peer);
    if (session != context_.live.end()) outboxes_.of(peer).session_up(session->second.amendments);
}

void Node::on_no_contact(const model::PeerId& peer) {
    outboxes_.of(peer).session_down();
    typing_.session_down(peer);
}

void Node::on_session_up(const net::SessionInfo& session) {
    const auto peer = peer_id(session.peer);
    context_.live[peer] = {++sessions_, (session.features & net::feature_amendments) != 0};
    contacts_.session_up(peer);
}

void Node::on_session_down(const net::Fingerprint& fingerprint, const net::Ending& ending) {
    const auto peer = peer_id(fingerprint);
    context_.live.erase(peer);
    Person* person = context_.people.find(peer);
    if (person == nullptr) return;
    person->session = false;
    person->card_sent = false;
    person->row.last_seen = context_.now();
    outboxes_.of(peer).session_down();
    typing_.session_down(peer);
    if (!is_listed(*person)) return;
    context_.events.person_changed(peer);
    contacts_.save_latest(*person);
    on_log(net::LogLevel::debug, "Session with " + person->shown_name() + " ended: " + ending.text);
}

void Node::on_message(const net::Fingerprint& from, net::Message message) {
    std::visit([&](auto& m) { handle(peer_id(from), std::move(m)); }, message);
}

void Node::on_dialling(const net::Fingerprint& peer) {
    if (Person* person = context_.people.find(peer_id(peer))) {
        person->dialling = true;
        context_.events.person_changed(person->row.id);
    }
}

void Node::on_dial_failed(const net::Fingerprint& peer, const net::Ending& ending,
                          std::chrono::milliseconds /*retry_in*/) {
    Person* person = context_.people.find(peer_id(peer));
    if (person == nullptr) return;
    person->dialling = false;
    person->not_admitted = ending.reason == net::Ending::Reason::not_admitted;
    if (person->last_error != ending.text) {
        person->last_error = ending.text;
        context_.errors.push_front(model::to_rfc3339(context_.now()) + " " + person->shown_name() +
                                   ": " + ending.text);
        if (context_.errors.size() > Context::errors_max) context_.errors.pop_back();
    }
    context_.events.person_changed(person->row.id);
}

void Node::on_drained(const net::Fingerprint& peer) { outboxes_.of(peer_id(peer)).drained(); }

void Node::on_log(net::LogLevel level, std::string text) {
    if (level == net::LogLevel::debug) return;
    const auto notice = level == net::LogLevel::info      ? model::NoticeLevel::info
                        : level == net::LogLevel::warning ? model::NoticeLevel::warning
                                                          : model::NoticeLevel::error;
    context_.report(notice, std::move(text));
}

void Node::handle(const model::PeerId& from, net::ContactRequest message) {
    contacts_.received(from, std::move(message));
}

void Node::handle(const model::PeerId& from, net::ContactCard message) {
    contacts_.received(from, message);
}

void Node::handle(const model::PeerId& from, net::ContactDecline) { contacts_.declined(from); }

void Node::handle(const model::PeerId&, net::RequestReceipt) {}

template <typename Reliable>
void Node::receive(const model::PeerId& from, Reliable&& message) {
    const Person* person = context_.people.find(from);
    const bool welcome = person != nullptr && person->is_contact();
    if (welcome && inbox_.receive(*person, std::forward<Reliable>(message))) return;
    if (person != nullptr && person->row.relation == store::Relation::removed)
        return;  // they cannot know
    on_log(net::LogLevel::warning,
           welcome ? "A contact sent more than allowed; the session was ended."
                   : "Somebody who is not a contact sent a message; the session was ended.");
    context_.endpoint->drop_session(fingerprint(from));
}

void Node::handle(const model::PeerId& from, net::Text message) {
    typing_.ended(from);
    receive(from, std::move(message));
}

void Node::handle(const model::PeerId& from, net::Edit message) {
    receive(from, std::move(message));
}

void Node::handle(const model::PeerId& from, net::Erase message) { receive(from, message); }

void Node::handle(const model::PeerId& from, net::Reactions message) {
    receive(from, std::move(message));
}

void Node::handle(const model::PeerId& from, net::ReadUpTo message) { receive(from, message); }

void Node::handle(const model::PeerId& from, net::Disappearing message) { receive(from, message); }

void Node::handle(const model::PeerId& from, net::Typing message) {
    Person* person = context_.people.find(from);
    if (person != nullptr && person->is_contact()) typing_.heard(*person, message.on);
}

void Node::handle(const model::PeerId& from, const net::Ack& message) {
    const Person* person = context_.people.find(from);
    if (person != nullptr && person->is_contact()) outboxes_.of(from).acknowledged(message.ids);
}

}  // namespace kith::node
