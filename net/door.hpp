// SPDX-License-Identifier: MIT
//
// Who is let in at accept: counts and rates of links, per address and in all. Links that have not
// proven anything are kept in order of age; when there are too many, the oldest one that no
// contact's token vouches for makes room, so that a flood displaces itself. A token in M1 may be a
// recording: such a link is kept only while there are others to go first, and few of each contact.
// Internal to net/.
#pragma once

#include <optional>

#include "crypto/fingerprint.hpp"
#include "net/limits.hpp"
#include "net/token_bucket.hpp"

namespace kith::net {

class Door {
public:
    struct Verdict {
        bool accept = false;
        /// The address is above its rate, or has many strangers here: only a contact's token opens.
        bool contacts_only = false;
        /// This half-open link has to go to make room.
        std::optional<LinkId> evict;
    };

    /// An accepted link is counted from here until on_gone(), whatever happens in between.
    [[nodiscard]] Verdict on_accepted(LinkId link, const SocketAddress& from,
                                      std::chrono::milliseconds now);
    /// Its M1 has this contact's token. What is returned has to go: too many say so.
    [[nodiscard]] std::optional<LinkId> on_vouched(LinkId link, const crypto::Fingerprint& contact);
    /// Behind that M1 is who made it, so it is not evicted any more.
    void on_fresh(LinkId link);
    /// Not half-open any more.
    void on_proven(LinkId link);
    /// Proven to be no contact. What is returned has to go: there are too many strangers.
    [[nodiscard]] std::optional<LinkId> on_stranger(LinkId link);
    /// Proven to be a contact: does not count for its address.
    void on_trusted(LinkId link);
    void on_gone(LinkId link);

    [[nodiscard]] std::size_t links() const noexcept { return links_.size(); }
    [[nodiscard]] std::size_t half_open() const noexcept { return half_open_; }
    /// The oldest half-open link, should room be needed for another reason.
    [[nodiscard]] std::optional<LinkId> oldest() const;

private:
    using Order = std::list<LinkId>;  // oldest first
    /// A link's place in one order, or none.
    struct Place {
        Order* order = nullptr;
        Order::iterator at;
        void enter(Order& next, LinkId link);
        void leave();
    };
    struct Group {
        std::size_t links = 0;  // not trusted, half-open or proven
        Order evictable;
    };
    struct Entry {
        std::string group;
        std::optional<crypto::Fingerprint> contact;
        bool half_open = true;
        bool trusted = false;
        Place in_all;    // evictable_, vouched_ or strangers_
        Place in_share;  // of its group or of its contact
    };

    [[nodiscard]] Verdict make_room(const Group& group) const;
    void add(LinkId link, std::string group_name);
    void keep_from_eviction(Entry& entry);
    void leave_group(Entry& entry);

    std::unordered_map<LinkId, Entry> links_;
    std::unordered_map<std::string, Group> groups_;
    std::unordered_map<crypto::Fingerprint, Order> contacts_;  // vouched for by M1 alone
    Order evictable_;
    Order vouched_;
    Order strangers_;  // proven
    std::size_t half_open_ = 0;
    AddressBuckets buckets_{limits::accepts_per_second, limits::accept_burst,
                            limits::accept_buckets};
};

}  // namespace kith::net
