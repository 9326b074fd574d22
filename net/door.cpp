// SPDX-License-Identifier: MIT
#include "net/door.hpp"

#include <utility>

namespace kith::net {

Door::Verdict Door::on_accepted(LinkId link, const SocketAddress& from,
                                std::chrono::milliseconds now) {
    std::string name = address_group(from.address);
    Verdict verdict = make_room(groups_[name]);
    const Group& group = groups_[name];
    const bool crowded = group.links - group.evictable.size() >= limits::strangers_per_address;
    verdict.contacts_only = !buckets_.try_take(from.address, now) || crowded;
    if (verdict.accept) {
        add(link, std::move(name));
    } else if (group.links == 0) {
        groups_.erase(name);
    }
    return verdict;
}

Door::Verdict Door::make_room(const Group& group) const {
    if (group.evictable.size() >= limits::half_open_per_address) {
        return {true, false, group.evictable.front()};
    }
    const bool full =
        links_.size() >= limits::links_total || half_open_ >= limits::links_in_handshake;
    if (!full) return {true, false, std::nullopt};
    const auto evict = oldest();
    return {evict.has_value(), false, evict};
}

void Door::add(LinkId link, std::string name) {
    Group& group = groups_[name];
    ++group.links;
    ++half_open_;
    Entry entry;
    entry.group = std::move(name);
    entry.in_all.enter(evictable_, link);
    entry.in_share.enter(group.evictable, link);
    links_.emplace(link, std::move(entry));
}

std::optional<LinkId> Door::on_vouched(LinkId link, const crypto::Fingerprint& contact) {
    const auto found = links_.find(link);
    if (found == links_.end()) return std::nullopt;
    keep_from_eviction(found->second);
    Order& share = contacts_[contact];
    found->second.contact = contact;
    found->second.in_all.enter(vouched_, link);
    found->second.in_share.enter(share, link);
    if (share.size() <= limits::vouched_per_contact) return std::nullopt;
    return share.front();
}

void Door::on_fresh(LinkId link) {
    const auto found = links_.find(link);
    if (found != links_.end()) keep_from_eviction(found->second);
}

void Door::on_proven(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    keep_from_eviction(found->second);
    if (std::exchange(found->second.half_open, false)) --half_open_;
}

std::optional<LinkId> Door::on_stranger(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end()) return std::nullopt;
    keep_from_eviction(found->second);
    found->second.in_all.enter(strangers_, link);
    if (strangers_.size() <= limits::strangers_total) return std::nullopt;
    return strangers_.front();
}

void Door::on_trusted(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    keep_from_eviction(found->second);
    leave_group(found->second);
}

void Door::on_gone(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    keep_from_eviction(found->second);
    leave_group(found->second);
    if (found->second.half_open) --half_open_;
    links_.erase(found);
}

std::optional<LinkId> Door::oldest() const {
    if (!evictable_.empty()) return evictable_.front();
    if (!vouched_.empty()) return vouched_.front();
    return std::nullopt;
}

void Door::Place::enter(Order& next, LinkId link) {
    order = &next;
    at = next.insert(next.end(), link);
}

void Door::Place::leave() {
    if (order != nullptr) order->erase(at);
    order = nullptr;
}

void Door::keep_from_eviction(Entry& entry) {
    entry.in_all.leave();
    entry.in_share.leave();
    if (!entry.contact) return;
    const auto share = contacts_.find(*entry.contact);
    if (share != contacts_.end() && share->second.empty()) contacts_.erase(share);
    entry.contact.reset();
}

void Door::leave_group(Entry& entry) {
    if (std::exchange(entry.trusted, true)) return;
    const auto group = groups_.find(entry.group);
    if (--group->second.links == 0) groups_.erase(group);
}

}  // namespace kith::net
