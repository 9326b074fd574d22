// SPDX-License-Identifier: MIT
//
// GroupCore: who has what, who has read what.
#include <algorithm>

#include "net/group/group_core.hpp"

namespace kith::net::group {

void GroupCore::heard(const Fingerprint& from, GroupHave& message) {
    auto& peer = peers_.at(from);
    peer.changes = message.changes;
    ask_changes(from);
    if (!peer.member) return say_removal(from, message.changes);
    if (is_member()) {
        for (const auto& head : message.heads) want(head, bit(from), false);
        auto had = history_.mark({message.heads, message.gaps}, &History::Node::had_by, bit(from));
        // What was missing there and is no more stands below messages that are marked already.
        std::erase_if(peer.gaps, [&](const Hash& gap) {
            return std::ranges::find(message.gaps, gap) != message.gaps.end();
        });
        const auto filled =
            history_.mark({peer.gaps, message.gaps}, &History::Node::had_by, bit(from));
        had.insert(had.end(), filled.begin(), filled.end());
        peer.gaps = std::move(message.gaps);
        delivered(from, had);
    }
    if (message.asks) tell_heads(from, peer, false);
    ask();
}

void GroupCore::tell_heads(const Fingerprint& to, Peer& peer, bool asks) {
    GroupHave have{group_, log_.heads(durable_changes_), {}, {}, asks};
    if (have.changes.size() > group_heads_max) have.changes.resize(group_heads_max);
    if (is_member()) {
        // The oldest, if they are too many: those that are covered next.
        for (const Index head : history_.heads(true)) {
            if (have.heads.size() < group_heads_max) have.heads.push_back(history_.at(head).hash);
        }
        have.gaps = gaps_to_name();
    }
    peer.told_at = now();
    say(to, std::move(have));
}

/// What may still come first: those others say are not for us come behind.
std::vector<Hash> GroupCore::gaps_to_name() const {
    auto out = missing();
    for (const auto& [hash, children] : history_.gaps()) {
        if (out.size() >= group_gaps_max) break;
        if (std::ranges::find(out, hash) == out.end()) out.push_back(hash);
    }
    if (out.size() > group_gaps_max) out.resize(group_gaps_max);
    return out;
}

bool GroupCore::lacks(const Peer& peer) const {
    if (peer.changes != log_.heads(durable_changes_)) return true;
    if (!is_member()) return false;
    const Mask theirs = Mask{1} << peer.slot;
    return std::ranges::any_of(
        history_.heads(true), [&](Index head) { return (history_.at(head).had_by & theirs) == 0; });
}

// --- delivered and read ---

void GroupCore::delivered(const Fingerprint& member, const std::vector<Index>& messages) {
    Delivered news{member, {}};
    for (const Index index : messages) {
        if (history_.author(index) == world_.self) news.messages.push_back(history_.at(index).hash);
    }
    if (!news.messages.empty()) actions_.emplace_back(std::move(news));
}

void GroupCore::heard(const Fingerprint& from, const GroupSeen& message) {
    if (member_up(from) == nullptr) return;
    std::vector<Index> had;
    for (const auto& hash : message.delivered) {
        const auto index = history_.find(hash);
        if (!index || (history_.at(*index).had_by & bit(from)) != 0) continue;
        history_.at(*index).had_by |= bit(from);
        had.push_back(*index);
    }
    delivered(from, had);
    const auto& peer = peers_.at(from);
    Read news{from, {}};
    for (const Index index :
         history_.mark({message.read, peer.gaps}, &History::Node::read_by, bit(from))) {
        if (history_.author(index) == world_.self) news.messages.push_back(history_.at(index).hash);
    }
    if (!news.messages.empty()) actions_.emplace_back(std::move(news));
}

void GroupCore::read(const Hash& message) {
    const auto upto = history_.find(message);
    if (!upto || !is_member()) return;
    std::vector<Hash> tops{message};
    for (const Index head : history_.heads(false)) {
        if (history_.order(head) < history_.order(*upto) && tops.size() < group_seen_max)
            tops.push_back(history_.at(head).hash);
    }
    std::set<Fingerprint> authors;
    for (const Index index : history_.mark({tops, {}}, &History::Node::read_by, bit(world_.self)))
        authors.insert(history_.author(index));
    if (authors.empty()) return;
    read_ = std::move(tops);
    tell_read(authors);
}

void GroupCore::tell_read(const std::set<Fingerprint>& authors) {
    for (const auto& author : authors) {
        if (member_up(author) != nullptr) say(author, GroupSeen{group_, {}, read_});
    }
}

void GroupCore::heard(const Fingerprint& from, const GroupTyping& message) {
    if (member_up(from) != nullptr) actions_.emplace_back(TypingHeard{from, message.on});
}

// --- gaps ---

std::vector<Hash> GroupCore::missing() const {
    std::vector<Hash> out;
    for (const auto& [hash, children] : history_.gaps()) {
        const auto want = wants_.find(hash);
        if (want == wants_.end() || want->second.withheld == 0) out.push_back(hash);
    }
    std::ranges::sort(out);
    return out;
}

void GroupCore::note_gaps() {
    if (history_.gaps().empty() && told_missing_ == 0) return;
    const auto count = missing().size();
    if (count == std::exchange(told_missing_, count)) return;
    actions_.emplace_back(GapsChanged{count});
}

}  // namespace kith::net::group
