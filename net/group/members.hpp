// SPDX-License-Identifier: MIT
//
// Who is in a group and with which rights: what a set of changes comes to. A value.
#pragma once

#include <compare>
#include <memory>

#include "net/group/change.hpp"

namespace kith::net::group {

/// When something was granted, the same for everybody: the depth of the change that did it in the
/// log, then its hash. Lower is senior.
struct Rank {
    std::uint32_t depth = 0;
    Hash hash{};
    auto operator<=>(const Rank&) const = default;
};

struct Member {
    Fingerprint id;
    std::shared_ptr<const MemberRecord> record;  ///< as it was added; its card may be older
    std::shared_ptr<const crypto::PublicBundle> bundle;
    std::shared_ptr<const Card> card;
    bool admin = false;
    Rank joined;
    Rank admin_since;
    std::uint32_t added_by = 0;       ///< index in the log
    std::uint32_t admin_by = 0;       ///< index in the log
    std::vector<std::uint32_t> adds;  ///< all adds of this member, indexes in the log
};

struct Members {
    std::string name;         ///< of the group
    std::vector<Member> all;  ///< ascending by id, at most members_max

    [[nodiscard]] const Member* find(const Fingerprint& id) const noexcept;
    [[nodiscard]] Member* find(const Fingerprint& id) noexcept;
    [[nodiscard]] bool is_admin(const Fingerprint& id) const noexcept;
    [[nodiscard]] std::size_t admins() const noexcept;
    [[nodiscard]] bool same_as(const Members& other) const;  ///< ids, admins, name, cards
};

/// What apply() needs to know of a change beside what it says.
struct Applied {
    const Change& change;
    Rank rank;                                           ///< of the change itself
    std::uint32_t index = 0;                             ///< in the log
    std::shared_ptr<const crypto::PublicBundle> bundle;  ///< of Create and Add
};
/// The effect of a change that counts. What cannot be (a removal of nobody, a member above
/// members_max) has none. A group never stays without an admin: the most senior member becomes one.
void apply(Members& members, const Applied& applied);

}  // namespace kith::net::group
