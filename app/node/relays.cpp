// SPDX-License-Identifier: MIT
#include "app/node/relays.hpp"

#include <algorithm>

namespace kith::node {
namespace {

using crypto::RelayAddress;
using List = Relays::List;

model::RelayState state_of(net::RelayState state) {
    switch (state) {
        case net::RelayState::online:
            return model::RelayState::online;
        case net::RelayState::offline:
            return model::RelayState::offline;
        case net::RelayState::connecting:
            break;
    }
    return model::RelayState::connecting;
}

/// A relay is known by its key: one that has moved or changed its secret is the same.
List::iterator find(List& relays, const RelayAddress& relay) {
    return std::find_if(relays.begin(), relays.end(),
                        [&](const auto& known) { return known.relay == relay.relay; });
}

bool erase(List& relays, const RelayAddress& relay) {
    return std::erase_if(relays, [&](const auto& known) { return known.relay == relay.relay; }) > 0;
}

bool erase_named(List& relays, std::string_view name) {
    return std::erase_if(relays, [&](const auto& known) { return name_of(known) == name; }) > 0;
}

/// What comes first when only some are told.
int rank(model::RelayState state) {
    switch (state) {
        case model::RelayState::online:
            return 0;
        case model::RelayState::connecting:
            return 1;
        case model::RelayState::offline:
            break;
    }
    return 2;
}

}  // namespace

tl::expected<RelayAddress, model::Error> parse_relay(std::string_view text) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return tl::unexpected(model::Error{"bad_relay_address", "The relay's address is empty."});
    auto relay = crypto::parse_relay_address(text);
    if (!relay) return tl::unexpected(model::Error{"bad_relay_address", relay.error().text});
    return std::move(*relay);
}

void Relays::load(std::string_view text) {
    kept_.clear();
    while (!text.empty() && kept_.size() < model::relays_max) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        auto relay = crypto::parse_relay_address(line);
        if (relay && find(kept_, *relay) == kept_.end()) kept_.push_back(std::move(*relay));
    }
}

void Relays::start() {
    if (use_) use_(all());
    if (on_changed) on_changed();
}

std::string Relays::to_text(const List& relays) {
    std::string text;
    for (const auto& relay : relays) text += crypto::format(relay) + "\n";
    return text;
}

List Relays::all() const {
    List all = this_run_;
    for (const auto& relay : kept_) {
        if (find(all, relay) == all.end()) all.push_back(relay);
    }
    return all;
}

Relays::Standing Relays::standing_of(const RelayAddress& relay) const {
    const auto found = standing_.find(relay.relay);
    return found == standing_.end() ? Standing{} : found->second;
}

std::optional<Relays::Standing> Relays::standing_at(const crypto::Fingerprint& key) const {
    const List relays = all();
    const auto found = std::ranges::find(relays, key, &RelayAddress::relay);
    return found == relays.end() ? std::nullopt : std::optional(standing_of(*found));
}

std::optional<RelayAddress> Relays::online_at(const crypto::Fingerprint& key) const {
    for (auto& relay : all()) {
        if (relay.relay == key && standing_of(relay).state == model::RelayState::online)
            return std::move(relay);
    }
    return std::nullopt;
}

void Relays::name_changed(const crypto::Fingerprint& key) const {
    for (const auto& relay : all()) {
        if (relay.relay == key) context_.events.publish(model::RelayChanged{to_model(relay)});
    }
}

model::Relay Relays::to_model(const RelayAddress& relay) const {
    auto standing = standing_of(relay);
    const bool kept = std::any_of(kept_.begin(), kept_.end(),
                                  [&](const auto& one) { return one.relay == relay.relay; });
    model::Relay out{crypto::format(relay), name_of(relay), standing.state,
                     std::move(standing.error), !kept};
    out.keeps_mail = !standing.no_mail;
    if (!name_at) return out;
    NameThere there = name_at(relay.relay);
    out.registered_name = std::move(there.name);
    out.registered = there.registered;
    out.name_error = std::move(there.error);
    return out;
}

