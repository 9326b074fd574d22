// SPDX-License-Identifier: MIT
#include "net/relay/mailbox_client.hpp"

#include <algorithm>

#include "net/relay/slot.hpp"

namespace kith::net {
namespace {

using Milliseconds = std::chrono::milliseconds;

MailboxClient::Place place_at(const crypto::RelayAddress& relay) {
    return {crypto::place_of(relay), relay.port};
}

}  // namespace

MailboxClient::MailboxClient(const Fingerprint& self, const Clock& clock, Lines lines)
    : self_(self), clock_(clock), lines_(std::move(lines)) {}

// --- asking ---

template <typename Ask>
void MailboxClient::ask(const crypto::RelayAddress& relay, Ask message, Done done) {
    if (!has_room() || !lines_.want(relay)) return refused_.push_back(std::move(done));
    message.request = ++last_;
    const auto place = place_at(relay);
    auto& request = waiting_[last_] = {place, std::move(message), false,
                                       clock_.monotonic() + patience, std::move(done)};
    if (lines_.up(place)) send(request);
}

void MailboxClient::send(Request& request) {
    request.sent = true;
    lines_.say(request.place, request.message);
    request.message = Ping{};  // its bytes are not needed twice
}

void MailboxClient::deposit(const crypto::RelayAddress& relay, const Fingerprint& owner,
                            ByteView token, const MessageId& id, Bytes sealed, Done done) {
    ask(relay, Deposit{0, slot_token(relay.relay, owner, token), id, std::move(sealed), false},
        std::move(done));
}

void MailboxClient::deposit_held(const crypto::RelayAddress& relay, const Fingerprint& owner,
                                 ByteView token, const MessageId& id, Bytes sealed, Done done) {
    ask(relay, Deposit{0, slot_token(relay.relay, owner, token), id, std::move(sealed), true},
        std::move(done));
}

void MailboxClient::ask_held(const crypto::RelayAddress& relay, ByteView token, const MessageId& id,
                             Done done) {
    ask(relay, HeldAsk{0, slot_key(slot_token(relay.relay, self_, token)), id}, std::move(done));
}

void MailboxClient::drop_held(const crypto::RelayAddress& relay, const Fingerprint& owner,
                              ByteView token, std::vector<MessageId> ids, Done done) {
    ask(relay, HeldDrop{0, slot_key(slot_token(relay.relay, owner, token)), std::move(ids)},
        std::move(done));
}

void MailboxClient::ask_card(const crypto::RelayAddress& relay, const Fingerprint& owner,
                             ByteView token, Done done) {
    ask(relay, CardAsk{0, slot_token(relay.relay, owner, token)}, std::move(done));
}

void MailboxClient::claim_name(const crypto::RelayAddress& relay, std::string name, Bytes card,
                               Done done) {
    ask(relay, NameClaim{0, std::move(name), std::move(card)}, std::move(done));
}

void MailboxClient::find_name(const crypto::RelayAddress& relay, std::string name, Done done) {
    ask(relay, NameAsk{0, std::move(name)}, std::move(done));
}

void MailboxClient::finish(std::uint64_t id, MailboxReply reply) {
    auto request = waiting_.extract(id);
    if (!request.empty()) request.mapped().done(std::move(reply));
}

// --- one's own mailbox ---

void MailboxClient::set_grants(std::vector<SlotGrant> grants, Bytes card) {
    grants_ = std::move(grants);
    card_ = std::move(card);
    granted_ = true;
    for (auto& [place, own] : own_) open_slots(place, own);
}

/// In as many messages as it takes; the first replaces what was.
void MailboxClient::open_slots(const Place& place, Own& own) {
    const auto relay = crypto::relay_at(place.first, place.second);
    own.grant_of.clear();
    own.opening.clear();
    own.open_again = Milliseconds::max();
    OpenSlots message{++last_, false, {}, card_};
    const auto say = [&] {
        own.opening.push_back(message.request);
        lines_.say(place, message);
        message = {++last_, true, {}, card_};
    };
    for (std::size_t i = 0; i < grants_.size(); ++i) {
        const auto key = slot_key(slot_token(relay->relay, self_, grants_[i].token));
        own.grant_of[key] = i;
        message.slots.push_back({key, grants_[i].open});
        if (message.slots.size() == slots_max) say();
    }
    if (!message.slots.empty() || own.opening.empty()) say();
}

void MailboxClient::taken(const crypto::RelayAddress& relay, std::uint64_t number) {
    const auto found = own_.find(place_at(relay));
    if (found != own_.end()) found->second.taken.push_back(number);
}

void MailboxClient::flush() {
    for (auto& [place, own] : own_) {
        auto numbers = std::exchange(own.taken, {});
        for (std::size_t at = 0; at < numbers.size(); at += mail_taken_max) {
            const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(at);
            const auto count = std::min(mail_taken_max, numbers.size() - at);
            lines_.say(place, MailTaken{{first, first + static_cast<std::ptrdiff_t>(count)}});
        }
    }
}

bool MailboxClient::is_up(const crypto::RelayAddress& relay) const {
    return own_.contains(place_at(relay));
}

bool MailboxClient::decrypt(Bytes ciphertext,
                            std::function<void(const crypto::SecretBytes&)> done) {
    const auto ticket = ticket_bit | ++last_;
    if (!lines_.decrypt(ticket, std::move(ciphertext))) return false;
    decrypting_[ticket] = std::move(done);
    return true;
}

void MailboxClient::on_decrypted(std::uint64_t ticket, const crypto::SecretBytes& secret) {
    auto waiting = decrypting_.extract(ticket);
    if (!waiting.empty()) waiting.mapped()(secret);
}

// --- lines ---

void MailboxClient::line_up(const Place& place, bool own) {
    for (auto& [id, request] : waiting_) {
        if (request.place == place && !request.sent) send(request);
    }
    set_own(place, own);
}

void MailboxClient::set_own(const Place& place, bool own) {
    if (!own) return void(own_.erase(place));
    const auto [mine, added] = own_.try_emplace(place);
    if (added && granted_) open_slots(place, mine->second);
}

/// Whether what was asked has been done nobody knows.
void MailboxClient::line_down(const Place& place) {
    own_.erase(place);
    std::vector<std::uint64_t> lost;
    for (const auto& [id, request] : waiting_) {
        if (request.place == place && request.sent) lost.push_back(id);
    }
    for (const auto id : lost) finish(id, {});
}

bool MailboxClient::needs(const Place& place) const {
    return std::ranges::any_of(waiting_,
                               [&](const auto& entry) { return entry.second.place == place; });
}

bool MailboxClient::hear(const Place& place, Message& message) {
    if (auto* mail = std::get_if<Mail>(&message)) return heard(place, *mail), true;
    if (auto* answer = std::get_if<MailboxAnswer>(&message)) return heard(place, *answer), true;
    if (auto* item = std::get_if<HeldItem>(&message)) return heard(place, *item), true;
    return false;
}

void MailboxClient::heard(const Place& place, Mail& mail) {
    const auto found = own_.find(place);
    const auto relay = crypto::relay_at(place.first, place.second);
    if (found == own_.end() || !relay || listener_ == nullptr) return;
    const auto grant = found->second.grant_of.find(mail.slot);
    // A slot that is closed by now: nobody wants it.
    if (grant == found->second.grant_of.end()) return taken(*relay, mail.number);
    const Bytes token = grants_[grant->second].token;
    listener_->on_mail(*relay, mail.number, token, std::move(mail.sealed));
}

void MailboxClient::heard(const Place& place, MailboxAnswer& answer) {
    const auto own = own_.find(place);
    if (own != own_.end() && std::erase(own->second.opening, answer.request) > 0)
        return opened(place, own->second, answer);
    answered(
        place, answer.request,
        {true, answer.outcome, std::chrono::seconds(answer.retry_after_s), std::move(answer.card)});
}

void MailboxClient::heard(const Place& place, HeldItem& item) {
    answered(
        place, item.request,
        {true, item.outcome, std::chrono::seconds(item.retry_after_s), std::move(item.sealed)});
}

void MailboxClient::answered(const Place& place, std::uint64_t request, MailboxReply reply) {
    const auto found = waiting_.find(request);
    if (found == waiting_.end() || found->second.place != place || !found->second.sent) return;
    finish(request, std::move(reply));
}

/// Slots nobody has opened lose us mail until the next connection, which may be weeks away.
void MailboxClient::opened(const Place& place, Own& own, const MailboxAnswer& answer) {
    const auto outcome = answer.outcome;
    const bool done = outcome == MailboxOutcome::done;
    const Milliseconds wait =
        outcome == MailboxOutcome::full
            ? open_again_max
            : std::clamp<Milliseconds>(std::chrono::seconds(answer.retry_after_s), open_again_min,
                                       open_again_max);
    if (!done && outcome != MailboxOutcome::none) own.open_again = clock_.monotonic() + wait;
    const auto relay = crypto::relay_at(place.first, place.second);
    if ((!done || own.opening.empty()) && listener_ != nullptr)
        listener_->on_mailbox(*relay, outcome);
}

// --- time ---

Milliseconds MailboxClient::tick() {
    for (const auto& done : std::exchange(refused_, {})) done({});
    const auto now = clock_.monotonic();
    std::vector<std::uint64_t> late;
    auto next = Milliseconds::max();
    for (const auto& [id, request] : waiting_) {
        if (request.until <= now)
            late.push_back(id);
        else
            next = std::min(next, request.until);
    }
    for (const auto id : late) finish(id, {});
    for (auto& [place, own] : own_) {
        if (own.open_again <= now) open_slots(place, own);
        next = std::min(next, own.open_again);
    }
    return refused_.empty() ? next : now;
}

}  // namespace kith::net
