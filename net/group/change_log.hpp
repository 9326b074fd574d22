// SPDX-License-Identifier: MIT
//
// The membership log: a graph of signed changes, closed under parents, and what any part of it
// comes to. The same set of changes gives the same members and rights, in whatever order it came.
// docs/protocol.md, "Groups: merging". One thread; no input or output.
#pragma once

#include <list>
#include <map>
#include <set>

#include "net/group/members.hpp"

namespace kith::net::group {

/// What a change may have below it; beyond that only Leave, Remove and the end of admin rights
/// count, up to changes_below_end.
inline constexpr std::size_t changes_below_max = 2000;
inline constexpr std::size_t changes_below_end = 2200;
inline constexpr std::size_t cards_below_max = 64;  ///< of one member
/// What a log holds at all. Reached only by somebody who makes changes side by side in thousands;
/// then no more are taken, and a new group is the way out.
inline constexpr std::size_t changes_max = 4096;
inline constexpr std::size_t changes_bytes_max = 8 << 20;

class ChangeLog {
public:
    using Index = std::uint32_t;
    using View = std::shared_ptr<const Members>;

    explicit ChangeLog(const GroupId& group);
    ~ChangeLog();
    ChangeLog(const ChangeLog&) = delete;
    ChangeLog& operator=(const ChangeLog&) = delete;

    enum class Outcome {
        added,
        known,    ///< already in it
        waits,    ///< a parent is missing: see missing_parents()
        refused,  ///< of another group, not signed by its author, or without the right
        full,
    };
    /// Checks form, signature, and the author's rights in what is below the change.
    Outcome add(SignedChange change);
    /// The same without adding: whether one of our own would be accepted.
    [[nodiscard]] Outcome check(const SignedChange& change) const;

    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] const SignedChange& at(Index index) const;
    [[nodiscard]] std::optional<Index> find(const Hash& hash) const;
    [[nodiscard]] std::vector<Hash> missing_parents(const Change& change) const;
    /// Of the first `count` changes that came; ascending.
    [[nodiscard]] std::vector<Hash> heads(std::size_t count) const;
    [[nodiscard]] std::vector<Hash> heads() const { return heads(size()); }
    /// At most `max` of the heads, those that matter most first: cards behind all others.
    [[nodiscard]] std::vector<Hash> heads_to_name(std::size_t max) const;

    /// What everything comes to.
    [[nodiscard]] View members() const;
    /// What these and all below them come to. Nothing: one of them is not here.
    [[nodiscard]] View members_at(const std::vector<Hash>& heads) const;
    /// Does a change have an effect? Void are those of people who were removed meanwhile.
    [[nodiscard]] bool counts(Index index) const;
    /// Messages from before that were shared with this person, by any change that ever added them:
    /// also a void one, and one before they were out for a time. What was given stays given.
    [[nodiscard]] const std::set<Hash>& shared_with(const Fingerprint& person) const;
    /// Was this member added before, at a time it was taken out again?
    [[nodiscard]] bool came_back(const Member& member) const;
    /// The last change that took this person out, if they are out.
    [[nodiscard]] std::optional<Index> removal_of(const Fingerprint& person) const;

    /// Of the first `count`: `wants` and what is below, without `known` and what is below that;
    /// in the order they came, parents first. What is not here is passed over.
    [[nodiscard]] std::vector<Index> between(const std::vector<Hash>& wants,
                                             const std::vector<Hash>& known,
                                             std::size_t count) const;
    /// Some changes spread over all, for somebody who shares only a part of them.
    [[nodiscard]] std::vector<Hash> samples(std::size_t count) const;

private:
    struct Entry;
    struct Merge;
    using Bits = std::vector<std::uint64_t>;
    friend struct Merge;

    [[nodiscard]] Bits below(const std::vector<Hash>& heads) const;
    [[nodiscard]] bool allowed(const SignedChange& change, const Members& members) const;
    [[nodiscard]] bool has_room(const Change& change) const;
    [[nodiscard]] Outcome check(const SignedChange& change, Entry& entry) const;
    [[nodiscard]] View view_of(const std::vector<Hash>& heads) const;
    void remember(const std::vector<Hash>& heads, View view) const;

    GroupId group_;
    std::vector<Entry> entries_;
    std::map<Hash, Index> index_;
    std::map<Fingerprint, std::set<Hash>> shared_;
    std::map<Fingerprint, std::size_t> adds_;  ///< how often added, with void ones
    std::vector<Index> order_;                 ///< by depth, then hash
    std::size_t bytes_ = 0;
    struct Views;
    std::unique_ptr<Views> views_;
};

}  // namespace kith::net::group
