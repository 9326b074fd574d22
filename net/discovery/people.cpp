// SPDX-License-Identifier: MIT
#include "net/discovery/people.hpp"

#include <algorithm>

#include "net/discovery/local_address.hpp"

namespace kith::net {
namespace {

using ms = std::chrono::milliseconds;

constexpr ms repeat_near{1000};  // a contact's copies over all interfaces are told once
constexpr ms granularity{100};   // expiries of many share one scan

ms times(ms interval, double factor) { return std::chrono::duration_cast<ms>(interval * factor); }

}  // namespace

void People::heard(const Sighting& sighting, ms now) {
    Person* person = find_or_add(sighting.peer, now);
    if (person == nullptr) return;
    person->heard = now;
    person->interval =
        std::clamp(sighting.interval, timing_.interval_said_min, timing_.interval_max);
    const NearbyPerson before = person->shown;
    const bool first = !person->signer || person->team != sighting.team;
    person->signer = sighting.signer;
    person->team = sighting.team;
    person->shown.name = sighting.name;
    person->shown.token = sighting.token;
    person->shown.idle = false;
    const bool moved =
        add_place(*person, sighting.tcp_port, sighting.interface, sighting.from, now);
    const bool changed = first || moved || before.idle || before.name != sighting.name ||
                         before.token != sighting.token;
    next_ = std::min(next_, now + idle_after(*person));
    const bool repeat = person->relation != Contact::no && now - person->told >= repeat_near;
    if (changed || repeat) show(*people_.find(sighting.peer), now);
}

void People::heard_tag(const Fingerprint& contact, std::uint16_t tcp_port, std::uint32_t interface,
                       const SocketAddress& from, ms now) {
    Person* person = find_or_add(contact, now);
    if (person == nullptr) return;
    person->heard = now;
    const bool moved = add_place(*person, tcp_port, interface, from, now);
    next_ = std::min(next_, now + idle_after(*person));
    if (moved || now - person->told >= repeat_near) show(*people_.find(contact), now);
}

template <typename Predicate>
void People::remove_if(const Predicate& gone) {
    for (auto entry = people_.begin(); entry != people_.end();)
        entry = gone(*entry) ? people_.erase(entry) : std::next(entry);
}

People::Person* People::find_or_add(const Fingerprint& peer, ms now) {
    if (const auto found = people_.find(peer); found != people_.end()) return &found->second;
    const Contact relation = relation_(peer);
    if (relation == Contact::no && people_.size() >= limits::nearby_max) {
        const auto strangers = std::ranges::count_if(
            people_, [](const Entry& e) { return e.second.relation == Contact::no; });
        if (static_cast<std::size_t>(strangers) >= limits::nearby_max) return nullptr;
    }
    const TokenBucket share(limits::verifications_per_person, limits::verifications_person_burst,
                            now);
    Person person{.shown = {},
                  .signer = {},
                  .places = {},
                  .told = ms::min() / 2,
                  .asked = ms::min() / 2,
                  .verifications = share,
                  .verifications_elsewhere = share};
    person.shown.peer = peer;
    person.relation = relation;
    return &people_.emplace(peer, std::move(person)).first->second;
}

/// True: an address is new, or all have another port now.
bool People::add_place(Person& person, std::uint16_t port, std::uint32_t interface,
                       const SocketAddress& from, ms now) {
    bool changed = person.tcp_port != port;
    if (changed) person.places.clear();  // an earlier run of theirs, or an earlier port
    person.tcp_port = port;
    SocketAddress address{from.address, port, from.scope};
    if (address.scope == 0 && address.address.size() == 16 && reach_rank(address) == 1)
        address.scope = interface;
    const auto known = std::ranges::find(person.places, address, &Place::address);
    if (known != person.places.end()) {
        known->heard = now;
        known->interface = interface;
    } else {
        if (person.places.size() >= limits::nearby_addresses_max)
            person.places.erase(std::ranges::min_element(person.places, {}, &Place::heard));
        person.places.push_back({std::move(address), interface, now});
        changed = true;
    }
    return changed;
}

void People::left(const Fingerprint& peer) {
    const auto found = people_.find(peer);
    if (found == people_.end()) return;
    hide(*found);
    people_.erase(found);
}

void People::interface_gone(std::uint32_t interface) {
    remove_if([&](Entry& entry) {
        auto& places = entry.second.places;
        const auto there = [&](const Place& place) { return place.interface == interface; };
        if (std::erase_if(places, there) == 0) return false;
        if (places.empty()) {
            hide(entry);
        } else {
            show(entry, entry.second.heard);
        }
        return places.empty();
    });
}

void People::contacts_changed(ms now) {
    remove_if([&](Entry& entry) {
        Person& person = entry.second;
        const Contact relation = relation_(entry.first);
        if (person.relation == Contact::resting && relation == Contact::wanted && !person.signer) {
            person.heard = now;  // tags are sent again from now on
            for (Place& place : person.places) place.heard = now;
            next_ = std::min(next_, now + silence_max(person));
        }
        if ((person.relation == Contact::no) == (relation == Contact::no)) {
            person.relation = relation;
            return false;
        }
        hide(entry);
        person.relation = relation;
        if (relation == Contact::no && !person.team) return true;
        show(entry, now);
        return false;
    });
}

void People::team_changed() {
    remove_if([&](Entry& entry) {
        entry.second.team = entry.second.team && entry.second.relation == Contact::no;
        if (entry.second.team) hide(entry);
        return entry.second.team;
    });
}

People::ms People::tick(ms now) {
    if (now < next_) return next_;
    next_ = ms::max();
    remove_if([&](Entry& entry) { return expire(entry, now); });
    return next_;
}

/// True: gone.
bool People::expire(Entry& entry, ms now) {
    Person& person = entry.second;
    const bool resting = !person.signer && person.relation == Contact::resting;
    if (resting) return false;
    const ms gone_at = person.heard + silence_max(person);
    const ms idle_at = person.heard + idle_after(person);
    if (now >= gone_at) {
        hide(entry);
        return true;
    }
    bool changed = forget_places(person, now - silence_max(person));
    if (now >= idle_at && !person.shown.idle) {
        person.shown.idle = true;
        changed = changed || listed(person);
    }
    if (changed) show(entry, now);
    const ms due = std::min(now < idle_at ? idle_at : gone_at, place_due(person));
    next_ = std::min(next_, std::max(due, now + granularity));
    return false;
}

/// An address that went silent while others are heard: a cable, an address that was given up. The
/// one heard last goes with the person only, who may have been heard later than it, on an interface
/// that is gone.
bool People::forget_places(Person& person, ms before) {
    const ms newest = newest_place(person);
    return std::erase_if(person.places, [&](const Place& place) {
               return place.heard <= before && place.heard < newest;
           }) != 0;
}

/// When the next of them is to be forgotten.
ms People::place_due(const Person& person) const {
    const ms newest = newest_place(person);
    ms due = ms::max();
    for (const Place& place : person.places) {
        if (place.heard < newest) due = std::min(due, place.heard + silence_max(person));
    }
    return due;
}

ms People::newest_place(const Person& person) {
    ms newest = ms::min();
    for (const Place& place : person.places) newest = std::max(newest, place.heard);
    return newest;
}

ms People::silence_max(const Person& person) const {
    return person.signer ? times(person.interval, timing_.gone_after) : timing_.tag_silence;
}

ms People::idle_after(const Person& person) const {
    return person.signer ? times(person.interval, timing_.idle_after) : timing_.tag_silence;
}

void People::show(Entry& entry, ms now) {
    Person& person = entry.second;
    person.shown.addresses = addresses_of(person);
    person.told = now;
    if (person.relation != Contact::no)
        events_.emplace_back(ContactNear{entry.first, person.shown.addresses});
    else if (person.team)
        events_.emplace_back(person.shown);
}

void People::hide(const Entry& entry) {
    if (entry.second.relation != Contact::no)
        events_.emplace_back(ContactFar{entry.first});
    else if (entry.second.team)
        events_.emplace_back(PersonGone{entry.first});
}

std::vector<SocketAddress> People::addresses_of(const Person& person) {
    std::vector<SocketAddress> addresses;
    for (const Place& place : person.places) addresses.push_back(place.address);
    std::ranges::stable_sort(addresses, {}, reach_rank);
    return addresses;
}

const crypto::SignerKey* People::signer(const Fingerprint& peer) const {
    const auto found = people_.find(peer);
    if (found == people_.end() || !found->second.signer) return nullptr;
    return &*found->second.signer;
}

bool People::is_heard_at(const Fingerprint& peer, const SocketAddress& from) const {
    const auto found = people_.find(peer);
    if (found == people_.end()) return false;
    const auto there = [&](const Place& place) { return place.address.address == from.address; };
    return std::ranges::any_of(found->second.places, there);
}

bool People::may_verify(const Fingerprint& peer, bool there, ms now) {
    const auto found = people_.find(peer);
    if (found == people_.end()) return true;
    Person& person = found->second;
    return (there ? person.verifications : person.verifications_elsewhere).try_take(now);
}

bool People::may_ask(const Fingerprint& peer, ms now) {
    const auto found = people_.find(peer);
    if (found == people_.end() || now - found->second.asked < timing_.answer_within) return false;
    found->second.asked = now;
    return true;
}

std::size_t People::team_size() const {
    const auto in_team = [](const Entry& entry) { return entry.second.team; };
    return static_cast<std::size_t>(std::ranges::count_if(people_, in_team));
}

std::vector<NearbyPerson> People::nearby() const {
    std::vector<NearbyPerson> out;
    for (const auto& [peer, person] : people_) {
        if (listed(person)) out.push_back(person.shown);
    }
    return out;
}

}  // namespace kith::net
