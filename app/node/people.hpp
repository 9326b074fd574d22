// SPDX-License-Identifier: MIT
//
// Everybody this node knows of: the stored row and what is true right now. Network thread only.
#pragma once

#include <map>
#include <set>

#include "app/model/event.hpp"
#include "app/store/job.hpp"
#include "net/transport.hpp"

namespace kith::node {

struct Person {
    store::PeerRow row;
    // Of the moment; not stored.
    bool session = false;
    bool typing = false;
    bool dialling = false;
    bool card_sent = false;                ///< in this session
    bool request_answered = false;         ///< in this session
    bool not_admitted = false;             ///< the last dial ended at their door
    bool parted = false;                   ///< the user hung up; ends with the next session or dial
    bool idle = false;                     ///< connected, and nobody sits there
    std::string status;                    ///< what they say of themselves, while connected
    std::string remote;                    ///< where the session goes: spell_remote()
    bool relayed = false;                  ///< the session goes through a relay
    std::vector<net::SocketAddress> near;  ///< where they are heard in the local network
    bool saving = false;                   ///< Contacts::save_latest is under way
    bool save_again = false;               ///< and what it writes is out of date
    std::string last_error;
    // Kept in step with the store.
    std::uint32_t unread = 0;
    model::Timestamp last_activity = 0;
    std::string last_text;
    std::uint32_t timer_mine = 0;  ///< seconds, 0: keep
    std::uint32_t timer_theirs = 0;

    [[nodiscard]] bool is_contact() const {
        return row.relation == store::Relation::contact && !row.blocked;
    }
    /// Somebody we have added but not met has told us no name: their fingerprint stands in for it.
    [[nodiscard]] std::string shown_name() const {
        if (!row.alias.empty()) return row.alias;
        return row.own_name.empty() ? model::to_hex(row.id).substr(0, 8) : row.own_name;
    }
};

[[nodiscard]] model::Peer to_model(const Person& person);
[[nodiscard]] model::Request to_request(const Person& person);
/// Denied strangers and removed contacts are remembered but not shown.
[[nodiscard]] bool is_listed(const Person& person);

class People {
public:
    [[nodiscard]] Person* find(const model::PeerId& id);
    [[nodiscard]] const Person* find(const model::PeerId& id) const;
    Person& put(store::PeerRow row);  ///< adds, or replaces the row and keeps the rest
    [[nodiscard]] std::size_t count(store::Relation relation) const;

    [[nodiscard]] model::Peers listed() const;       ///< latest activity first
    [[nodiscard]] model::Requests requests() const;  ///< oldest first
    /// See model::NodePort::resolve.
    [[nodiscard]] tl::expected<model::PeerId, model::Error> resolve(std::string_view text) const;

    auto begin() { return people_.begin(); }
    auto end() { return people_.end(); }

private:
    [[nodiscard]] std::vector<model::PeerId> named(std::string_view name) const;
    [[nodiscard]] std::vector<model::PeerId> with_prefix(std::string_view hex) const;
    std::map<model::PeerId, Person> people_;
};

}  // namespace kith::node
