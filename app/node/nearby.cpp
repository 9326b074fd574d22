// SPDX-License-Identifier: MIT
#include "app/node/nearby.hpp"

#include "app/node/addresses.hpp"
#include "app/node/convert.hpp"

namespace kith::node {
namespace {

// Anybody near can use the name of somebody whose key is not known yet: what they say makes us dial
// no more often than this. Later dials follow the backoff of the route.
constexpr double arrivals_per_second = 0.2;
constexpr double arrivals_burst = 5;

model::Peer to_model(const model::PeerId& id, const net::NearbyPerson& heard) {
    model::Peer peer;
    peer.id = id;
    peer.own_name = heard.name;
    peer.name = heard.name.empty() ? model::to_hex(id).substr(0, 8) : heard.name;
    peer.presence = heard.idle ? model::Presence::idle : model::Presence::discovered;
    peer.nearby = true;
    if (!heard.addresses.empty()) peer.address = net::to_string(heard.addresses.front());
    return peer;
}

std::optional<crypto::SignerKey> signer_of(const store::PeerRow& row) {
    crypto::SignerKey key{};
    if (row.signer.size() != key.size()) return std::nullopt;
    std::copy(row.signer.begin(), row.signer.end(), key.begin());
    return key;
}

}  // namespace

Nearby::Nearby(Context& context, Contacts& contacts) : context_(context), contacts_(contacts) {
    contacts_.before_route = [this](const model::PeerId& id) { person_changed(id); };
}

void Nearby::attach(net::Discovery* discovery) {
    discovery_ = discovery;
    looking_changed_ = true;
    flush();
}

// --- strangers ---

bool Nearby::is_stranger(const model::PeerId& id) const {
    const Person* person = context_.people.find(id);
    if (person == nullptr) return true;
    return !is_listed(*person) && person->row.relation != store::Relation::denied;
}

std::optional<model::Peer> Nearby::stranger(const model::PeerId& id) const {
    const auto found = announced_.find(id);
    if (found == announced_.end() || !is_stranger(id)) return std::nullopt;
    return to_model(id, found->second);
}

void Nearby::list(model::Peers& peers) const {
    const auto listed = static_cast<std::ptrdiff_t>(peers.peers.size());
    for (const auto& [id, heard] : announced_) {
        if (is_stranger(id)) peers.peers.push_back(to_model(id, heard));
    }
    std::stable_sort(peers.peers.begin() + listed, peers.peers.end(),
                     [](const auto& a, const auto& b) { return a.name < b.name; });
}

tl::expected<model::PeerId, model::Error> Nearby::resolve(std::string_view text) const {
    People strangers;
    for (const auto& [id, heard] : announced_) {
        if (!is_stranger(id)) continue;
        store::PeerRow row;
        row.id = id;
        row.own_name = heard.name;
        strangers.put(std::move(row));
    }
    return strangers.resolve(text);
}

const net::NearbyPerson* Nearby::announced(const model::PeerId& id) const {
    const auto found = announced_.find(id);
    return found == announced_.end() ? nullptr : &found->second;
}

std::size_t Nearby::count() const {
    const auto silent = std::count_if(contacts_near_.begin(), contacts_near_.end(),
                                      [&](const auto& c) { return !announced_.contains(c.first); });
    return announced_.size() + static_cast<std::size_t>(silent);
}

// --- what is heard ---

void Nearby::on_nearby(const net::NearbyPerson& person) {
    const auto id = peer_id(person.peer);
    auto& kept = announced_[id] = person;
    kept.name = tidy_name(person.name);
    heard(id);
}

void Nearby::on_nearby_gone(const net::Fingerprint& peer) {
    const auto id = peer_id(peer);
    const bool shown = stranger(id).has_value();
    announced_.erase(id);
    if (shown) context_.events.publish(model::PeerRemoved{id});
    heard(id);
}

void Nearby::on_contact_near(const net::Fingerprint& peer,
                             const std::vector<net::SocketAddress>& addresses) {
    const auto id = peer_id(peer);
    const Person* person = context_.people.find(id);
    if (person == nullptr || !person->is_contact()) return;
    contacts_near_[id] = addresses;
    heard(id);
}

void Nearby::on_contact_far(const net::Fingerprint& peer) {
    if (contacts_near_.erase(peer_id(peer)) > 0) heard(peer_id(peer));
}

std::vector<net::SocketAddress> Nearby::addresses_of(const Person& person) const {
    if (person.row.blocked) return {};
    if (const auto near = contacts_near_.find(person.row.id); near != contacts_near_.end())
        return near->second;
    const auto found = announced_.find(person.row.id);
    return found == announced_.end() ? std::vector<net::SocketAddress>{} : found->second.addresses;
}

void Nearby::heard(const model::PeerId& id) {
    Person* person = context_.people.find(id);
    if (person == nullptr) return context_.events.person_changed(id);
    const bool was_near = !person->near.empty();
    auto addresses = addresses_of(*person);
    if (addresses == person->near) {
        if (is_stranger(id)) context_.events.person_changed(id);
        return;
    }
    person->near = std::move(addresses);
    context_.events.person_changed(id);
    const auto relation = person->row.relation;
    if (relation != store::Relation::contact && relation != store::Relation::pending_out) return;
    if (!person->near.empty() && !may_arrive(id)) return;
    contacts_.apply_route(*person);
    // Somebody who has come is dialled even if the address is one that was tried before, unless
    // the user hung up.
    const bool has_come = !was_near && !person->near.empty();
    if (has_come && (!person->session || person->relayed) && !person->parted)
        context_.endpoint->connect(fingerprint(id));
}

bool Nearby::may_arrive(const model::PeerId& id) {
    const auto now = context_.clock.monotonic();
    const net::TokenBucket full(arrivals_per_second, arrivals_burst, now);
    return arrivals_.try_emplace(id, full).first->second.try_take(now);
}

// --- whom to look for ---

void Nearby::person_changed(const model::PeerId& id) {
    Person* person = context_.people.find(id);
    if (person == nullptr) return;
    if (person->row.relation != store::Relation::contact &&
        person->row.relation != store::Relation::pending_out)
        arrivals_.erase(id);
    const bool known_here = person->is_contact() &&
                            person->row.dial_token.size() == crypto::contact_token_size &&
                            person->row.door_token.size() == crypto::contact_token_size;
    if (known_here) {
        look_for(*person);
    } else {
        stop_looking_for(id);
    }
    person->near = addresses_of(*person);
}

void Nearby::look_for(const Person& person) {
    const auto& row = person.row;
    auto& looked = looked_for_[row.id];
    if (looked.dial_token == row.dial_token && looked.door_token == row.door_token &&
        looked.signer == row.signer)
        return;
    looked = {row.dial_token,
              row.door_token,
              row.signer,
              {fingerprint(row.id), crypto::pair_key(row.dial_token, row.door_token),
               signer_of(row), !person.session || person.relayed}};
    looking_changed_ = true;
}

void Nearby::stop_looking_for(const model::PeerId& id) {
    contacts_near_.erase(id);
    if (looked_for_.erase(id) > 0) looking_changed_ = true;
}

void Nearby::session_changed(const model::PeerId& id, bool direct) {
    const auto looked = looked_for_.find(id);
    if (looked == looked_for_.end()) return;
    looked->second.contact.wanted = !direct;
    if (discovery_ != nullptr) discovery_->set_wanted(fingerprint(id), !direct);
}

void Nearby::flush() {
    if (discovery_ == nullptr || !std::exchange(looking_changed_, false)) return;
    std::vector<net::DiscoveryContact> contacts;
    contacts.reserve(looked_for_.size());
    for (const auto& [id, looked] : looked_for_) contacts.push_back(looked.contact);
    discovery_->set_contacts(std::move(contacts));
}

std::optional<net::Bytes> Nearby::answer_probe(net::ByteView probe,
                                               const net::SocketAddress& from) {
    if (discovery_ == nullptr || net::is_relayed(from)) return std::nullopt;
    return discovery_->answer_probe(probe, from);
}

}  // namespace kith::node
