// SPDX-License-Identifier: MIT
#include "app/node/names.hpp"

#include <algorithm>

#include "app/node/names_text.hpp"

namespace kith::node {
namespace {

using crypto::RelayAddress;
using net::MailboxOutcome;
using net::MailboxReply;

model::Error unreachable(const std::string& relay) {
    return {"relay_unreachable", "The relay " + relay + " does not answer. Try again later."};
}

model::Error busy(const std::string& relay, std::chrono::seconds retry_in) {
    const auto when = retry_in.count() > 1 ? "in " + std::to_string(retry_in.count()) + " seconds."
                                           : std::string("in a moment.");
    return {"busy", "The relay " + relay + " is busy. Try again " + when};
}

model::Error no_such_relay() {
    return {"no_such_relay",
            "This is none of your relays. Add it first: a name belongs to a relay through which "
            "you can be reached."};
}

model::Error failed(const std::string& relay) {
    return {"relay_failed",
            "The relay " + relay + " cannot do it now: its disk refuses. Try again later."};
}

/// What is the matter in either case; nothing: it depends on what was asked.
std::optional<model::Error> common_problem(const MailboxReply& reply, const std::string& relay) {
    if (!reply.reached) return unreachable(relay);
    switch (reply.outcome) {
        case MailboxOutcome::done:
        case MailboxOutcome::none:
        case MailboxOutcome::full:
        case MailboxOutcome::taken:
            return std::nullopt;
        case MailboxOutcome::busy:
            return busy(relay, reply.retry_in);
        case MailboxOutcome::failed:
            break;
    }
    return failed(relay);
}

std::optional<model::Error> claim_problem(const MailboxReply& reply, const std::string& name,
                                          const std::string& relay) {
    if (auto problem = common_problem(reply, relay)) return problem;
    if (reply.outcome == MailboxOutcome::none)  // the name is one that can be
        return model::Error{"no_names", "The relay " + relay + " keeps no names."};
    if (reply.outcome == MailboxOutcome::full) {
        return model::Error{"names_full", "The relay " + relay + " has no room for another name."};
    }
    if (reply.outcome != MailboxOutcome::taken) return std::nullopt;
    return model::Error{"name_taken", "Somebody else is called " + name + " at " + relay +
                                          ". Choose another name."};
}

/// A relay that keeps no names says the same of each of them.
std::optional<model::Error> find_problem(const MailboxReply& reply, const std::string& name,
                                         const std::string& relay) {
    if (auto problem = common_problem(reply, relay)) return problem;
    if (reply.outcome == MailboxOutcome::done) return std::nullopt;
    return model::Error{"no_such_name", "Nobody is called " + name + " at " + relay +
                                            ", or that relay keeps no names."};
}

tl::expected<model::FoundName, model::Error> read_answer(const MailboxReply& reply,
                                                         const std::string& name,
                                                         const std::string& relay) {
    if (auto problem = find_problem(reply, name, relay)) return tl::unexpected(*problem);
    const std::string text(reply.card.begin(), reply.card.end());
    const auto id = crypto::parse_connection_id(text);
    if (!id) {
        return tl::unexpected(model::Error{"bad_answer", "The relay " + relay +
                                                             " answered with something else than a "
                                                             "connection ID. Ask " +
                                                             name + " for theirs."});
    }
    return model::FoundName{name, relay, crypto::format(*id), peer_id(id->fingerprint)};
}

crypto::Bytes bytes(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

Names::Names(Context& context, Relays& relays, net::MailboxClient& mailbox, Save save)
    : context_(context), relays_(relays), mailbox_(mailbox), save_(std::move(save)) {
    relays_.name_at = [this](const auto& relay) { return at(relay); };
}

// --- what is kept ---

Names::Kept Names::fresh(std::string name) const {
    return {.name = std::move(name),
            .pace = {claims_per_second, claim_burst, context_.clock.monotonic()}};
}

void Names::load(std::string_view text) {
    constexpr std::size_t digits = 2 * std::tuple_size_v<decltype(crypto::Fingerprint::bytes)>;
    while (!text.empty() && kept_.size() < kept_max) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.size() < digits + 2 || line[digits] != ' ') continue;
        const auto relay = model::parse_peer_id(line.substr(0, digits));
        auto name = parse_relay_name(line.substr(digits + 1));
        if (relay && name) kept_.try_emplace(fingerprint(*relay), fresh(std::move(*name)));
    }
}

std::string Names::to_text() const {
    std::string text;
    for (const auto& [relay, kept] : kept_) text += crypto::to_hex(relay) + " " + kept.name + "\n";
    return text;
}

Relays::NameThere Names::at(const crypto::Fingerprint& relay) const {
    const auto found = kept_.find(relay);
    if (found == kept_.end()) return {};
    const Kept& kept = found->second;
    return {kept.name, kept.held && kept.told == id_, kept.error};
}

// --- keeping it up to date ---

void Names::set_connection_id(const std::string& id) {
    if (std::exchange(id_, id) == id) return;
    const auto due = context_.clock.monotonic() + settle;
    for (auto& [relay, kept] : kept_) {
        kept.due = std::max(kept.due, due);
        relays_.name_changed(relay);
    }
    context_.events.wake_up();
}

/// It may have lost what it knew, and a name nobody comes for is given away some day.
void Names::heard(const net::RelayStatus& status) {
    const auto found = kept_.find(status.address.relay);
    if (status.state != net::RelayState::online || found == kept_.end()) return;
    found->second.told.clear();
    found->second.due = context_.clock.monotonic();
    context_.events.wake_up();
}

std::chrono::milliseconds Names::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    for (auto& [relay, kept] : kept_) {
        const auto address = relays_.online_at(relay);
        const bool idle = kept.claim == 0 && !claiming_.contains(relay);
        if (!address || !idle || id_.empty() || kept.told == id_) continue;
        if (now >= kept.due && !kept.pace.try_take(now)) kept.due = now + settle;
        if (now >= kept.due)
            renew(*address, kept);
        else
            next = std::min(next, kept.due);
    }
    return next;
}

