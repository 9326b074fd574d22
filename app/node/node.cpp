// SPDX-License-Identifier: MIT
#include "app/node/node.hpp"

#include "app/node/addresses.hpp"
#include "app/node/convert.hpp"

namespace kith::node {
namespace {

/// Whoever closes the door does not say why; what it can mean depends on what we have shown.
std::string words_for(const Person& person, const net::Ending& ending) {
    if (ending.reason != net::Ending::Reason::not_admitted) return ending.text;
    if (person.row.dial_token.size() == crypto::contact_token_size)
        return "They did not let us in: they have removed or blocked you, or are busy.";
    return "They did not let us in: the connection ID is out of date, they have blocked you, or "
           "they are busy.";
}

}  // namespace

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
      nearby_(context_, contacts_),
      presence_(context_),
      address_probe_(context_, contacts_, nearby_, config_.self, config_.resolve_host),
      whereabouts_(context_,
                   {config_.listening, config_.reachable, config_.map_port, config_.resolve_host}),
      relays_(context_, config_.relays, config_.set_relays),
      transfers_(
          context_, outboxes_, inbox_, config_.files, config_.runner,
          [this](model::Message message, store::Outgoing entry) {
              conversations_.added(std::move(message), std::move(entry));
          },
          [this]() -> const model::Settings& { return settings_; }),
      started_(clock.monotonic()) {
    context_.events.wake = config_.wake;
    conversations_.on_countdown = [this] { retention_.look_soon(); };
    conversations_.refresh_transfer = [this](auto& message) { transfers_.refresh(message); };
    conversations_.on_message_gone = [this](const auto& id) { transfers_.message_gone(id); };
    contacts_.own_candidates = [this] { return whereabouts_.now().candidates; };
    whereabouts_.on_changed = [this] { moved(); };
    relays_.on_changed = [this] {
        whereabouts_.relays_changed(relays_.candidates(), relays_.online());
    };
}

Node::~Node() = default;

void Node::attach_mail(const Mail::Ports& ports) {
    mail_.emplace(
        context_, contacts_, outboxes_, inbox_, ports,
        [this](const auto& from, auto message) { deliver_mail(from, std::move(message)); });
    parcels_.emplace(transfers_.parcel_ports(ports.mailbox, ports.self.fingerprint()));
    names_.emplace(context_, relays_, ports.mailbox, [this](const std::string& text, Done done) {
        save_meta("relay_names", {text.begin(), text.end()}, std::move(done), [] {});
    });
    mail_->on_own_mailbox = [this](const auto& relay, auto outcome) {
        relays_.mailbox_heard(relay, outcome);
    };
    outboxes_.on_waiting = [this](const auto& peer) { mail_->committed(peer); };
    contacts_.before_route = [this, others = contacts_.before_route](const model::PeerId& id) {
        if (others) others(id);
        mail_->person_changed(id);
    };
}

/// What was sealed while no session was up. A card that waited may be older than what a session has
/// told since; it counts where nothing has.
void Node::deliver_mail(const model::PeerId& from, net::Message message) {
    const Person* person = context_.people.find(from);
    const bool known = person != nullptr && person->is_contact() &&
                       person->row.dial_token.size() == crypto::contact_token_size;
    if (known && std::holds_alternative<net::ContactCard>(message)) return;
    const bool asks = std::holds_alternative<net::ContactRequest>(message);
    if (const auto* receipt = std::get_if<net::Ack>(&message)) {
        if (person != nullptr && person->is_contact()) outboxes_.of(from).receipt(receipt->ids);
        return;
    }
    std::visit([&](auto& m) { handle(from, std::move(m)); }, message);
    person = context_.people.find(from);
    if (asks && person != nullptr && person->is_contact()) mail_->out.owe_card(from);
}

tl::expected<model::PeerId, model::Error> Node::resolve(std::string_view peer) const {
    auto known = context_.people.resolve(peer);
    if (known || known.error().code != "no_such_peer") return known;
    auto near = nearby_.resolve(peer);
    return near || near.error().code != "no_such_peer" ? near : known;
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
        } else if (auto stranger = nearby_.stranger(id)) {
            context_.events.publish(model::PeerChanged{std::move(*stranger)});
        }
    }
    nearby_.flush();
}

void Node::tick() {
    const auto now = context_.clock.monotonic();
    const auto next =
        std::min({typing_.tick(now), retention_.tick(now), whereabouts_.tick(now),
                  inbox_.budget.tick(now), tell_network_status(now), transfers_.tick(now),
                  mail_ ? mail_->tick(now) : std::chrono::milliseconds::max(),
                  parcels_ ? parcels_->tick(now) : std::chrono::milliseconds::max(),
                  names_ ? names_->tick(now) : std::chrono::milliseconds::max()});
    // An alarm that has rung is gone; one that still stands and is early enough serves.
    if (armed_ <= now) armed_ = std::chrono::milliseconds::max();
    if (next >= armed_ || !config_.alarm) return;
    armed_ = next;
    config_.alarm(next - now);
}

