// SPDX-License-Identifier: MIT
//
// Who is let in at accept: counts and rates of links, per address and in all. Links that have not
// proven anything are kept in order of age; when there are too many, the oldest one that no
// contact's token vouches for makes room, so that a flood displaces itself. Internal to net/.
#pragma once

#include <optional>

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
    /// A contact stands behind it: it is never evicted and does not count for its address.
    void on_vouched(LinkId link);
    /// Not half-open any more.
    void on_proven(LinkId link);
    void on_gone(LinkId link);

    [[nodiscard]] std::size_t links() const noexcept { return links_.size(); }
    [[nodiscard]] std::size_t half_open() const noexcept { return half_open_; }
    /// The oldest half-open link, should room be needed for another reason.
    [[nodiscard]] std::optional<LinkId> oldest() const;

private:
    using Order = std::list<LinkId>;  // oldest first
    struct Group {
        std::size_t links = 0;  // not vouched for, half-open or proven
        Order evictable;
    };
    struct Entry {
        std::string group;
        bool half_open = true;
        bool vouched = false;
        bool evictable = true;
        Order::iterator in_all;
        Order::iterator in_group;
    };

    [[nodiscard]] Verdict make_room(const Group& group) const;
    void add(LinkId link, std::string group_name);
    void keep_from_eviction(Entry& entry);
    void leave_group(Entry& entry);

    std::unordered_map<LinkId, Entry> links_;
    std::unordered_map<std::string, Group> groups_;
    Order evictable_;
    std::size_t half_open_ = 0;
    AddressBuckets buckets_{limits::accepts_per_second, limits::accept_burst,
                            limits::accept_buckets};
};

}  // namespace kith::net