void Names::renew(const RelayAddress& relay, Kept& kept) {
    kept.claim = ++claims_;
    const Order order{relay, kept.name, id_};
    mailbox_.claim_name(relay, kept.name, bytes(id_),
                        [this, order, claim = kept.claim](const MailboxReply& reply) {
                            renewed(order, claim, reply);
                        });
}

void Names::renewed(const Order& order, std::uint64_t claim, const MailboxReply& reply) {
    const auto found = kept_.find(order.relay.relay);
    if (found == kept_.end() || found->second.claim != claim) return;  // another was chosen since
    Kept& kept = found->second;
    kept.claim = 0;
    const std::string relay = name_of(order.relay);
    if (common_problem(reply, relay)) {  // it will do later
        const auto wait =
            std::max<Milliseconds>(reply.retry_in, kept.backoff.next(context_.random));
        kept.due = context_.clock.monotonic() + std::min(wait, again_most);
        return context_.events.wake_up();
    }
    const auto problem = claim_problem(reply, order.name, relay);
    const std::string before = std::exchange(kept.error, problem ? problem->text : std::string());
    if (problem && kept.error != before) context_.note_error(kept.error);
    kept.told = order.connection_id;
    kept.held = !problem;
    kept.backoff.reset();
    relays_.name_changed(order.relay.relay);
    context_.events.wake_up();
}

// --- what a person wants ---

tl::expected<RelayAddress, model::Error> Names::own_relay(std::string_view text) const {
    const auto own = relays_.all();
    if (looks_like_relay_address(text)) {
        const auto address = parse_relay(text);
        if (!address) return tl::unexpected(address.error());
        const auto known = std::ranges::find(own, address->relay, &RelayAddress::relay);
        if (known != own.end()) return *known;
    } else if (auto found = find_relay(text, own, {});
               found || found.error().code == "ambiguous_relay") {
        return found;
    }
    return tl::unexpected(no_such_relay());
}

std::optional<model::Error> Names::away(const RelayAddress& relay) const {
    const auto own = relays_.all();
    const bool tried = std::ranges::any_of(own, [&](const auto& one) {
        return one.relay == relay.relay && one.host == relay.host && one.port == relay.port;
    });
    const auto standing = tried ? relays_.standing_at(relay.relay) : std::nullopt;
    if (!standing || standing->state != model::RelayState::offline) return std::nullopt;
    const std::string why = standing->error.empty() ? "" : ": " + standing->error;
    return model::Error{"relay_unreachable", "There is no connection to the relay " +
                                                 name_of(relay) + (why.empty() ? "." : why) +
                                                 " Try again when there is."};
}

