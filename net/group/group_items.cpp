// SPDX-License-Identifier: MIT
//
// GroupCore: messages that come and go.
#include <algorithm>

#include "net/group/group_core.hpp"

namespace kith::net::group {

void GroupCore::heard(const Fingerprint& from, GroupItem& message) {
    if (auto item = decode_item(message)) take(std::move(*item), from);
}

void GroupCore::take(SignedItem item, const Fingerprint& from) {
    if (const auto index = history_.find(item.hash)) {
        if (item.key && history_.at(*index).body == BodyState::missing)
            fill(std::move(item), *index);
        return;
    }
    const auto same = [&](const Waiting& w) { return w.item.hash == item.hash; };
    if (std::ranges::any_of(waiting_, same)) return;
    Waiting waiting{std::move(item), from, now(), false};
    const auto verdict = judge(waiting);
    if (verdict == Verdict::bad) {
        wants_.erase(waiting.item.hash);  // what waits for it goes on without it
        return retry_items();
    }
    if (const auto peer = peers_.find(from); peer != peers_.end()) peer->second.gained = true;
    const auto hash = waiting.item.hash;
    if (verdict == Verdict::good) {
        accept(std::move(waiting.item));
    } else {
        let_wait(std::move(waiting));
    }
    if (const auto want = wants_.find(hash); want != wants_.end()) want->second.tried |= bit(from);
    retry_items();
    ask();
}

/// What a message is worth does not depend on anything but its own bytes and the membership log:
/// everybody comes to the same answer, sooner or later.
GroupCore::Verdict GroupCore::judge(Waiting& waiting) const {
    const auto& envelope = waiting.item.envelope;
    if (!is_member() || envelope.group != group_) return Verdict::bad;
    const auto view = log_.members_at(envelope.view);
    if (view == nullptr) return Verdict::wait_for_changes;
    const auto* author = view->find(envelope.author);
    // A former member may write on, in ignorance or pretending it: from those who knew no better
    // we take it, from that person no longer.
    if (author == nullptr || members()->find(waiting.from) == nullptr ||
        !may_have(world_.self, envelope.view, waiting.item.hash))
        return Verdict::bad;
    waiting.proven = waiting.proven || signed_by(waiting.item, *author->bundle);
    if (!waiting.proven) return Verdict::bad;
    const bool whole = std::ranges::all_of(
        envelope.parents, [&](const Hash& parent) { return history_.find(parent).has_value(); });
    return whole ? Verdict::good : Verdict::wait_for_parents;
}

/// Those may who were members for all its author knew, and those it was shared with.
bool GroupCore::may_have(const Fingerprint& member, const std::vector<Hash>& view,
                         const Hash& message) const {
    const auto then = log_.members_at(view);
    if (then != nullptr && then->find(member) != nullptr) return true;
    return log_.shared_with(member).contains(message);
}

// --- what counts from now on ---

void GroupCore::accept(SignedItem item) {
    std::vector<Index> moved;
    const auto header = header_of(item);
    const auto index = history_.add(header, moved);
    if (!index) return say_full();
    auto& node = history_.at(*index);
    node.had_by |= bit(header.author);
    const bool mine = header.author == world_.self;
    const auto plain = open_body(item);
    auto body = plain ? decode_body(header.kind, *plain) : std::nullopt;
    unstored_.push_back({++sequence_, {}, *index, mine ? std::optional(item) : std::nullopt});
    if (header.body == BodyState::here) wants_.erase(item.hash);
    actions_.emplace_back(StoreItem{sequence_, std::move(item), header, history_.order(*index),
                                    std::move(body), mine});
    StoreOrder order;
    std::ranges::sort(moved);
    moved.erase(std::unique(moved.begin(), moved.end()), moved.end());
    for (const Index at : moved) order.moved.emplace_back(history_.at(at).hash, history_.order(at));
    if (!moved.empty()) actions_.emplace_back(std::move(order));
    if (header.body == BodyState::missing) want(header.hash, 0, true);
    for (const auto& parent : std::vector(history_.at(*index).missing)) want(parent, 0, true);
    note_gaps();
}

void GroupCore::fill(SignedItem item, Index index) {
    history_.at(index).body = BodyState::here;
    wants_.erase(item.hash);
    const auto plain = open_body(item);
    auto body = plain ? decode_body(item.envelope.kind, *plain) : std::nullopt;
    unstored_.push_back({++sequence_, {}, {}, {}});
    actions_.emplace_back(StoreBody{sequence_, std::move(item), std::move(body)});
}

// --- what waits ---

/// Of one member its oldest makes room; when there is no room at all, this one does not wait. Both
/// are asked for again, as somebody's heads or as a gap.
void GroupCore::let_wait(Waiting waiting) {
    const auto& envelope = waiting.item.envelope;
    const auto from = waiting.from;
    const auto of_sender = [&](const Waiting& w) { return w.from == from; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(waiting_, of_sender));
    if (count >= limits_.items_waiting_each) drop(std::ranges::find_if(waiting_, of_sender));
    if (waiting_.size() >= limits_.items_waiting ||
        waiting_bytes_ + waiting.item.body.size() > limits_.bytes_waiting)
        return;
    for (const auto& parent : envelope.parents) want(parent, bit(from), true);
    wants_.erase(waiting.item.hash);
    waiting_bytes_ += waiting.item.body.size();
    waiting_.push_back(std::move(waiting));
    ask_changes(from);
}

void GroupCore::drop(std::list<Waiting>::iterator at) {
    waiting_bytes_ -= at->item.body.size();
    waiting_.erase(at);
}

/// Whether it is worth waiting on: parents may come from somebody who is there, and soon.
bool GroupCore::waits_on(const Waiting& waiting, Verdict verdict) const {
    if (verdict == Verdict::wait_for_changes) return true;
    if (now() - waiting.since >= limits_.patience) return false;
    return std::ranges::any_of(waiting.item.envelope.parents, [&](const Hash& parent) {
        if (history_.find(parent)) return false;
        const auto same = [&](const Waiting& w) { return w.item.hash == parent; };
        if (std::ranges::any_of(waiting_, same)) return true;
        const auto want = wants_.find(parent);
        if (want == wants_.end()) return false;  // it was refused
        const auto& w = want->second;
        return w.asked || (w.withheld == 0 && (members_up() & ~w.tried) != 0);
    });
}

void GroupCore::retry_items() {
    for (bool again = true; again;) {
        again = false;
        for (auto at = waiting_.begin(); at != waiting_.end();) {
            const auto here = at++;
            const auto verdict = judge(*here);
            const bool waits =
                verdict == Verdict::wait_for_changes || verdict == Verdict::wait_for_parents;
            if (waits && waits_on(*here, verdict)) continue;
            auto item = std::move(here->item);
            waiting_bytes_ -= item.body.size();
            waiting_.erase(here);
            if (verdict != Verdict::bad && !history_.find(item.hash)) accept(std::move(item));
            again = true;
        }
    }
}

// --- ours ---

void GroupCore::push(const SignedItem& item) {
    for (const auto& member : members()->all) {
        if (member.id == world_.self) continue;
        if (may_have(member.id, item.envelope.view, item.hash)) say(member.id, to_wire(item));
    }
}

void GroupCore::say_receipts(const std::map<Fingerprint, std::vector<Hash>>& delivered) {
    for (const auto& [author, hashes] : delivered) {
        if (member_up(author) == nullptr) continue;
        for (std::size_t at = 0; at < hashes.size(); at += group_seen_max) {
            const auto end = std::min(hashes.size(), at + group_seen_max);
            const auto begin = hashes.begin();
            say(author, GroupSeen{group_,
                                  {begin + static_cast<std::ptrdiff_t>(at),
                                   begin + static_cast<std::ptrdiff_t>(end)},
                                  {}});
        }
    }
}

}  // namespace kith::net::group
