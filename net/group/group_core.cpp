// SPDX-License-Identifier: MIT
#include "net/group/group_core.hpp"

#include <algorithm>

#include "net/utf8.hpp"

namespace kith::net::group {
namespace {

constexpr std::chrono::milliseconds nothing_due = std::chrono::hours(1);
constexpr std::chrono::milliseconds soon{1000};

}  // namespace

GroupCore::GroupCore(const GroupId& group, const World& world, const CoreLimits& limits)
    : group_(group), world_(world), limits_(limits), log_(group), shown_(log_.members()) {}
GroupCore::~GroupCore() = default;

std::unique_ptr<GroupCore> GroupCore::create(const std::string& name, const MemberRecord& self,
                                             const World& world, const CoreLimits& limits) {
    Change change;
    change.author = world.self;
    change.time = world.clock.wall().count();
    change.statement = Create{world.random.array<16>(), name, self};
    auto genesis = sign_change(std::move(change), world.signing);
    // What was written is read as others will read it: text that is none is found out here.
    if (!genesis || !decode_change(genesis->encoded)) return nullptr;
    auto core = std::make_unique<GroupCore>(genesis->hash, world, limits);
    if (!core->take(std::move(*genesis), nullptr)) return nullptr;
    core->members_moved();
    return core;
}

bool GroupCore::load(const std::vector<Bytes>& changes, const std::vector<Header>& messages) {
    bool good = true;
    for (const auto& encoded : changes) {
        auto change = decode_change(encoded);
        good = change && log_.add(std::move(*change)) == ChangeLog::Outcome::added && good;
    }
    durable_changes_ = log_.size();
    std::vector<Index> moved;  // the store has the places as they were found then
    for (const auto& header : messages) {
        if (history_.find(header.hash)) continue;
        if (const auto index = history_.add(header, moved)) history_.set_durable(*index);
    }
    shown_ = log_.members();
    for (ChangeLog::Index i = 0; i < log_.size(); ++i) counted_.push_back(log_.counts(i));
    seat_members();
    want_gaps();
    told_missing_ = missing().size();
    return good;
}

// --- commands ---

bool GroupCore::is_member() const { return members()->find(world_.self) != nullptr; }

Done GroupCore::change(Statement statement) {
    if (!is_member()) return tl::unexpected(Refusal::not_member);
    Change change{group_, world_.self, wall(), log_.heads_to_name(parents_max),
                  std::move(statement)};
    auto signed_change = sign_change(std::move(change), world_.signing);
    if (!signed_change || !decode_change(signed_change->encoded))
        return tl::unexpected(Refusal::invalid);
    const auto hash = signed_change->hash;
    const auto outcome = log_.check(*signed_change);
    if (outcome == ChangeLog::Outcome::full) return tl::unexpected(Refusal::full);
    if (outcome != ChangeLog::Outcome::added) return tl::unexpected(Refusal::not_allowed);
    take(std::move(*signed_change), nullptr);
    members_moved();
    return hash;
}

Done GroupCore::add_member(const MemberRecord& member, std::size_t share_last) {
    const auto bundle = crypto::PublicBundle::parse(member.bundle);
    if (!bundle) return tl::unexpected(Refusal::invalid);
    if (members()->all.size() >= members_max) return tl::unexpected(Refusal::full);
    return change(Add{member, history_.latest(std::min(share_last, shared_max))});
}
Done GroupCore::remove_member(const Fingerprint& member) {
    if (members()->find(member) == nullptr) return tl::unexpected(Refusal::no_such);
    return change(Remove{member});
}
Done GroupCore::leave() { return change(Leave{}); }
Done GroupCore::rename(const std::string& name) { return change(Rename{name}); }
Done GroupCore::set_admin(const Fingerprint& member, bool on) {
    if (members()->find(member) == nullptr) return tl::unexpected(Refusal::no_such);
    return change(SetAdmin{member, on});
}
Done GroupCore::set_card(const Card& card) { return change(SetCard{card}); }

Done GroupCore::send(const Body& body) {
    if (!is_member()) return tl::unexpected(Refusal::not_member);
    if (history_.size() >= history_max) return tl::unexpected(Refusal::full);
    const auto plain = encode_body(body);
    if (!plain || !decode_body(kind_of(body), *plain)) return tl::unexpected(Refusal::invalid);
    Envelope envelope;
    envelope.group = group_;
    envelope.author = world_.self;
    envelope.kind = kind_of(body);
    envelope.time = wall();
    envelope.view = log_.heads_to_name(view_heads_max);
    history_.write_on_top(envelope);
    auto item = seal_item(std::move(envelope), *plain, world_.signing, world_.random);
    if (!item) return tl::unexpected(Refusal::invalid);
    const auto hash = item->hash;
    accept(std::move(*item));
    return hash;
}

void GroupCore::typing(bool on) {
    if (!is_member()) return;
    for (const auto& [id, peer] : peers_) {
        if (peer.member && peer.up) say(id, GroupTyping{group_, on});
    }
}

void GroupCore::body_gone(const Hash& message) {
    if (const auto index = history_.find(message)) history_.at(*index).body = BodyState::gone;
    wants_.erase(message);
}

// --- the world ---

void GroupCore::session_up(const Fingerprint& id) {
    if (id == world_.self) return;
    auto& peer = peers_[id];
    give_up(id, peer, false);
    peer.up = true;
    peer.asked_changes = false;
    peer.changes.clear();
    peer.gaps.clear();
    peer.asks.emplace(limits_.asks_per_second, limits_.ask_burst, now());
    if (peer.member) {
        for (auto& [hash, want] : wants_) want.tried &= ~bit(id);
        tell_heads(id, peer, false);
        if (is_member() && !read_.empty()) say(id, GroupSeen{group_, {}, read_});
    }
    want_gaps();
    ask();
}

void GroupCore::session_down(const Fingerprint& id) {
    const auto at = peers_.find(id);
    if (at == peers_.end()) return;
    auto& peer = at->second;
    give_up(id, peer, false);
    peer.up = false;
    peer.asked_changes = false;
    peer.answering = false;
    std::erase_if(answering_, [&](const auto& a) { return a.second.to == id; });
    if (!peer.member) peers_.erase(at);
    ask();
    retry_items();
}

bool GroupCore::hear(const Fingerprint& from, Message& message, bool mailed) {
    if (from == world_.self) return false;
    return std::visit(
        [&](auto& m) {
            using T = std::decay_t<decltype(m)>;
            if constexpr (requires {
                              m.group;
                              this->heard(from, m);
                          }) {
                constexpr bool mailable =
                    std::is_same_v<T, GroupItem> || std::is_same_v<T, GroupChanges>;
                if (m.group != group_) return false;
                const auto peer = peers_.find(from);
                const bool up = peer != peers_.end() && peer->second.up;
                if (mailable ? mailed || up : !mailed && up) heard(from, m);
                return true;
            } else {
                return false;
            }
        },
        message);
}

void GroupCore::stored(std::uint64_t sequence) {
    std::map<Fingerprint, std::vector<Hash>> receipts;
    std::vector<Unstored> done;
    while (!unstored_.empty() && unstored_.front().sequence <= sequence) {
        done.push_back(std::move(unstored_.front()));
        unstored_.pop_front();
    }
    for (auto& entry : done) {
        if (entry.change) {
            durable_changes_ = *entry.change + 1;
            announce(*entry.change);
        }
        if (!entry.message) continue;
        history_.set_durable(*entry.message);
        if (entry.mine) {
            push(*entry.mine);
        } else {
            receipts[history_.author(*entry.message)].push_back(history_.at(*entry.message).hash);
        }
    }
    say_receipts(receipts);
}

GroupCore::Milliseconds GroupCore::tick() {
    bool busy = !waiting_.empty() || !waiting_changes_.empty();
    bool anybody = false;
    for (auto& [id, peer] : peers_) {
        if (!peer.up) continue;
        if (peer.asked != 0 && now() - peer.asked_at >= limits_.patience) give_up(id, peer, true);
        if (peer.asked_changes && now() - peer.asked_changes_at >= limits_.patience)
            peer.asked_changes = false;
        busy = busy || peer.asked != 0 || peer.asked_changes;
        if (!peer.member) continue;
        anybody = true;
        if (now() - peer.told_at >= limits_.remind) {
            if (lacks(peer)) tell_heads(id, peer, true);
            ask_changes(id);
        }
    }
    retry_items();
    ask();
    return busy ? soon : anybody ? limits_.remind : nothing_due;
}

std::vector<Action> GroupCore::take_actions() { return std::exchange(actions_, {}); }

// --- parts ---

void GroupCore::say(const Fingerprint& to, Message message) {
    const auto peer = peers_.find(to);
    if (peer != peers_.end() && peer->second.up) {
        actions_.emplace_back(Send{to, std::move(message)});
    } else {
        actions_.emplace_back(Mail{to, std::move(message)});
    }
}

std::int64_t GroupCore::wall() const {
    return std::clamp<std::int64_t>(world_.clock.wall().count(), 0, time_end - 1);
}

GroupCore::Peer* GroupCore::member_up(const Fingerprint& id) {
    const auto peer = peers_.find(id);
    const bool there = peer != peers_.end() && peer->second.member && peer->second.up;
    return there && is_member() ? &peer->second : nullptr;
}

GroupCore::Mask GroupCore::bit(const Fingerprint& member) const {
    if (member == world_.self) return Mask{1} << self_slot;
    const auto peer = peers_.find(member);
    return peer != peers_.end() && peer->second.member ? Mask{1} << peer->second.slot : 0;
}

GroupCore::Mask GroupCore::members_up() const {
    Mask out = 0;
    for (const auto& [id, peer] : peers_) {
        if (peer.member && peer.up) out |= Mask{1} << peer.slot;
    }
    return out;
}

void GroupCore::say_full() {
    if (!std::exchange(full_, true)) actions_.emplace_back(Full{});
}

}  // namespace kith::net::group
