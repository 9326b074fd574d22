// SPDX-License-Identifier: MIT
#include "net/relay/mailbox_desk.hpp"

#include <algorithm>

#include "net/relay/slot.hpp"

namespace kith::net {
namespace {

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::optional<std::string> normal_relay_name(std::string_view name) {
    std::string normal;
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        normal.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
    }
    const auto may_stand = [](char c) {
        return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
    };
    const bool fits = normal.size() >= 3 && normal.size() <= relay_name_max &&
                      std::ranges::all_of(normal, may_stand) && is_alphanumeric(normal.front()) &&
                      is_alphanumeric(normal.back());
    return fits ? std::optional(std::move(normal)) : std::nullopt;
}

MailboxDesk::MailboxDesk(MailboxStore& store, const Clock& clock, Say say,
                         const MailboxDeskLimits& limits)
    : store_(store),
      clock_(clock),
      say_(std::move(say)),
      limits_(limits),
      left_(limits.left_remembered) {}

MailboxDesk::~MailboxDesk() { *alive_ = false; }

// --- clients ---

void MailboxDesk::client_up(const Fingerprint& client) {
    client_down(client);
    const auto now = clock_.monotonic();
    const Rates fresh{{limits_.deposits_per_second, limits_.deposit_burst, now},
                      {limits_.asks_per_second, limits_.ask_burst, now},
                      {limits_.opens_per_second, limits_.open_burst, now}};
    clients_.emplace(client, Client(left_.take(client).value_or(fresh), ++visits_));
}

void MailboxDesk::client_down(const Fingerprint& client) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return;
    left_.put(client, found->second);
    clients_.erase(found);
}

MailboxDesk::Client* MailboxDesk::find(const Fingerprint& client, std::uint64_t visit) {
    const auto found = clients_.find(client);
    return found == clients_.end() || found->second.visit != visit ? nullptr : &found->second;
}

bool MailboxDesk::hear(const Fingerprint& client, Message& message) {
    if (!clients_.contains(client)) return false;
    return std::visit(
        [&](auto& m) {
            if constexpr (requires { heard(client, m); }) {
                heard(client, m);
                return true;
            } else {
                return false;
            }
        },
        message);
}

bool MailboxDesk::may_ask(Client& client, TokenBucket Client::*bucket) {
    const bool takes = (client.*bucket).try_take(clock_.monotonic()) && !store_.busy() &&
                       client.waiting < limits_.requests_waiting;
    ++(takes ? client.waiting : stats_.busy);
    return takes;
}

std::optional<MailboxDesk::Asker> MailboxDesk::begin(const Fingerprint& client,
                                                     std::uint64_t request,
                                                     TokenBucket Client::*bucket) {
    Client& asking = clients_.at(client);
    if (may_ask(asking, bucket)) return Asker{client, asking.visit, request};
    say_(client, MailboxAnswer{request, MailboxOutcome::busy, limits_.retry_after_s, {}});
    return std::nullopt;
}

void MailboxDesk::answer(const Asker& asker, MailboxOutcome outcome, Bytes card) {
    if (outcome == MailboxOutcome::failed) ++stats_.failed;
    Client* client = find(asker.client, asker.visit);
    if (client == nullptr) return;
    --client->waiting;
    const bool later = outcome == MailboxOutcome::failed;
    say_(asker.client,
         MailboxAnswer{asker.request, outcome, later ? limits_.retry_after_s : std::uint16_t{0},
                       std::move(card)});
}

// --- what they ask ---

void MailboxDesk::heard(const Fingerprint& client, Deposit& message) {
    const auto asker = begin(client, message.request, &Client::deposits);
    if (!asker) return;
    store_.deposit(
        {slot_key(message.token), client, message.id, std::move(message.sealed), message.held},
        [this, asker = *asker, alive = alive_, held = message.held](MailboxOutcome outcome,
                                                                    const Fingerprint& owner) {
            if (!*alive) return;
            const bool stored = outcome == MailboxOutcome::done;
            ++(stored ? stats_.deposits : stats_.refused);
            answer(asker, outcome);
            if (!stored || held) return;
            if (const auto found = clients_.find(owner); found != clients_.end()) {
                found->second.more = true;
                deliver(owner);
            }
        });
}

void MailboxDesk::heard(const Fingerprint& client, OpenSlots& message) {
    const auto asker = begin(client, message.request, &Client::opens);
    if (!asker) return;
    store_.set_slots(client, message.adds, std::move(message.slots), std::move(message.card),
                     [this, asker = *asker, alive = alive_](MailboxOutcome outcome) {
                         if (!*alive) return;
                         answer(asker, outcome);
                         Client* owner = find(asker.client, asker.visit);
                         if (owner == nullptr || outcome != MailboxOutcome::done) return;
                         owner->wants_mail = owner->more = true;
                         deliver(asker.client);
                     });
}

void MailboxDesk::heard(const Fingerprint& client, MailTaken& message) {
    Client& owner = clients_.at(client);
    // Only what it was given: whoever guesses numbers removes nothing, and makes no work.
    std::erase_if(message.numbers, [&](std::uint64_t number) {
        const auto found = owner.out.find(number);
        if (found == owner.out.end()) return true;
        owner.out_bytes -= found->second;
        owner.out.erase(found);
        return false;
    });
    if (message.numbers.empty()) return;
    stats_.taken += message.numbers.size();
    store_.remove(client, std::move(message.numbers));
    deliver(client);
}