model::Relays Relays::list() const {
    model::Relays list;
    for (const auto& relay : all()) list.relays.push_back(to_model(relay));
    return list;
}

std::vector<crypto::Candidate> Relays::candidates() const {
    List best = all();
    std::stable_sort(best.begin(), best.end(), [this](const auto& a, const auto& b) {
        return rank(standing_of(a).state) < rank(standing_of(b).state);
    });
    if (best.size() > relays_told_max) best.resize(relays_told_max);
    std::vector<crypto::Candidate> out;
    for (const auto& relay : best)
        out.push_back({crypto::CandidateKind::relay, crypto::place_of(relay), relay.port});
    return out;
}

std::string Relays::online() const {
    for (const auto& relay : all()) {
        if (standing_of(relay).state == model::RelayState::online) return name_of(relay);
    }
    return {};
}

tl::expected<Relays::Change, model::Error> Relays::with(std::string_view address) const {
    auto relay = parse_relay(address);
    if (!relay) return tl::unexpected(std::move(relay.error()));
    Change change = present();
    erase(change.this_run, *relay);
    if (const auto known = find(change.kept, *relay); known != change.kept.end()) {
        *known = std::move(*relay);
        return change;
    }
    if (change.kept.size() >= model::relays_max) {
        return tl::unexpected(
            model::Error{"too_many", "There are four relays already. Remove one first."});
    }
    change.kept.push_back(std::move(*relay));
    return change;
}

tl::expected<Relays::Change, model::Error> Relays::without(std::string_view address) const {
    Change change = present();
    const bool named = erase_named(change.kept, address) | erase_named(change.this_run, address);
    if (named) return change;
    const auto relay = parse_relay(address);
    if (!relay) return tl::unexpected(relay.error());
    if (erase(change.kept, *relay) | erase(change.this_run, *relay)) return change;
    return tl::unexpected(
        model::Error{"no_such_relay", "This is none of your relays: it cannot be removed."});
}

void Relays::make(Change change) {
    const auto before = list();
    kept_ = std::move(change.kept);
    this_run_ = std::move(change.this_run);
    const List now = all();
    std::erase_if(standing_, [&](const auto& one) {
        return std::none_of(now.begin(), now.end(),
                            [&](const auto& relay) { return relay.relay == one.first; });
    });
    if (use_) use_(now);
    publish_changes(before);
    if (on_changed) on_changed();
}

void Relays::publish_changes(const model::Relays& before) const {
    const auto now = list().relays;
    for (const auto& was : before.relays) {
        const bool there = std::any_of(now.begin(), now.end(), [&](const auto& relay) {
            return relay.address == was.address;
        });
        if (!there) context_.events.publish(model::RelayRemoved{was.address});
    }
    for (const auto& relay : now) {
        if (std::find(before.relays.begin(), before.relays.end(), relay) == before.relays.end())
            context_.events.publish(model::RelayChanged{relay});
    }
}

void Relays::mailbox_heard(const RelayAddress& relay, net::MailboxOutcome outcome) {
    const auto found = standing_.find(relay.relay);
    const bool none = outcome == net::MailboxOutcome::none;
    const bool said = none || outcome == net::MailboxOutcome::done;
    if (found == standing_.end() || !said || found->second.no_mail == none) return;
    found->second.no_mail = none;
    context_.events.publish(model::RelayChanged{to_model(relay)});
    context_.network_changed();
}

void Relays::heard(const net::RelayStatus& status) {
    const List relays = all();
    const auto known = std::find_if(relays.begin(), relays.end(), [&](const auto& relay) {
        return relay.relay == status.address.relay;
    });
    if (known == relays.end()) return;
    const auto before = to_model(*known);
    const bool offline = status.state == net::RelayState::offline;
    Standing& standing = standing_[known->relay];
    standing.state = state_of(status.state);
    standing.error = offline ? status.error : "";
    const auto now = to_model(*known);
    if (now == before) return;
    if (offline && now.error != before.error)
        context_.note_error("Relay " + now.name + ": " + now.error);
    context_.events.publish(model::RelayChanged{now});
    context_.network_changed();
    if (on_changed) on_changed();
}

}  // namespace kith::node