void Names::claim(const model::ClaimName& command, Done done) {
    const auto relay = own_relay(command.relay);
    if (!relay) return done(tl::unexpected(relay.error()));
    Order order{*relay, {}, id_};
    if (command.name.find_first_not_of(" \t\r\n") != std::string::npos) {
        auto name = parse_relay_name(command.name);
        if (!name) return done(tl::unexpected(std::move(name.error())));
        order.name = std::move(*name);
    }
    if (auto problem = away(*relay)) return done(tl::unexpected(std::move(*problem)));
    if (id_.empty() || !claiming_.insert(relay->relay).second)
        return done(tl::unexpected(busy(name_of(*relay), {})));
    auto card = order.name.empty() ? crypto::Bytes{} : bytes(order.connection_id);
    mailbox_.claim_name(
        *relay, order.name, std::move(card),
        [this, order, done = std::move(done)](const auto& reply) { claimed(order, reply, done); });
}

void Names::claimed(const Order& order, const MailboxReply& reply, const Done& done) {
    claiming_.erase(order.relay.relay);
    context_.events.wake_up();
    if (auto problem = claim_problem(reply, order.name, name_of(order.relay))) {
        // It may have been done all the same: what was before is to be so again.
        const auto kept = kept_.find(order.relay.relay);
        if (kept != kept_.end() && !reply.reached) kept->second.told.clear();
        return done(tl::unexpected(std::move(*problem)));
    }
    if (!relays_.standing_at(order.relay.relay)) {  // removed meanwhile
        if (!order.name.empty()) mailbox_.claim_name(order.relay, {}, {}, [](const auto&) {});
        return done(tl::unexpected(no_such_relay()));
    }
    put(order);
    save_(to_text(), [this, relay = order.relay.relay, done](const model::Reply& stored) {
        relays_.name_changed(relay);
        done(stored ? model::Reply(relays_.list()) : stored);
    });
}

/// What the relay knows is so, whether it can be stored or not.
void Names::put(const Order& order) {
    kept_.erase(order.relay.relay);
    if (order.name.empty()) return;
    if (kept_.size() >= kept_max) {
        const auto unused = std::ranges::find_if(
            kept_, [this](const auto& one) { return !relays_.standing_at(one.first); });
        if (unused != kept_.end()) kept_.erase(unused);
    }
    Kept kept = fresh(order.name);
    kept.told = order.connection_id;
    kept.held = true;
    kept_.emplace(order.relay.relay, std::move(kept));
}

void Names::relays_changed(const Relays::List& before) {
    bool changed = false;
    for (const auto& relay : before) {
        if (relays_.standing_at(relay.relay) || kept_.erase(relay.relay) == 0) continue;
        changed = true;
        mailbox_.claim_name(relay, {}, {}, [](const auto&) {});  // what becomes of it nobody sees
    }
    if (changed) save_(to_text(), [](const model::Reply&) {});
}

// --- others ---

std::vector<RelayAddress> Names::relays_of_contacts() const {
    std::vector<RelayAddress> relays;
    for (const auto& [id, person] : context_.people) {
        if (!person.is_contact()) continue;
        for (const auto& address : to_socket_addresses(person.row.addresses)) {
            if (auto relay = crypto::relay_at(address.address, address.port))
                relays.push_back(std::move(*relay));
        }
    }
    return relays;
}

tl::expected<RelayAddress, model::Error> Names::any_relay(const std::string& text) const {
    if (looks_like_relay_address(text)) return parse_relay(text);
    return find_relay(text, relays_.all(), relays_of_contacts());
}

void Names::find(const std::string& text, Found done) {
    auto wanted = parse_name_at(text);
    if (!wanted) return done(tl::unexpected(std::move(wanted.error())));
    const auto relay = any_relay(wanted->relay);
    if (!relay) return done(tl::unexpected(relay.error()));
    if (auto problem = away(*relay)) return done(tl::unexpected(std::move(*problem)));
    if (look_ups_ >= look_ups_max) {
        return done(tl::unexpected(
            model::Error{"busy", "Too many names are being looked up. Try again in a moment."}));
    }
    ++look_ups_;
    mailbox_.find_name(*relay, wanted->name,
                       [this, name = wanted->name, where = name_of(*relay),
                        done = std::move(done)](const MailboxReply& reply) {
                           --look_ups_;
                           done(read_answer(reply, name, where));
                       });
}

}  // namespace kith::node
