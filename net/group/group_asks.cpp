// SPDX-License-Identifier: MIT
//
// GroupCore: asks for what is missing, and answers.
#include <algorithm>

#include "net/group/group_core.hpp"

namespace kith::net::group {

// --- what we look for ---

void GroupCore::want(const Hash& hash, Mask holders, bool needed) {
    if (const auto index = history_.find(hash);
        index && history_.at(*index).body != BodyState::missing)
        return;
    const auto same = [&](const Waiting& w) { return w.item.hash == hash; };
    if (std::ranges::any_of(waiting_, same)) return;
    if (!wants_.contains(hash) && wants_.size() >= limits_.wants) {
        prune_wants();
        if (wants_.size() >= limits_.wants) return;
    }
    auto& entry = wants_[hash];
    entry.holders |= holders;
    entry.needed = entry.needed || needed;
}

/// Makes room: what nothing here waits for any more, and what everybody who is there was asked for.
void GroupCore::prune_wants() {
    std::unordered_set<Hash, HashOf> needed;
    for (const auto& waiting : waiting_) {
        const auto& parents = waiting.item.envelope.parents;
        needed.insert(parents.begin(), parents.end());
    }
    const Mask up = members_up();
    std::erase_if(wants_, [&](const auto& entry) {
        const auto& [hash, want] = entry;
        if (want.asked) return false;
        const bool gap = history_.gaps().contains(hash) || history_.find(hash).has_value();
        return (!gap && !needed.contains(hash)) || (want.withheld == 0 && (up & ~want.tried) == 0);
    });
}

/// Those there was no room for, too. What was shared with us is looked for by name: it may stand
/// below messages that are not for us.
void GroupCore::want_gaps() {
    for (const auto& hash : log_.shared_with(world_.self)) want(hash, 0, true);
    for (const auto& [hash, children] : history_.gaps()) {
        if (wants_.size() >= limits_.wants) return;
        want(hash, 0, true);
    }
}

/// Who has announced it, one after the other; when none of them is left, anybody, if it is needed.
bool GroupCore::worth_asking(const Want& want, Mask who, Mask up) const {
    const Mask left = up & ~want.tried & ~want.withheld;
    if (want.asked || (left & who) == 0) return false;
    const Mask holders = left & want.holders;
    return holders != 0 ? (holders & who) != 0 : want.needed;
}

void GroupCore::ask() {
    if (wants_.empty() || !is_member()) return;
    for (auto& [id, peer] : peers_) {
        if (peer.member && peer.up && peer.asked == 0) ask(id, peer);
    }
    const Mask up = members_up();
    std::erase_if(wants_, [&](const auto& entry) {
        const Want& want = entry.second;
        return !want.needed && !want.asked && want.withheld == 0 &&
               (up & want.holders & ~want.tried) == 0;
    });
}

void GroupCore::ask(const Fingerprint& from, Peer& peer) {
    GroupAsk message{group_, 0, {}, {}, {}};
    const Mask up = members_up();
    for (auto& [hash, want] : wants_) {
        if (message.wants.size() == group_wants_max) break;
        if (!worth_asking(want, bit(from), up)) continue;
        message.wants.push_back(hash);
        want.asked = from;
    }
    if (message.wants.empty()) return;
    for (const Index head : history_.heads(false)) {
        if (message.known.size() < group_heads_max) message.known.push_back(history_.at(head).hash);
    }
    const auto samples = history_.samples();
    message.known.insert(message.known.end(), samples.begin(), samples.end());
    message.gaps = gaps_to_name();
    message.number = peer.asked = ++number_ == 0 ? ++number_ : number_;
    peer.asked_at = now();
    peer.gained = false;
    say(from, std::move(message));
}

/// Their question is over: what did not come is looked for elsewhere.
void GroupCore::give_up(const Fingerprint& from, Peer& peer, bool tried) {
    if (std::exchange(peer.asked, 0) == 0) return;
    for (auto& [hash, want] : wants_) {
        if (want.asked != from) continue;
        want.asked.reset();
        if (tried) want.tried |= bit(from);
    }
}

void GroupCore::heard(const Fingerprint& from, const GroupAnswered& message) {
    auto* peer = member_up(from);
    if (peer == nullptr || peer->asked == 0 || message.number != peer->asked) return;
    for (const auto& hash : message.withheld) {
        const bool parent = history_.gaps().contains(hash);
        if (parent) want(hash, 0, true);
        const auto want = wants_.find(hash);
        if (want != wants_.end()) want->second.withheld |= bit(from);
    }
    for (const auto& hash : message.unknown) {
        if (const auto want = wants_.find(hash); want != wants_.end())
            want->second.tried |= bit(from);
    }
    // More of the same is asked for as long as it brings something.
    give_up(from, *peer, !(message.more && peer->gained));
    retry_items();
    note_gaps();
    ask();
}

// --- what others look for ---

void GroupCore::heard(const Fingerprint& from, const GroupAsk& message) {
    auto* peer = member_up(from);
    if (peer == nullptr || peer->answering || !peer->asks->try_take(now())) return;
    auto answering = answer_to(from, message);
    if (answering.items.empty()) return say(from, std::move(answering.end));
    Fetch fetch{++ticket_, {}};
    for (const Index index : answering.items) fetch.items.push_back(history_.at(index).hash);
    peer->answering = true;
    answering_.emplace(ticket_, std::move(answering));
    actions_.emplace_back(std::move(fetch));
}

GroupCore::Answering GroupCore::answer_to(const Fingerprint& from, const GroupAsk& message) const {
    std::unordered_map<Index, bool> open;
    const auto may = [&](Index index) {
        const auto [at, fresh] = open.try_emplace(index, false);
        if (fresh) at->second = may_have(from, history_.view(index), history_.at(index).hash);
        return at->second;
    };
    Answering out{from, {}, {group_, message.number, false, {}, {}}};
    for (const auto& hash : message.wants) {
        const auto index = history_.find(hash);
        if (!index || !history_.at(*index).durable) {
            const auto want = wants_.find(hash);
            const bool withheld = want != wants_.end() && want->second.withheld != 0;
            if (!withheld) out.end.unknown.push_back(hash);
        } else if (!may(*index)) {
            out.end.withheld.push_back(hash);
        }
    }
    std::size_t bytes = 0;
    // Below what was written before somebody joined is nothing for them, unless they were here
    // once already.
    const auto* member = members()->find(from);
    const bool deep = member != nullptr && log_.came_back(*member);
    for (const Index index :
         history_.between(message.wants, {message.known, message.gaps}, may, deep)) {
        const auto& node = history_.at(index);
        bytes += node.size + group_envelope_max / 4;
        out.end.more = out.items.size() == limits_.answer_items ||
                       (bytes > limits_.answer_bytes && !out.items.empty());
        if (out.end.more) break;
        out.items.push_back(index);
        for (const Index parent : node.parents) {
            if (out.end.withheld.size() < group_withheld_max && !may(parent))
                out.end.withheld.push_back(history_.at(parent).hash);
        }
    }
    return out;
}

void GroupCore::fetched(std::uint64_t ticket, std::vector<std::optional<SignedItem>> items) {
    auto taken = answering_.extract(ticket);
    if (!taken) return;
    auto& answering = taken.mapped();
    if (const auto at = peers_.find(answering.to); at != peers_.end()) at->second.answering = false;
    if (member_up(answering.to) == nullptr) return;
    for (std::size_t i = 0; i < answering.items.size() && i < items.size(); ++i) {
        const Index index = answering.items[i];
        const auto& node = history_.at(index);
        const bool open = may_have(answering.to, history_.view(index), node.hash);
        if (items[i] && open && items[i]->hash == node.hash) say(answering.to, to_wire(*items[i]));
    }
    say(answering.to, std::move(answering.end));
}

}  // namespace kith::net::group
