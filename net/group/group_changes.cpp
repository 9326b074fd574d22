// SPDX-License-Identifier: MIT
//
// GroupCore: the membership log among members.
#include <algorithm>
#include <bit>

#include "net/group/group_core.hpp"

namespace kith::net::group {

// --- from others ---

void GroupCore::heard(const Fingerprint& from, GroupChanges& message) {
    bool gained = false;
    for (const auto& encoded : message.changes) {
        auto change = decode_change(encoded);
        gained = (change && take(std::move(*change), &from)) || gained;
    }
    gained = retry_changes() || gained;
    if (gained) members_moved();
    const auto peer = peers_.find(from);
    if (peer == peers_.end() || !peer->second.up) return;
    peer->second.asked_changes = false;
    if (gained) ask_changes(from);  // an answer of theirs that brought nothing is the last
    retry_items();
}

/// True: it is new and in the log.
bool GroupCore::take(SignedChange change, const Fingerprint* from) {
    const auto outcome = log_.add(change);
    if (outcome == ChangeLog::Outcome::full) say_full();
    if (outcome == ChangeLog::Outcome::waits && from != nullptr) {
        const bool there = std::ranges::any_of(
            waiting_changes_, [&](const auto& w) { return w.hash == change.hash; });
        if (!there) waiting_changes_.push_back(std::move(change));
        if (waiting_changes_.size() > limits_.changes_waiting) waiting_changes_.pop_front();
    }
    if (outcome != ChangeLog::Outcome::added) return false;
    const auto index = static_cast<ChangeLog::Index>(log_.size() - 1);
    actions_.emplace_back(StoreChange{++sequence_, change.hash, std::move(change.encoded)});
    unstored_.push_back({sequence_, index, {}, {}});
    return true;
}

bool GroupCore::retry_changes() {
    bool gained = false;
    for (bool more = true; more;) {
        more = false;
        auto waiting = std::exchange(waiting_changes_, {});
        for (auto& change : waiting) {
            if (log_.missing_parents(change.change).empty()) {
                more = take(std::move(change), nullptr) || more;
            } else {
                waiting_changes_.push_back(std::move(change));
            }
        }
        gained = gained || more;
    }
    return gained;
}

/// Heads they told, and what waits for something.
std::vector<Hash> GroupCore::wanted_changes(const Peer& peer) const {
    std::set<Hash> out;
    const auto look = [&](const std::vector<Hash>& hashes) {
        for (const auto& hash : hashes) {
            if (out.size() < group_wants_max && !log_.find(hash)) out.insert(hash);
        }
    };
    look(peer.changes);
    for (const auto& change : waiting_changes_) look(change.change.parents);
    for (const auto& waiting : waiting_) look(waiting.item.envelope.view);
    return {out.begin(), out.end()};
}

void GroupCore::ask_changes(const Fingerprint& from) {
    const auto at = peers_.find(from);
    if (at == peers_.end() || !at->second.up || at->second.asked_changes) return;
    GroupChangesAsk ask{group_, wanted_changes(at->second), {}};
    if (ask.wants.empty()) return;
    ask.known = log_.heads();
    if (ask.known.size() > group_heads_max) ask.known.resize(group_heads_max);
    const auto samples = log_.samples(log_.size());
    ask.known.insert(ask.known.end(), samples.begin(), samples.end());
    at->second.asked_changes = true;
    at->second.asked_changes_at = now();
    say(from, std::move(ask));
}

void GroupCore::heard(const Fingerprint& from, const GroupChangesAsk& message) {
    auto& peer = peers_.at(from);
    if (!peer.asks->try_take(now())) return;
    if (!peer.member) return say_removal(from, message.known);
    const auto part = log_.between(message.wants, message.known, durable_changes_);
    say_changes(from, part);
}

// --- to others ---

/// As many as one message holds; how many those are. Says so, too, when it is none.
std::size_t GroupCore::say_changes(const Fingerprint& to,
                                   std::span<const ChangeLog::Index> changes) {
    GroupChanges message{group_, {}};
    std::size_t bytes = 0;
    for (const auto index : changes) {
        const auto& encoded = log_.at(index).encoded;
        bytes += encoded.size();
        if (message.changes.size() == group_changes_max || bytes > group_changes_bytes_max) break;
        message.changes.push_back(encoded);
    }
    const std::size_t count = message.changes.size();
    say(to, std::move(message));
    return count;
}

void GroupCore::say_all_changes(const Fingerprint& to, std::span<const ChangeLog::Index> changes) {
    while (!changes.empty()) changes = changes.subspan(say_changes(to, changes));
}

/// Whoever was removed hears that, and nothing that came later.
void GroupCore::say_removal(const Fingerprint& to, const std::vector<Hash>& known) {
    const auto removal = log_.removal_of(to);
    if (!removal || *removal >= durable_changes_) return;
    const auto part = log_.between({log_.at(*removal).hash}, known, durable_changes_);
    if (!part.empty()) say_changes(to, part);
}

/// What has become durable: ours goes to everybody, and whoever is out hears it from all who are
/// connected to them.
void GroupCore::announce(ChangeLog::Index index) {
    const auto& change = log_.at(index).change;
    const bool ours = change.author == world_.self;
    const auto* remove = std::get_if<Remove>(&change.statement);
    if (remove != nullptr && members()->find(remove->member) == nullptr) {
        const auto peer = peers_.find(remove->member);
        const bool up = peer != peers_.end() && peer->second.up;
        if (up || ours) say_changes(remove->member, {&index, 1});
    }
    if (!ours) return;
    for (const auto& member : members()->all) {
        if (member.id == world_.self) continue;
        const bool joins = std::ranges::find(member.adds, index) != member.adds.end();
        if (joins) {
            const auto all = log_.between({log_.at(index).hash}, {}, durable_changes_);
            say_all_changes(member.id, all);
        } else {
            say_changes(member.id, {&index, 1});
        }
    }
}

// --- what it comes to ---

void GroupCore::members_moved() {
    MembersChanged news;
    const auto view = members();
    counted_.resize(log_.size(), false);
    for (ChangeLog::Index i = 0; i < log_.size(); ++i) {
        const bool counts = log_.counts(i);
        if (counts == counted_[i]) continue;
        counted_[i] = counts;
        (counts ? news.lines : news.voided).push_back(log_.at(i).hash);
    }
    const bool same = shown_->same_as(*view);
    shown_ = view;
    if (same && news.lines.empty() && news.voided.empty()) return;
    seat_members();
    actions_.emplace_back(std::move(news));
    retry_items();
    want_gaps();
    ask();
}

/// Everybody in it has a place in the masks; who is no longer in it gives it back.
void GroupCore::seat_members() {
    Mask used = 0;
    for (auto at = peers_.begin(); at != peers_.end();) {
        auto& [id, peer] = *at;
        const bool ours = is_member() && peer.slot == self_slot;  // from while we were out
        if (peer.member && (ours || members()->find(id) == nullptr)) unseat(id, peer);
        if (peer.member) used |= Mask{1} << peer.slot;
        at = peer.member || peer.up ? std::next(at) : peers_.erase(at);
    }
    for (const auto& member : members()->all) {
        auto* peer = member.id == world_.self ? nullptr : &peers_[member.id];
        if (peer == nullptr || peer->member) continue;
        peer->member = true;
        peer->slot = static_cast<std::uint8_t>(std::countr_one(used));
        used |= Mask{1} << peer->slot;
        if (peer->up) tell_heads(member.id, *peer, true);
    }
}

void GroupCore::unseat(const Fingerprint& id, Peer& peer) {
    const Mask gone = bit(id);
    give_up(id, peer, false);
    history_.clear(gone);
    for (auto& [hash, want] : wants_) {
        want.holders &= ~gone;
        want.tried &= ~gone;
        want.withheld &= ~gone;
    }
    peer.member = false;
}

}  // namespace kith::net::group
