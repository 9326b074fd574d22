// SPDX-License-Identifier: MIT
//
// The inside of ChangeLog: what is kept of a change, and the merge. Internal to net/group.
#pragma once

#include "net/group/change_log.hpp"

namespace kith::net::group {

struct ChangeLog::Entry {
    SignedChange signed_change;
    std::uint32_t depth = 0;
    Bits below;  ///< with the change itself
    /// Of the author, as of what is below: since when it is admin, and what made it a member and
    /// an admin. Without those this change is void.
    Rank seniority;
    Index member_by = 0;
    Index admin_by = 0;
    std::shared_ptr<const crypto::PublicBundle> bundle;  ///< of Create and Add

    [[nodiscard]] const Change& change() const noexcept { return signed_change.change; }
    [[nodiscard]] Rank rank() const { return {depth, signed_change.hash}; }
};

inline bool has_bit(const std::vector<std::uint64_t>& bits, std::size_t i) {
    return i / 64 < bits.size() && (bits[i / 64] >> (i % 64) & 1) != 0;
}
inline void set_bit(std::vector<std::uint64_t>& bits, std::size_t i) {
    if (bits.size() <= i / 64) bits.resize(i / 64 + 1);
    bits[i / 64] |= std::uint64_t{1} << (i % 64);
}
inline void unite(std::vector<std::uint64_t>& into, const std::vector<std::uint64_t>& other) {
    if (into.size() < other.size()) into.resize(other.size());
    for (std::size_t i = 0; i < other.size(); ++i) into[i] |= other[i];
}

/// Only admins may.
[[nodiscard]] bool needs_admin(const Statement& statement);
/// Whom a change takes the membership or the rights of an admin from, if it is not the author.
[[nodiscard]] const Fingerprint* taken_from(const Change& change);

/// docs/protocol.md, "Groups: merging", for one set of changes that is closed under parents.
struct ChangeLog::Merge {
    const ChangeLog& log;
    const Bits& set;
    Bits voided;

    [[nodiscard]] Members run();

private:
    [[nodiscard]] std::vector<Index> removals() const;
    [[nodiscard]] std::vector<Index> standing(const std::vector<Index>& all,
                                              const Bits& dead) const;
    void decide(const std::vector<Index>& standing);
    [[nodiscard]] bool hit(Index change, const std::vector<Index>& standing) const;
    [[nodiscard]] bool apart(Index a, Index b) const;
    [[nodiscard]] bool unsupported(Index change) const;
};

}  // namespace kith::net::group