void MailboxDesk::heard(const Fingerprint& client, CardAsk& message) {
    const auto asker = begin(client, message.request, &Client::asks);
    if (!asker) return;
    store_.card(slot_key(message.token),
                [this, asker = *asker, alive = alive_](MailboxOutcome outcome, const Bytes& card) {
                    if (*alive) answer(asker, outcome, card);
                });
}

void MailboxDesk::heard(const Fingerprint& client, NameClaim& message) {
    const auto asker = begin(client, message.request, &Client::asks);
    if (!asker) return;
    const auto name = normal_relay_name(message.name);
    if (!name && !message.name.empty()) return answer(*asker, MailboxOutcome::none);
    store_.set_name(client, name.value_or(std::string()), std::move(message.card),
                    [this, asker = *asker, alive = alive_](MailboxOutcome outcome) {
                        if (*alive) answer(asker, outcome);
                    });
}

void MailboxDesk::heard(const Fingerprint& client, NameAsk& message) {
    const auto asker = begin(client, message.request, &Client::asks);
    if (!asker) return;
    const auto name = normal_relay_name(message.name);
    if (!name) return answer(*asker, MailboxOutcome::none);
    store_.find_name(
        *name, [this, asker = *asker, alive = alive_](MailboxOutcome outcome, const Bytes& card) {
            if (*alive) answer(asker, outcome, card);
        });
}

// --- what is held until it is asked for ---

void MailboxDesk::heard(const Fingerprint& client, HeldAsk& message) {
    Client& asking = clients_.at(client);
    const auto request = message.request;
    if (!may_ask(asking, &Client::deposits))
        return say_(client, HeldItem{request, MailboxOutcome::busy, limits_.retry_after_s, {}});
    store_.held(client, message.slot, message.id,
                [this, asker = Asker{client, asking.visit, request}, alive = alive_](
                    MailboxOutcome outcome, Bytes sealed) {
                    if (*alive) hand_out(asker, outcome, std::move(sealed));
                });
}

void MailboxDesk::hand_out(const Asker& asker, MailboxOutcome outcome, Bytes sealed) {
    const bool failed = outcome == MailboxOutcome::failed;
    if (failed) ++stats_.failed;
    Client* client = find(asker.client, asker.visit);
    if (client == nullptr) return;
    --client->waiting;
    if (outcome == MailboxOutcome::done) ++stats_.mail;
    const auto later = failed ? limits_.retry_after_s : std::uint16_t{0};
    say_(asker.client, HeldItem{asker.request, outcome, later, std::move(sealed)});
}

void MailboxDesk::heard(const Fingerprint& client, HeldDrop& message) {
    const auto asker = begin(client, message.request, &Client::deposits);
    if (!asker) return;
    stats_.taken += message.ids.size();
    store_.drop_held(client, message.slot, std::move(message.ids),
                     [this, asker = *asker, alive = alive_](MailboxOutcome outcome) {
                         if (*alive) answer(asker, outcome);
                     });
}

// --- mail ---

/// As much as may be out at a time, oldest first.
void MailboxDesk::deliver(const Fingerprint& owner) {
    Client& client = clients_.at(owner);
    const bool may = client.wants_mail && client.more && !client.loading;
    const bool room =
        client.out_bytes < limits_.mail_out && client.out.size() < limits_.mail_items_out;
    if (!may || !room) return;
    client.loading = true;
    client.more = false;
    store_.load(owner, client.up_to, limits_.mail_out - client.out_bytes,
                [this, owner, visit = client.visit, alive = alive_](auto items) {
                    if (*alive) loaded(owner, visit, std::move(items));
                });
}

void MailboxDesk::loaded(const Fingerprint& owner, std::uint64_t visit,
                         std::optional<std::vector<MailboxItem>> items) {
    Client* client = find(owner, visit);
    if (client == nullptr) return;
    client->loading = false;
    if (!items) return starve(owner, *client);
    if (items->empty()) return;
    client->more = true;  // there may be more behind these
    for (auto& item : *items) {
        if (client->out.size() >= limits_.mail_items_out) return;
        client->up_to = item.number;
        client->out[item.number] = item.sealed.size();
        client->out_bytes += item.sealed.size();
        ++stats_.mail;
        say_(owner, Mail{item.number, item.slot, std::move(item.sealed)});
        if (client = find(owner, visit); client == nullptr) return;
    }
    deliver(owner);
}

void MailboxDesk::starve(const Fingerprint& owner, Client& client) {
    ++stats_.failed;
    client.more = true;
    hungry_.insert(owner);
    feed_at_ = std::min(feed_at_, clock_.monotonic() + limits_.load_again);
}

void MailboxDesk::tick(Milliseconds now) {
    if (now < feed_at_) return;
    feed_at_ = Milliseconds::max();
    for (const auto& owner : std::exchange(hungry_, {})) {
        if (!clients_.contains(owner)) continue;
        if (!store_.busy()) {
            deliver(owner);
        } else {
            hungry_.insert(owner);
            feed_at_ = now + limits_.load_again;
        }
    }
}

}  // namespace kith::net
