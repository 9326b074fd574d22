// SPDX-License-Identifier: MIT
#include "app/node/people.hpp"

#include <algorithm>

namespace kith::node {
namespace {

using store::Relation;

model::Presence presence_of(const Person& person) {
    if (person.row.blocked) return model::Presence::blocked;
    switch (person.row.relation) {
        case Relation::pending_in:
            return model::Presence::pending_in;
        case Relation::pending_out:
        case Relation::declined:
            return model::Presence::pending_out;
        default:
            break;
    }
    if (person.session) return person.idle ? model::Presence::idle : model::Presence::online;
    return person.dialling ? model::Presence::connecting : model::Presence::offline;
}

model::PathKind path_of(const Person& person) {
    if (!person.session) return model::PathKind::none;
    return person.relayed ? model::PathKind::relay : model::PathKind::direct;
}

bool is_hex_prefix(std::string_view text) {
    return text.size() >= 8 && text.size() <= 64 &&
           text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

}  // namespace

model::Peer to_model(const Person& person) {
    model::Peer peer;
    peer.id = person.row.id;
    peer.name = person.shown_name();
    peer.own_name = person.row.own_name;
    peer.presence = presence_of(person);
    peer.path = path_of(person);
    peer.contact = person.row.relation == Relation::contact;
    peer.verified = person.row.verified;
    peer.unread = person.unread;
    peer.last_seen = person.row.last_seen;
    peer.last_activity = person.last_activity;
    peer.last_text = person.last_text;
    peer.last_error = person.last_error;
    peer.auto_accept = person.row.auto_accept;
    peer.typing = person.typing;
    peer.timer_mine = person.timer_mine;
    peer.timer_theirs = person.timer_theirs;
    peer.status = person.status;
    peer.nearby = !person.near.empty();
    if (person.session) {
        peer.address = person.remote;
    } else if (peer.nearby) {
        peer.address = net::to_string(person.near.front());
    }
    return peer;
}

model::Request to_request(const Person& person) {
    return {person.row.id, person.row.own_name, person.row.greeting, person.row.created_at};
}

bool is_listed(const Person& person) {
    return person.row.blocked ||
           (person.row.relation != Relation::denied && person.row.relation != Relation::removed);
}

Person* People::find(const model::PeerId& id) {
    const auto found = people_.find(id);
    return found == people_.end() ? nullptr : &found->second;
}

const Person* People::find(const model::PeerId& id) const {
    const auto found = people_.find(id);
    return found == people_.end() ? nullptr : &found->second;
}

Person& People::put(store::PeerRow row) {
    Person& person = people_[row.id];
    person.row = std::move(row);
    return person;
}

std::size_t People::count(Relation relation) const {
    return static_cast<std::size_t>(std::count_if(
        people_.begin(), people_.end(),
        [&](const auto& p) { return p.second.row.relation == relation && !p.second.row.blocked; }));
}

model::Peers People::listed() const {
    model::Peers list;
    for (const auto& [id, person] : people_) {
        if (is_listed(person)) list.peers.push_back(to_model(person));
    }
    std::stable_sort(list.peers.begin(), list.peers.end(), [](const auto& a, const auto& b) {
        return a.last_activity > b.last_activity;
    });
    return list;
}

model::Requests People::requests() const {
    model::Requests list;
    for (const auto& [id, person] : people_) {
        if (person.row.relation == Relation::pending_in && !person.row.blocked) {
            list.requests.push_back(to_request(person));
        }
    }
    std::stable_sort(list.requests.begin(), list.requests.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    return list;
}

std::vector<model::PeerId> People::with_prefix(std::string_view hex) const {
    const std::string wanted = lower(hex);
    std::vector<model::PeerId> found;
    for (const auto& [id, person] : people_) {
        const bool whole = wanted.size() == 2 * id.bytes.size();
        if ((whole || is_listed(person)) && model::to_hex(id).starts_with(wanted))
            found.push_back(id);
    }
    return found;
}

/// The names the user gave come first; the names people give themselves are looked through in all,
/// so that nobody can take the name of a contact who goes by an alias here.
std::vector<model::PeerId> People::named(std::string_view name) const {
    std::vector<model::PeerId> aliases;
    std::vector<model::PeerId> own_names;
    for (const auto& [id, person] : people_) {
        if (!is_listed(person)) continue;
        if (person.row.alias == name) aliases.push_back(id);
        if (person.row.own_name == name) own_names.push_back(id);
    }
    return aliases.empty() ? own_names : aliases;
}

tl::expected<model::PeerId, model::Error> People::resolve(std::string_view text) const {
    auto found = is_hex_prefix(text) ? with_prefix(text) : std::vector<model::PeerId>{};
    if (found.empty() && !text.empty()) found = named(text);
    if (found.size() == 1) return found.front();
    if (found.empty()) {
        return tl::unexpected(model::Error{
            "no_such_peer",
            "Nobody by that name or fingerprint is known here. List the people with 'peers'."});
    }
    return tl::unexpected(model::Error{
        "ambiguous_peer", "That fits more than one person. Give more digits of the fingerprint."});
}

}  // namespace kith::node
