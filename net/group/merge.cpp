// SPDX-License-Identifier: MIT
#include <algorithm>
#include <tuple>

#include "net/group/log_entry.hpp"

namespace kith::net::group {
namespace {

/// Each round takes removals back that rested on something void; honest logs need one or two.
constexpr int rounds_max = 8;

const Fingerprint* target_of(const Statement& statement) {
    if (const auto* remove = std::get_if<Remove>(&statement)) return &remove->member;
    if (const auto* admin = std::get_if<SetAdmin>(&statement)) return &admin->member;
    return nullptr;
}

/// Does `c`, made without knowledge of `removal`, fall with it?
bool falls(const Change& c, const Fingerprint* added, const Change& removal) {
    const auto& target = *taken_from(removal);
    const bool removes = std::holds_alternative<Remove>(removal.statement);
    if (c.author == target && (removes || needs_admin(c.statement))) return true;
    if (removes && added != nullptr && *added == target) return true;
    const auto* grant = std::get_if<SetAdmin>(&c.statement);
    return grant != nullptr && grant->on && grant->member == target;
}

}  // namespace

bool needs_admin(const Statement& s) {
    return std::holds_alternative<Add>(s) || std::holds_alternative<Remove>(s) ||
           std::holds_alternative<Rename>(s) || std::holds_alternative<SetAdmin>(s);
}

const Fingerprint* taken_from(const Change& change) {
    const auto* admin = std::get_if<SetAdmin>(&change.statement);
    if (admin != nullptr && admin->on) return nullptr;
    const auto* target = target_of(change.statement);
    return target != nullptr && *target != change.author ? target : nullptr;
}

bool ChangeLog::Merge::apart(Index a, Index b) const {
    return a != b && !has_bit(log.entries_[a].below, b) && !has_bit(log.entries_[b].below, a);
}

/// The most senior author's first.
std::vector<ChangeLog::Index> ChangeLog::Merge::removals() const {
    std::vector<Index> out;
    for (const Index i : log.order_) {
        if (has_bit(set, i) && taken_from(log.entries_[i].change()) != nullptr) out.push_back(i);
    }
    std::ranges::stable_sort(out, {}, [&](Index i) { return log.entries_[i].seniority; });
    return out;
}

/// A removal stands unless its author was removed, without its knowledge, by a more senior one
/// whose removal stands.
std::vector<ChangeLog::Index> ChangeLog::Merge::standing(const std::vector<Index>& all,
                                                         const Bits& dead) const {
    std::vector<Index> out;
    for (const Index i : all) {
        const auto& author = log.entries_[i].change().author;
        const bool stopped = std::ranges::any_of(out, [&](Index other) {
            return *taken_from(log.entries_[other].change()) == author && apart(i, other);
        });
        if (!stopped && !has_bit(dead, i)) out.push_back(i);
    }
    return out;
}

bool ChangeLog::Merge::hit(Index i, const std::vector<Index>& standing) const {
    const auto& entry = log.entries_[i];
    const bool adds = std::holds_alternative<Add>(entry.change().statement);
    const auto* added = adds ? &entry.bundle->fingerprint() : nullptr;
    return std::ranges::any_of(standing, [&](Index removal) {
        return falls(entry.change(), added, log.entries_[removal].change()) && apart(i, removal);
    });
}

bool ChangeLog::Merge::unsupported(Index i) const {
    const auto& entry = log.entries_[i];
    return has_bit(voided, entry.member_by) ||
           (needs_admin(entry.change().statement) && has_bit(voided, entry.admin_by));
}

void ChangeLog::Merge::decide(const std::vector<Index>& standing) {
    voided.clear();
    for (const Index i : log.order_) {
        if (!has_bit(set, i) || log.entries_[i].depth == 0) continue;
        const bool removes = taken_from(log.entries_[i].change()) != nullptr;
        const bool gone =
            removes ? std::ranges::find(standing, i) == standing.end() : hit(i, standing);
        if (gone || unsupported(i)) set_bit(voided, i);
    }
}

Members ChangeLog::Merge::run() {
    const auto all = removals();
    Bits dead;
    for (int round = 0; round < rounds_max; ++round) {
        const auto stand = standing(all, dead);
        decide(stand);
        bool settled = true;
        for (const Index i : stand) {
            if (!has_bit(voided, i)) continue;
            set_bit(dead, i);
            settled = false;
        }
        if (settled) break;
    }
    Members members;
    for (const Index i : log.order_) {
        if (!has_bit(set, i) || has_bit(voided, i)) continue;
        const auto& entry = log.entries_[i];
        apply(members, {entry.change(), entry.rank(), i, entry.bundle});
    }
    return members;
}

}  // namespace kith::net::group
