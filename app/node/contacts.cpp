// SPDX-License-Identifier: MIT
#include "app/node/contacts.hpp"

#include "app/node/addresses.hpp"
#include "app/node/convert.hpp"
#include "app/node/reachability.hpp"

namespace kith::node {
namespace {

using store::Relation;

net::ContactToken to_token(const store::Blob& bytes) {
    net::ContactToken token{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), token.size()), token.begin());
    return token;
}

template <typename Card>
void learn(Person& person, const Card& card) {
    if (auto name = tidy_name(card.name); !name.empty()) person.row.own_name = std::move(name);
    person.row.dial_token.assign(card.token.begin(), card.token.end());
    if (auto rows = to_rows(card.candidates); !rows.empty()) person.row.addresses = std::move(rows);
}

/// Where they are heard now, then what they have told, and relays last: whatever is direct beats
/// them, but never leaves them without a place.
std::vector<net::SocketAddress> addresses_to_try(const Person& person) {
    auto addresses = person.near;
    std::vector<net::SocketAddress> relays;
    for (auto& told : to_socket_addresses(person.row.addresses)) {
        auto& list = net::is_relayed(told) ? relays : addresses;
        if (std::find(list.begin(), list.end(), told) == list.end())
            list.push_back(std::move(told));
    }
    if (relays.size() > relays_told_max) relays.resize(relays_told_max);
    const std::size_t direct_max = crypto::candidates_max - relays.size();
    if (addresses.size() > direct_max) addresses.resize(direct_max);
    addresses.insert(addresses.end(), std::make_move_iterator(relays.begin()),
                     std::make_move_iterator(relays.end()));
    return addresses;
}

/// Through some relay.
net::SocketAddress far_away() { return {crypto::place_of({{}, {}, "relay", 1}), 1, 0}; }

tl::unexpected<model::Error> refuse(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

}  // namespace

Person& Contacts::remember(const model::PeerId& peer, Relation relation) {
    Person* known = context_.people.find(peer);
    if (known == nullptr) {
        store::PeerRow row;
        row.id = peer;
        known = &context_.people.put(std::move(row));
    }
    known->row.relation = relation;
    known->row.created_at = context_.now();
    return *known;
}

void Contacts::ensure_door_token(Person& person) {
    if (person.row.door_token.size() == crypto::contact_token_size) return;
    const auto token = context_.random.array<crypto::contact_token_size>();
    person.row.door_token.assign(token.begin(), token.end());
}

void Contacts::apply_route(const Person& person) {
    if (before_route) before_route(person.row.id);
    const bool wanted =
        person.row.relation == Relation::contact || person.row.relation == Relation::pending_out;
    context_.endpoint->set_blocked(fingerprint(person.row.id), person.row.blocked);
    if (!wanted || person.row.blocked)
        return context_.endpoint->remove_route(fingerprint(person.row.id));
    net::Route route;
    route.peer = fingerprint(person.row.id);
    route.dial_token = person.row.dial_token;
    if (!person.row.door_token.empty()) route.door_token = to_token(person.row.door_token);
    route.addresses = addresses_to_try(person);
    route.keep_connected = true;
    context_.endpoint->set_route(std::move(route));
}

void Contacts::changed(const Person& person) { context_.events.person_changed(person.row.id); }

void Contacts::commit(const Person& person, store::PeerRow before, Done done) {
    context_.save(person, [this, before = std::move(before), done = std::move(done)](auto saved) {
        Person* failed = saved ? nullptr : context_.people.find(before.id);
        if (failed != nullptr) {
            failed->row = before;
            apply_route(*failed);
            changed(*failed);
        }
        done(std::move(saved));
    });
}

void Contacts::save_latest(Person& person) {
    if (std::exchange(person.saving, true)) {
        person.save_again = true;
        return;
    }
    context_.save(person, [this, peer = person.row.id](auto) {
        Person* saved = context_.people.find(peer);
        if (saved == nullptr) return;
        saved->saving = false;
        if (std::exchange(saved->save_again, false)) save_latest(*saved);
    });
}

