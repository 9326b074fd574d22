// SPDX-License-Identifier: MIT
#include "app/node/contacts.hpp"

#include "app/node/convert.hpp"

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
    const bool wanted = person.row.relation == Relation::contact ||
                        person.row.relation == Relation::pending_out;
    context_.endpoint->set_blocked(fingerprint(person.row.id), person.row.blocked);
    if (!wanted || person.row.blocked) return context_.endpoint->remove_route(fingerprint(person.row.id));
    net::Route route;
    route.peer = fingerprint(person.row.id);
    route.dial_token = person.row.dial_token;
    if (!person.row.door_token.empty()) route.door_token = to_token(person.row.door_token);
    route.addresses = to_socket_addresses(person.row.addresses);
    route.keep_connected = true;
    context_.endpoint->set_route(std::move(route));
}

void Contacts::changed(const Person& person) { context_.events.person_changed(person.row.id); }

void Contacts::add(const crypto::ConnectionId& id, std::string greeting, Done done) {
    const auto peer = peer_id(id.fingerprint);
    Person* known = context_.people.find(peer);
    if (known == nullptr && context_.people.count(Relation::contact) + context_.people.count(Relation::pending_out) >= model::contacts_max) {
        return done(refuse("too_many", "The list of contacts is full. Remove someone first."));
    }
    if (known != nullptr && known->row.blocked) {
        return done(refuse("blocked", "You have blocked this person. Unblock them first."));
    }
    const bool already = known != nullptr && known->row.relation == Relation::contact;
    const bool they_asked = known != nullptr && known->row.relation == Relation::pending_in;
    Person& person = already || they_asked ? *known : remember(peer, Relation::pending_out);
    if (auto rows = to_rows(id.candidates); !rows.empty()) person.row.addresses = std::move(rows);
    if (they_asked) return become_contact(person, std::move(done));
    if (!already) {
        person.row.dial_token.assign(id.token.begin(), id.token.end());
        person.row.greeting = std::move(greeting);
        person.last_error.clear();
        ensure_door_token(person);
    }
    context_.save(person, [this, peer, done = std::move(done)](auto saved) {
        const Person* added = context_.people.find(peer);
        if (saved && added != nullptr) {
            apply_route(*added);
            changed(*added);
            if (added->session && added->row.relation == Relation::pending_out) send_request(*added);
            context_.endpoint->connect(fingerprint(peer));
        }
        done(std::move(saved));
    });
}

void Contacts::accept(Person& person, Done done) {
    if (person.row.relation == Relation::contact) return done({});
    if (person.row.relation != Relation::pending_in) {
        return done(refuse("no_such_request", "There is no request from this person to accept."));
    }
    become_contact(person, std::move(done));
}