void Node::on_contact(const model::PeerId& peer) {
    const auto session = context_.live.find(peer);
    if (mail_ && session == context_.live.end()) mail_->out.owe_card(peer);
    if (session == context_.live.end()) return;
    if (mail_) mail_->contact_up(peer, session->second.prekeys);
    if (Person* person = context_.people.find(peer)) learn_signer(*person);
    presence_.contact_up(peer);
    inbox_.budget.session_up(peer);
    outboxes_.of(peer).session_up({session->second.amendments, session->second.files});
    transfers_.session_up(peer);
    if (parcels_) parcels_->session_up(peer);
}

/// What a contact announces has to be signed with it from now on.
void Node::learn_signer(Person& person) {
    const auto session = context_.live.find(person.row.id);
    if (session == context_.live.end()) return;
    const auto& key = session->second.signer;
    if (std::equal(key.begin(), key.end(), person.row.signer.begin(), person.row.signer.end()))
        return;
    person.row.signer.assign(key.begin(), key.end());
    contacts_.save_latest(person);
    nearby_.person_changed(person.row.id);
}

void Node::on_no_contact(const model::PeerId& peer) {
    outboxes_.of(peer).session_down();
    typing_.session_down(peer);
    transfers_.no_contact(peer);
    if (mail_) mail_->no_contact(peer);
}

void Node::on_session_up(const net::SessionInfo& session) {
    const auto peer = peer_id(session.peer);
    context_.live[peer] = {++sessions_,
                           (session.features & net::feature_amendments) != 0,
                           (session.features & net::feature_files) != 0,
                           (session.features & net::feature_prekeys) != 0,
                           session.remote,
                           session.signer};
    if (Person* person = context_.people.find(peer)) {
        person->remote = spell_remote(session.remote);
        person->relayed = net::is_relayed(session.remote);
        person->parted = false;
    }
    // Who is reached through a relay is still looked for: a direct path is better.
    nearby_.session_changed(peer, !net::is_relayed(session.remote));
    whereabouts_.session_up(session);
    contacts_.session_up(peer);
}

void Node::on_session_down(const net::Fingerprint& fingerprint, const net::Ending& ending) {
    const auto peer = peer_id(fingerprint);
    context_.live.erase(peer);
    transfers_.session_down(peer);
    nearby_.session_changed(peer, false);
    Person* person = context_.people.find(peer);
    if (person == nullptr) return;
    PresenceExchange::session_down(*person);
    person->session = false;
    person->card_sent = false;
    person->row.last_seen = context_.now();
    outboxes_.of(peer).session_down();
    if (mail_) mail_->session_down(peer);
    if (parcels_) parcels_->session_down(peer);
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
    if (person->session) return;  // through a relay: all is well without a direct path
    person->not_admitted = ending.reason == net::Ending::Reason::not_admitted;
    if (std::string words = words_for(*person, ending); person->last_error != words) {
        context_.note_error(person->shown_name() + ": " + words);
        person->last_error = std::move(words);
    }
    context_.events.person_changed(person->row.id);
}

void Node::on_drained(const net::Fingerprint& peer) {
    outboxes_.of(peer_id(peer)).drained();
    transfers_.drained(peer_id(peer));
}

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

/// Who had removed us ignored what was sent before they accepted us again: it is sent once more.
void Node::handle(const model::PeerId& from, net::ContactCard message) {
    const auto invited_only = [&] {
        const Person* person = context_.people.find(from);
        return person != nullptr && person->is_contact() &&
               person->row.dial_token.size() != crypto::contact_token_size;
    };
    const bool ignored = invited_only();
    contacts_.received(from, message);
    const auto session = context_.live.find(from);
    if (ignored && !invited_only() && session != context_.live.end())
        outboxes_.of(from).session_up({session->second.amendments, session->second.files});
}

void Node::handle(const model::PeerId& from, net::ContactDecline) { contacts_.declined(from); }

void Node::handle(const model::PeerId&, net::RequestReceipt) {}

template <typename Reliable>
void Node::receive(const model::PeerId& from, Reliable&& message) {
    const Person* person = context_.people.find(from);
    const bool welcome = person != nullptr && person->is_contact();
    if (welcome && inbox_.receive(*person, std::forward<Reliable>(message))) return;
    not_taken(from, person);
}

/// Somebody sent what only contacts may, or more than they may.
void Node::not_taken(const model::PeerId& from, const Person* person) {
    const bool welcome = person != nullptr && person->is_contact();
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

void Node::handle(const model::PeerId& from, const net::PrekeyStock& message) {
    const Person* person = context_.people.find(from);
    if (mail_ && person != nullptr && person->is_contact()) mail_->prekeys.heard(from, message);
}

void Node::handle(const model::PeerId& from, net::Prekeys message) {
    const Person* person = context_.people.find(from);
    if (mail_ && person != nullptr && person->is_contact())
        mail_->prekeys.heard(from, std::move(message));
}

void Node::handle(const model::PeerId& from, const net::Presence& message) {
    Person* person = context_.people.find(from);
    if (person != nullptr && person->is_contact()) presence_.heard(*person, message);
}

void Node::handle(const model::PeerId& from, const net::Observed& message) {
    const Person* person = context_.people.find(from);
    if (person != nullptr && person->is_contact()) whereabouts_.observed(from, message.address);
}

}  // namespace kith::node
