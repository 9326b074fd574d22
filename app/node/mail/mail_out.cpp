// SPDX-License-Identifier: MIT
#include "app/node/mail/mail_out.hpp"

#include <algorithm>

#include "app/node/convert.hpp"
#include "app/node/wire.hpp"
#include "crypto/kdf.hpp"
#include "net/message_codec.hpp"

namespace kith::node {
namespace {

using store::Relation;

bool may_be_mailed(const Person& person) {
    const bool wanted = person.is_contact() || person.row.relation == Relation::pending_out;
    return wanted && !person.row.blocked && !person.session && !person.row.dial_token.empty();
}

/// Whoever may come in has one of these.
bool is_invitation(const Person& person) {
    return person.row.dial_token.size() == std::tuple_size_v<crypto::InviteToken>;
}

/// The same request is kept once, however often we start.
net::MessageId id_of_request(const Person& person) {
    const auto digest = crypto::sha256({crypto::view("request"), person.row.id.bytes,
                                        person.row.dial_token, person.row.door_token});
    net::MessageId id{};
    std::copy_n(digest.begin(), id.size(), id.begin());
    return id;
}

}  // namespace

void MailOut::wake(const model::PeerId& peer, Milliseconds in) {
    const Person* person = context_.people.find(peer);
    if (person == nullptr || !may_be_mailed(*person) || relays_of(*person).empty()) return;
    Recipient& recipient = recipients_[peer];
    if (recipient.working) return;  // looks again when it is done
    recipient.due = std::min(recipient.due, context_.clock.monotonic() + in);
    context_.events.wake_up();
}

void MailOut::owe_card(const model::PeerId& peer) {
    const Person* person = context_.people.find(peer);
    if (person == nullptr || person->session) return;
    recipients_[peer].owes_card = true;
    wake(peer);
}

void MailOut::owe_receipt(const model::PeerId& peer, const std::vector<net::MessageId>& ids) {
    auto& receipts = recipients_[peer].receipts;
    for (const auto& id : ids) {
        if (receipts.size() < receipts_max) receipts.push_back(id);
    }
    wake(peer);
}

void MailOut::session_up(const model::PeerId& peer) { forget(peer); }

void MailOut::forget(const model::PeerId& peer) {
    const auto found = recipients_.find(peer);
    if (found == recipients_.end()) return;
    if (found->second.working) --working_;
    recipients_.erase(found);
}

std::vector<crypto::RelayAddress> relays_of(const Person& person) {
    std::vector<crypto::RelayAddress> relays;
    for (const auto& row : person.row.addresses) {
        if (auto relay = crypto::relay_at(row.address, row.port))
            relays.push_back(std::move(*relay));
    }
    return relays;
}

MailOut::Recipient* MailOut::current(const Letter& letter) {
    const auto found = recipients_.find(letter.to);
    const bool same = found != recipients_.end() && found->second.round == letter.round;
    return same ? &found->second : nullptr;
}

// --- what there is to say ---

void MailOut::start(const model::PeerId& peer, Recipient& recipient) {
    recipient.due = Milliseconds::max();
    const Person* person = context_.people.find(peer);
    if (person == nullptr || !may_be_mailed(*person)) return;
    const bool request = person->row.relation == Relation::pending_out;
    if (request && recipient.requested) return;
    const auto relays = relays_of(*person);
    if (relays.empty()) return;
    recipient.working = true;
    recipient.round = ++rounds_;
    ++working_;
    auto letter = std::make_shared<Letter>();
    letter->to = peer;
    letter->round = recipient.round;
    letter->relay = relays[recipient.relay % relays.size()];
    letter->request = request;
    add_front(*letter, *person, recipient);
    if (request) return ask_card(letter);
    fill(letter, 0);
}

bool MailOut::add(Letter& letter, const net::Message& message) const {
    const std::size_t before = letter.payload.size();
    if (!net::append_message(letter.payload, message)) return true;  // nobody would take it
    if (letter.payload.size() <= crypto::sealed_payload_max) return true;
    letter.payload.resize(before);
    return false;
}

void MailOut::add_front(Letter& letter, const Person& person, Recipient& recipient) {
    if (letter.request) return void(add(letter, ports_.request(person)));
    // An invitation alone says that they do not know us as a contact, or not yet.
    letter.has_card = recipient.owes_card || is_invitation(person);
    if (letter.has_card) (void)add(letter, ports_.card(person));
    letter.receipts = std::min(recipient.receipts.size(), receipts_max);
    if (letter.receipts > 0) (void)add(letter, net::Ack{recipient.receipts});
}

void MailOut::fill(const Shared& letter, std::uint64_t after) {
    context_.store.submit(store::LoadOutbox{letter->to, after, page},
                          [this, letter](const store::Result& result) {
                              if (current(*letter) == nullptr) return;
                              if (!result) return failed(*letter, {});
                              add_page(letter, std::get<store::OutboxPage>(*result));
                          });
}

void MailOut::add_page(const Shared& letter, const store::OutboxPage& loaded) {
    const auto old = context_.now() - std::chrono::milliseconds(again_after).count();
    for (const auto& entry : loaded.entries) {
        if (entry.at_relay > old || hand_over_.held(entry.id)) continue;
        // What is said of an offer comes when the offer is stored, not together with it.
        const bool apart = (entry.kind == store::Kind::file_waits ||
                            entry.kind == store::Kind::file_stop) &&
                           !letter->entries.empty();
        if (apart || !add(*letter, to_wire(entry))) {
            letter->more = true;
            return ask_card(letter);
        }
        letter->entries.push_back(entry.id);
    }
    if (loaded.more) return fill(letter, loaded.entries.back().sequence);
    const bool nothing = letter->entries.empty() && letter->receipts == 0 &&
                         !(letter->has_card && recipients_.at(letter->to).owes_card);
    if (nothing) return done(*letter, false);
    ask_card(letter);
}

// --- sealing and leaving it there ---

void MailOut::ask_card(const Shared& letter) {
    const Person* person = context_.people.find(letter->to);
    if (person == nullptr || !may_be_mailed(*person)) return done(*letter, false);
    ports_.mailbox.ask_card(letter->relay, fingerprint(letter->to), person->row.dial_token,
                            [this, letter](const auto& reply) { card_came(letter, reply); });
}

void MailOut::card_came(const Shared& letter, const net::MailboxReply& reply) {
    if (current(*letter) == nullptr) return;
    if (reply.outcome != net::MailboxOutcome::done) return failed(*letter, reply);
    auto card = crypto::parse_card(reply.card, fingerprint(letter->to));
    if (!card) return failed(*letter, {});
    letter->card = std::move(*card);
    seal(letter);
}

/// A prekey of their giving, used once; without one, that of their card.
void MailOut::seal(const Shared& letter) {
    context_.store.submit(store::TakeTheirPrekey{letter->to},
                          [this, letter](const store::Result& result) {
                              if (current(*letter) == nullptr) return;
                              if (!result) return failed(*letter, {});
                              const auto& taken = std::get<store::Prekeys>(*result).key;
                              if (taken) return seal_to(letter, taken->id, taken->public_key);
                              seal_to(letter, letter->card->prekey_id, letter->card->prekey);
                          });
}

void MailOut::seal_to(const Shared& letter, std::uint64_t id, const crypto::Bytes& prekey) {
    const Person* person = context_.people.find(letter->to);
    if (person == nullptr || !may_be_mailed(*person)) return done(*letter, false);
    for (const auto& entry : letter->entries) hand_over_.given_to_session(entry);
    auto sealed = crypto::seal_message({letter->card->bundle, id, prekey, person->row.dial_token},
                                       {ports_.self, ports_.signing}, context_.now(),
                                       letter->payload, context_.random);
    if (!sealed) return failed(*letter, {});
    letter->payload.clear();
    const auto number = letter->request ? id_of_request(*person) : context_.uuids.next();
    ports_.mailbox.deposit(letter->relay, fingerprint(letter->to), person->row.dial_token, number,
                           std::move(*sealed),
                           [this, letter](const auto& reply) { deposited(letter, reply); });
}

void MailOut::deposited(const Shared& letter, const net::MailboxReply& reply) {
    Recipient* recipient = current(*letter);
    if (recipient == nullptr) return;
    if (reply.outcome != net::MailboxOutcome::done) return failed(*letter, reply);
    recipient->retry = retry_min;
    recipient->requested = recipient->requested || letter->request;
    recipient->owes_card = recipient->owes_card && !letter->has_card;
    recipient->receipts.erase(
        recipient->receipts.begin(),
        recipient->receipts.begin() + static_cast<std::ptrdiff_t>(letter->receipts));
    if (letter->request) context_.events.person_changed(letter->to);
    if (letter->entries.empty()) return done(*letter, letter->more);
    mark(letter);
}

void MailOut::mark(const Shared& letter) {
    context_.store.submit(store::MarkAtRelay{letter->to, letter->entries, context_.now()},
                          [this, letter](const store::Result& result) {
                              if (result) {
                                  for (const auto& id : std::get<store::Delivered>(*result).texts)
                                      context_.events.publish(model::MessageStateChanged{
                                          letter->to, id, model::MessageState::at_relay});
                              }
                              if (current(*letter) == nullptr) return;
                              if (!result) return failed(*letter, {});
                              done(*letter, true);
                          });
}

void MailOut::done(const Letter& letter, bool more) {
    Recipient* recipient = current(letter);
    if (recipient == nullptr) return;
    recipient->working = false;
    --working_;
    recipient->due = more ? context_.clock.monotonic() : Milliseconds::max();
    context_.events.wake_up();
}

void MailOut::failed(const Letter& letter, const net::MailboxReply& reply) {
    Recipient* recipient = current(letter);
    if (recipient == nullptr) return;
    done(letter, false);
    ++recipient->relay;
    const Person* person = context_.people.find(letter.to);
    const auto relays = person == nullptr ? 0 : relays_of(*person).size();
    const bool others = relays > 0 && recipient->relay % relays != 0;
    const auto now = context_.clock.monotonic();
    if (others) {
        recipient->due = now;
        return;
    }
    recipient->due = now + std::clamp(Milliseconds(reply.retry_in), recipient->retry, retry_max);
    recipient->retry = std::min(recipient->retry * 2, retry_max);
}

MailOut::Milliseconds MailOut::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    for (auto& [peer, recipient] : recipients_) {
        if (recipient.working) continue;
        const bool room = working_ < at_once && ports_.mailbox.has_room();
        if (recipient.due <= now && room)
            start(peer, recipient);
        else
            next = std::min(next, std::max(recipient.due, now + Milliseconds(20)));
    }
    return next;
}

}  // namespace kith::node