tl::expected<void, model::Error> Contacts::may_add(const Person* known) const {
    if (known != nullptr && known->row.blocked) {
        return refuse("blocked", "You have blocked this person. Unblock them first.");
    }
    const auto& people = context_.people;
    const auto asked = people.count(Relation::contact) + people.count(Relation::pending_out);
    if (known == nullptr && asked >= model::contacts_max) {
        return refuse("too_many", "The list of contacts is full. Remove someone first.");
    }
    return {};
}

void Contacts::add(const crypto::ConnectionId& id, std::string greeting, Done done,
                   std::string name) {
    const auto peer = peer_id(id.fingerprint);
    Person* known = context_.people.find(peer);
    if (auto allowed = may_add(known); !allowed) return done(std::move(allowed));
    store::PeerRow before = known != nullptr ? known->row : store::PeerRow{};
    before.id = peer;
    if (known == nullptr)
        before.relation = Relation::removed;  // what a failed write leaves is not shown
    const bool already = known != nullptr && known->row.relation == Relation::contact;
    const bool they_asked = known != nullptr && known->row.relation == Relation::pending_in;
    Person& person = already || they_asked ? *known : remember(peer, Relation::pending_out);
    if (auto rows = to_rows(id.candidates); !rows.empty()) person.row.addresses = std::move(rows);
    if (they_asked) return become_contact(person, std::move(before), std::move(done));
    // A contact who lets us in no more has removed us: only an invitation opens their door again.
    if (!already || person.not_admitted)
        person.row.dial_token.assign(id.token.begin(), id.token.end());
    if (!already) person.row.greeting = std::move(greeting);
    if (person.row.own_name.empty()) person.row.own_name = std::move(name);
    ensure_door_token(person);
    person.last_error.clear();
    commit(person, std::move(before), [this, peer, done = std::move(done)](auto saved) {
        if (saved) added(peer);
        done(std::move(saved));
    });
}

void Contacts::added(const model::PeerId& peer) {
    const Person* person = context_.people.find(peer);
    if (person == nullptr) return;
    apply_route(*person);
    changed(*person);
    if (person->session && person->row.relation == Relation::pending_out) send_request(*person);
    context_.endpoint->connect(fingerprint(peer));
}

void Contacts::accept(Person& person, Done done) {
    if (person.row.relation == Relation::contact) return done({});
    if (person.row.relation != Relation::pending_in) {
        return done(refuse("no_such_request", "There is no request from this person to accept."));
    }
    become_contact(person, person.row, std::move(done));
}

void Contacts::become_contact(Person& person, store::PeerRow before, Done done) {
    const bool asked = person.row.relation == Relation::pending_in;
    person.row.relation = Relation::contact;
    person.last_error.clear();
    ensure_door_token(person);
    changed(person);
    const auto peer = person.row.id;
    commit(person, std::move(before), [this, peer, asked, done = std::move(done)](auto saved) {
        Person* contact = context_.people.find(peer);
        if (saved && contact != nullptr && contact->is_contact()) {
            apply_route(*contact);
            if (contact->session && !contact->card_sent) send_card(*contact);
            if (asked) context_.events.publish(model::RequestGone{peer});
            listener_.on_contact(peer);
        }
        done(std::move(saved));
    });
}

void Contacts::deny(Person& person, Done done) {
    if (person.row.relation != Relation::pending_in) {
        return done(refuse("no_such_request", "There is no request from this person to deny."));
    }
    auto before = person.row;
    person.row.relation = Relation::denied;
    if (person.session) context_.endpoint->send(fingerprint(person.row.id), net::ContactDecline{});
    leave(person, net::GoodbyeReason::not_welcome);
    commit(person, std::move(before), std::move(done));
}

void Contacts::block(Person& person, Done done) {
    auto before = person.row;
    person.row.blocked = true;
    leave(person, net::GoodbyeReason::closing);  // the blocked person is not told
    changed(person);
    commit(person, std::move(before), std::move(done));
}

