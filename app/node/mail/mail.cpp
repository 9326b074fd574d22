// SPDX-License-Identifier: MIT
#include "app/node/mail/mail.hpp"

#include "app/node/convert.hpp"
#include "crypto/xwing.hpp"

namespace kith::node {
namespace {

constexpr std::chrono::milliseconds after_start{10'000};  ///< sessions come first

bool may_write(const Person& person) {
    const bool known = person.row.relation == store::Relation::contact ||
                       person.row.relation == store::Relation::pending_out;
    return known && !person.row.blocked && !person.row.door_token.empty();
}

std::uint64_t number_of(const std::array<std::uint8_t, 8>& bytes) {
    std::uint64_t number = 0;
    for (const auto byte : bytes) number = number << 8 | byte;
    return number;
}

}  // namespace

Mail::Mail(Context& context, Contacts& contacts, Outboxes& outboxes, Inbox& inbox, Ports ports,
           std::function<void(const model::PeerId&, net::Message)> deliver)
    : prekeys(context),
      in(context, inbox, {ports.self, ports.mailbox, std::move(deliver)}),
      out(context, outboxes.hand_over,
          {ports.self, ports.signing, ports.mailbox,
           [&contacts](const Person& person) { return contacts.mailed_request(person); },
           [&contacts](const Person& person) { return contacts.mailed_card(person); }}),
      context_(context),
      ports_(ports),
      grant_rate_(grants_per_second, grant_burst, context.clock.monotonic()) {
    ports_.mailbox.listen(this);
    inbox.on_mail_stored = [this](const auto& peer, const auto& ids) {
        out.owe_receipt(peer, ids);
    };
}

void Mail::start(const crypto::InviteToken& invite) {
    invite_ = invite;
    grants_changed_ = true;
    load_open_prekey();
    for (const auto& [peer, person] : context_.people) out.wake(peer, after_start);
}

void Mail::invite_changed(const crypto::InviteToken& invite) {
    invite_ = invite;
    grants_changed_ = true;
    context_.events.wake_up();
}

void Mail::person_changed(const model::PeerId& peer) {
    grants_changed_ = true;
    const Person* person = context_.people.find(peer);
    if (person != nullptr && person->row.relation == store::Relation::pending_out) out.wake(peer);
    context_.events.wake_up();
}

void Mail::contact_up(const model::PeerId& peer, bool understands) {
    out.session_up(peer);
    if (understands) prekeys.session_up(peer);
}

void Mail::session_down(const model::PeerId& peer) {
    prekeys.session_down(peer);
    out.wake(peer, MailOut::after_loss);
}

void Mail::no_contact(const model::PeerId& peer) {
    prekeys.no_contact(peer);
    out.forget(peer);
    grants_changed_ = true;
}

// --- the card ---

void Mail::load_open_prekey() {
    making_card_ = true;
    context_.store.submit(store::LoadOpenPrekey{}, [this](const store::Result& result) {
        if (!result) return context_.report(model::NoticeLevel::error, result.error().text);
        use_open_prekey(std::get<store::PrekeyFound>(*result));
    });
}

void Mail::use_open_prekey(const store::PrekeyFound& found) {
    const auto age = std::chrono::milliseconds(context_.now() - found.made_at);
    if (!found.key || age > open_prekey_for) return make_open_prekey();
    const auto pair = crypto::xwing::from_seed(found.key->seed);
    card_ = crypto::format_card({ports_.self, found.key->id, pair.public_key, found.made_at},
                                ports_.signing);
    card_made_at_ = found.made_at;
    making_card_ = false;
    grants_changed_ = true;
    context_.events.wake_up();
}

void Mail::make_open_prekey() {
    const auto pair = crypto::xwing::generate(context_.random);
    const store::OwnPrekey key{number_of(context_.random.array<8>()),
                               {pair.seed.begin(), pair.seed.end()}};
    const auto now = context_.now();
    context_.store.submit(store::PutOwnPrekeys{{}, {key}, now},
                          [this, key, now](const store::Result& result) {
                              if (result) return use_open_prekey({false, key, {}, now});
                              context_.report(model::NoticeLevel::error, result.error().text);
                          });
}

// --- who may leave something ---

void Mail::grant() {
    grants_changed_ = false;
    std::map<crypto::Bytes, model::PeerId> by_token;
    for (const auto& [peer, person] : context_.people) {
        if (may_write(person)) by_token[person.row.door_token] = peer;
    }
    if (by_token == by_token_ && told_card_ == card_ && told_invite_ == invite_) return;
    by_token_ = std::move(by_token);
    told_card_ = card_;
    told_invite_ = invite_;
    std::vector<net::SlotGrant> grants;
    for (const auto& [token, peer] : by_token_) grants.push_back({token, false});
    grants.push_back({{invite_.begin(), invite_.end()}, true});
    ports_.mailbox.set_grants(std::move(grants), card_);
}

void Mail::on_mail(const crypto::RelayAddress& relay, std::uint64_t number,
                   const crypto::Bytes& token, crypto::Bytes sealed) {
    const auto found = by_token_.find(token);
    const auto contact = found == by_token_.end() ? std::nullopt : std::optional(found->second);
    in.arrived(relay, number, contact, token, std::move(sealed));
}

void Mail::on_mailbox(const crypto::RelayAddress& relay, net::MailboxOutcome outcome) {
    if (on_own_mailbox) on_own_mailbox(relay, outcome);
}

std::chrono::milliseconds Mail::tick(std::chrono::milliseconds now) {
    const bool old = !card_.empty() && !making_card_ &&
                     std::chrono::milliseconds(context_.now() - card_made_at_) > open_prekey_for;
    if (old) {
        making_card_ = true;
        make_open_prekey();
    }
    auto next = std::chrono::milliseconds::max();
    if (grants_changed_ && !card_.empty()) {
        if (grant_rate_.try_take(now))
            grant();
        else
            next = now + grant_again;
    }
    return std::min({next, prekeys.tick(now), in.tick(now), out.tick(now)});
}

}  // namespace kith::node
