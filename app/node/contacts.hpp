// SPDX-License-Identifier: MIT
//
// How strangers become contacts and cease to be: requests, cards, denial, blocking.
// docs/protocol.md, "Becoming contacts". Network thread only.
//
// The stored relation of a peer moves like this:
//
//   (unknown) --add--> pending_out --card--> contact <--accept-- pending_in <--request-- (unknown)
//                          |                                          |
//                          +--decline--> declined                     +--deny--> denied
#pragma once

#include "app/node/context.hpp"

namespace kith::node {

class Contacts {
public:
    using Done = std::function<void(tl::expected<void, model::Error>)>;
    /// Told when somebody turns contact or ceases to be one, so that texts start or stop.
    class Listener {
    public:
        virtual ~Listener() = default;
        virtual void on_contact(const model::PeerId& peer) = 0;
        virtual void on_no_contact(const model::PeerId& peer) = 0;
    };

    Contacts(Context& context, Listener& listener) : context_(context), listener_(listener) {}

    // What the user wants.
    /// `name`: what they seem to be called, until they say so themselves.
    void add(const crypto::ConnectionId& id, std::string greeting, Done done,
             std::string name = {});
    void accept(Person& person, Done done);
    void deny(Person& person, Done done);
    void block(Person& person, Done done);
    /// Somebody unknown who is heard near.
    void block_stranger(const model::PeerId& peer, std::string name, Done done);
    void unblock(Person& person, Done done);
    void remove(Person& person, Done done);

    // What the network brings.
    void session_up(const model::PeerId& peer);
    void received(const model::PeerId& from, net::ContactRequest request);
    void received(const model::PeerId& from, const net::ContactCard& card);
    void declined(const model::PeerId& from);

    /// What a session would begin with, for somebody who is away.
    [[nodiscard]] net::Message mailed_request(const Person& person) const;
    [[nodiscard]] net::Message mailed_card(const Person& person) const;

    /// Our name or addresses changed: tell every connected contact.
    void send_cards();
    /// Tells the endpoint how to reach and admit this person.
    void apply_route(const Person& person);

    /// For what peers make us write: one write per person under way, however much they say.
    void save_latest(Person& person);

    /// Called before the endpoint is told of a person: their row may have changed.
    std::function<void(const model::PeerId&)> before_route;

    std::string own_name;
    /// Where we listen now.
    std::function<std::vector<crypto::Candidate>()> own_candidates;

private:
    /// Writes the row; if that fails, `before` is true again.
    void commit(const Person& person, store::PeerRow before, Done done);
    Person& remember(const model::PeerId& peer, store::Relation relation);
    void become_contact(Person& person, store::PeerRow before, Done done);
    [[nodiscard]] tl::expected<void, model::Error> may_add(const Person* known) const;
    void added(const model::PeerId& peer);
    void answer_contact(Person& person, const net::ContactRequest& request);
    void repeat_request(Person& person, const net::ContactRequest& request);
    void note_session(Person& person) const;
    void send_receipt(const Person& person);
    template <typename Card>
    void update(Person& person, const Card& card);
    void store_request(const model::PeerId& from, net::ContactRequest request);
    void send_card(Person& person);
    void send_request(const Person& person);
    void changed(const Person& person);
    void report_full();
    void leave(Person& person, net::GoodbyeReason reason);
    void ensure_door_token(Person& person);

    Context& context_;
    Listener& listener_;
    std::optional<std::chrono::milliseconds> full_reported_;
};

}  // namespace kith::node