void Contacts::block_stranger(const model::PeerId& peer, std::string name, Done done) {
    Person& person = remember(peer, Relation::removed);
    person.row.own_name = std::move(name);
    block(person, std::move(done));
}

void Contacts::unblock(Person& person, Done done) {
    if (!person.row.blocked) return done({});
    auto before = person.row;
    person.row.blocked = false;
    const auto relation = person.row.relation;
    if (relation == Relation::contact || relation == Relation::pending_out)
        ensure_door_token(person);
    apply_route(person);
    changed(person);
    if (!is_listed(person)) context_.events.publish(model::PeerRemoved{person.row.id});
    if (relation == Relation::pending_in)
        context_.events.publish(model::RequestReceived{to_request(person)});
    commit(person, std::move(before), std::move(done));
}

void Contacts::remove(Person& person, Done done) {
    auto before = person.row;
    person.row.relation = Relation::removed;
    person.row.blocked = false;
    person.row.verified = false;
    person.row.auto_accept = {};  // trust of that kind does not come back by itself
    leave(person, net::GoodbyeReason::closing);
    commit(person, std::move(before), std::move(done));
}

/// The person's old door token is worth nothing from here on.
void Contacts::leave(Person& person, net::GoodbyeReason reason) {
    const auto peer = person.row.id;
    person.row.door_token.clear();
    apply_route(person);
    context_.endpoint->disconnect(fingerprint(peer), reason);
    listener_.on_no_contact(peer);
    context_.events.publish(model::RequestGone{peer});
    if (is_listed(person)) return;
    context_.events.publish(model::PeerRemoved{peer});
    changed(person);  // they may be heard near, as a stranger
}

void Contacts::session_up(const model::PeerId& peer) {
    Person* person = context_.people.find(peer);
    if (person == nullptr || person->row.blocked) return;
    person->session = true;
    person->dialling = false;
    person->card_sent = person->request_answered = person->not_admitted = false;
    person->last_error.clear();
    person->row.last_seen = context_.now();
    if (is_listed(*person)) changed(*person);
    if (person->row.relation == Relation::pending_out) send_request(*person);
    if (person->is_contact()) {
        const bool invited_only =
            person->row.dial_token.size() == std::tuple_size_v<crypto::InviteToken>;
        if (invited_only) send_request(*person);  // they may know us no more
        send_card(*person);
        listener_.on_contact(peer);
    }
}

/// They are no contact yet: not everything is told to somebody far away.
void Contacts::send_request(const Person& person) {
    const auto session = context_.live.find(person.row.id);
    if (session == context_.live.end()) return;
    context_.endpoint->send(
        fingerprint(person.row.id),
        net::ContactRequest{own_name, person.row.greeting, to_token(person.row.door_token),
                            candidates_for_stranger(own_candidates(), session->second.remote)});
}

void Contacts::send_card(Person& person) {
    person.card_sent = true;
    context_.endpoint->send(
        fingerprint(person.row.id),
        net::ContactCard{own_name, to_token(person.row.door_token), own_candidates()});
}

net::Message Contacts::mailed_request(const Person& person) const {
    const net::SocketAddress far = far_away();
    return net::ContactRequest{own_name, person.row.greeting, to_token(person.row.door_token),
                               candidates_for_stranger(own_candidates(), far)};
}

net::Message Contacts::mailed_card(const Person& person) const {
    return net::ContactCard{own_name, to_token(person.row.door_token), own_candidates()};
}

void Contacts::send_cards() {
    for (auto& [id, person] : context_.people) {
        if (person.session && person.is_contact()) send_card(person);
    }
}

void Contacts::received(const model::PeerId& from, net::ContactRequest request) {
    Person* person = context_.people.find(from);
    if (person == nullptr) return store_request(from, std::move(request));
    if (person->row.blocked) return;
    switch (person->row.relation) {
        case Relation::denied:
            context_.endpoint->send(fingerprint(from), net::ContactDecline{});
            return;
        case Relation::contact:
            return answer_contact(*person, request);
        case Relation::pending_out: {  // both asked: both agree
            auto before = person->row;
            learn(*person, request);
            return become_contact(*person, std::move(before), [](auto) {});
        }
        default:
            return store_request(from, std::move(request));
    }
}