void Contacts::become_contact(Person& person, Done done) {
    const bool asked = person.row.relation == Relation::pending_in;
    person.row.relation = Relation::contact;
    person.last_error.clear();
    ensure_door_token(person);
    changed(person);
    const auto peer = person.row.id;
    context_.save(person, [this, peer, asked, done = std::move(done)](auto saved) {
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
    person.row.relation = Relation::denied;
    if (person.session) context_.endpoint->send(fingerprint(person.row.id), net::ContactDecline{});
    leave(person, net::GoodbyeReason::not_welcome);
    context_.save(person, std::move(done));
}

void Contacts::block(Person& person, Done done) {
    person.row.blocked = true;
    leave(person, net::GoodbyeReason::closing);  // the blocked person is not told
    changed(person);
    context_.save(person, std::move(done));
}

void Contacts::unblock(Person& person, Done done) {
    if (!person.row.blocked) return done({});
    person.row.blocked = false;
    if (person.row.relation == Relation::contact) ensure_door_token(person);
    apply_route(person);
    changed(person);
    if (!is_listed(person)) context_.events.publish(model::PeerRemoved{person.row.id});
    if (person.row.relation == Relation::pending_in) {
        context_.events.publish(model::RequestReceived{to_request(person)});
    }
    context_.save(person, std::move(done));
}

void Contacts::remove(Person& person, Done done) {
    person.row.relation = Relation::removed;
    person.row.blocked = false;
    person.row.verified = false;
    leave(person, net::GoodbyeReason::closing);
    context_.save(person, std::move(done));
}

/// The person's old door token is worth nothing from here on.
void Contacts::leave(Person& person, net::GoodbyeReason reason) {
    const auto peer = person.row.id;
    person.row.door_token.clear();
    apply_route(person);
    context_.endpoint->disconnect(fingerprint(peer), reason);
    listener_.on_no_contact(peer);
    context_.events.publish(model::RequestGone{peer});
    if (!is_listed(person)) context_.events.publish(model::PeerRemoved{peer});
}

void Contacts::session_up(const model::PeerId& peer) {
    Person* person = context_.people.find(peer);
    if (person == nullptr || person->row.blocked) return;
    person->session = true;
    person->dialling = false;
    person->card_sent = false;
    person->last_error.clear();
    person->row.last_seen = context_.now();
    if (is_listed(*person)) changed(*person);
    if (person->row.relation == Relation::pending_out) send_request(*person);
    if (person->is_contact()) {
        send_card(*person);
        listener_.on_contact(peer);
    }
}

void Contacts::send_request(const Person& person) {
    context_.endpoint->send(fingerprint(person.row.id),
                            net::ContactRequest{own_name, person.row.greeting,
                                                to_token(person.row.door_token), own_candidates()});
}

void Contacts::send_card(Person& person) {
    person.card_sent = true;
    context_.endpoint->send(fingerprint(person.row.id),
                            net::ContactCard{own_name, to_token(person.row.door_token), own_candidates()});
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
        case Relation::contact:  // they lost our answer, or everything
            learn(*person, request);
            changed(*person);
            context_.save(*person, [](auto) {});
            return send_card(*person);
        case Relation::pending_out:  // both asked: both agree
            learn(*person, request);
            return become_contact(*person, [](auto) {});
        default: return store_request(from, std::move(request));
    }
}

void Contacts::store_request(const model::PeerId& from, net::ContactRequest request) {
    Person* known = context_.people.find(from);
    const bool repeated = known != nullptr && known->row.relation == Relation::pending_in;
    if (!repeated && context_.people.count(Relation::pending_in) >= model::requests_max) {
        return context_.report(model::NoticeLevel::warning,
                               "A contact request was not taken: too many are waiting. Accept or deny some.");
    }
    Person& person = repeated ? *known : remember(from, Relation::pending_in);
    const std::string first_name = person.row.own_name;
    learn(person, request);
    if (repeated) person.row.own_name = first_name;  // one request, once: only how to answer may change
    if (!repeated) person.row.greeting = std::move(request.greeting);
    person.session = true;
    context_.save(person, [this, from, repeated](auto saved) {
        const Person* stranger = context_.people.find(from);
        if (!saved || stranger == nullptr) return;
        if (context_.endpoint->has_session(fingerprint(from))) {
            context_.endpoint->send(fingerprint(from), net::RequestReceipt{});
        }
        if (repeated || stranger->row.relation != Relation::pending_in) return;
        changed(*stranger);
        context_.events.publish(model::RequestReceived{to_request(*stranger)});
    });
}

void Contacts::received(const model::PeerId& from, const net::ContactCard& card) {
    Person* person = context_.people.find(from);
    if (person == nullptr || person->row.blocked) return;
    const bool asked = person->row.relation == Relation::pending_out || person->row.relation == Relation::declined;
    if (!asked && person->row.relation != Relation::contact) return;
    learn(*person, card);
    if (asked) return become_contact(*person, [](auto) {});
    changed(*person);
    apply_route(*person);
    context_.save(*person, [](auto) {});
}

void Contacts::declined(const model::PeerId& from) {
    Person* person = context_.people.find(from);
    if (person == nullptr || person->row.relation != Relation::pending_out) return;
    person->row.relation = Relation::declined;
    person->last_error = "They declined your request.";
    apply_route(*person);
    changed(*person);
    context_.save(*person, [](auto) {});
    context_.report(model::NoticeLevel::info, person->shown_name() + " declined your contact request.");
}

}  // namespace kith::node