/// A contact asks: they lost our answer, or everything. Answered once a session, as each answer is
/// longer than the question.
void Contacts::answer_contact(Person& person, const net::ContactRequest& request) {
    if (std::exchange(person.request_answered, true)) return;
    update(person, request);
    send_card(person);
}

template <typename Card>
void Contacts::update(Person& person, const Card& card) {
    const store::PeerRow before = person.row;
    learn(person, card);
    if (person.row == before) return;
    changed(person);
    apply_route(person);
    save_latest(person);
}

void Contacts::report_full() {
    const auto now = context_.clock.monotonic();
    if (full_reported_ && now < *full_reported_ + std::chrono::minutes(1)) return;
    full_reported_ = now;
    context_.report(model::NoticeLevel::warning,
                    "A contact request was not taken: too many are waiting. Accept or deny some.");
}

void Contacts::store_request(const model::PeerId& from, net::ContactRequest request) {
    Person* known = context_.people.find(from);
    if (known != nullptr && known->row.relation == Relation::pending_in)
        return repeat_request(*known, request);
    if (context_.people.count(Relation::pending_in) >= model::requests_max) return report_full();
    Person& person = remember(from, Relation::pending_in);
    learn(person, request);
    person.row.greeting = std::move(request.greeting);
    person.row.last_seen = context_.now();
    note_session(person);
    context_.save(person, [this, from](auto saved) {
        Person* stranger = context_.people.find(from);
        if (stranger == nullptr || stranger->row.relation != Relation::pending_in) return;
        if (!saved) {
            stranger->row.relation = Relation::removed;  // nobody was promised anything
            return;
        }
        send_receipt(*stranger);
        changed(*stranger);
        context_.events.publish(model::RequestReceived{to_request(*stranger)});
    });
}

/// Somebody who is new here has come with a session already, unless it was mail that came.
void Contacts::note_session(Person& person) const {
    const auto session = context_.live.find(person.row.id);
    if (session == context_.live.end()) return;
    person.session = true;
    person.remote = spell_remote(session->second.remote);
    person.relayed = net::is_relayed(session->second.remote);
}

/// One request, once: only how to answer it may change.
void Contacts::repeat_request(Person& person, const net::ContactRequest& request) {
    note_session(person);
    if (std::exchange(person.request_answered, true)) return;
    const std::string first_name = person.row.own_name;
    const store::PeerRow before = person.row;
    learn(person, request);
    person.row.own_name = first_name;
    if (person.row != before) save_latest(person);
    send_receipt(person);
}

void Contacts::send_receipt(const Person& person) {
    if (!context_.endpoint->has_session(fingerprint(person.row.id))) return;
    context_.endpoint->send(fingerprint(person.row.id), net::RequestReceipt{});
}

void Contacts::received(const model::PeerId& from, const net::ContactCard& card) {
    Person* person = context_.people.find(from);
    if (person == nullptr || person->row.blocked) return;
    const auto relation = person->row.relation;
    if (relation == Relation::contact) return update(*person, card);
    if (relation != Relation::pending_out && relation != Relation::declined) return;
    auto before = person->row;
    learn(*person, card);
    become_contact(*person, std::move(before), [](auto) {});
}

void Contacts::declined(const model::PeerId& from) {
    Person* person = context_.people.find(from);
    if (person == nullptr || person->row.relation != Relation::pending_out) return;
    person->row.relation = Relation::declined;
    person->last_error = "They declined your request.";
    apply_route(*person);
    changed(*person);
    context_.save(*person, [](auto) {});
    context_.report(model::NoticeLevel::info,
                    person->shown_name() + " declined your contact request.");
}

}  // namespace kith::node
