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
    if (evictable_.empty()) return {};
    return {true, false, evictable_.front()};
}

void Door::add(LinkId link, std::string name) {
    Group& group = groups_[name];
    ++group.links;
    ++half_open_;
    Entry entry;
    entry.group = std::move(name);
    entry.in_all = evictable_.insert(evictable_.end(), link);
    entry.in_group = group.evictable.insert(group.evictable.end(), link);
    links_.emplace(link, std::move(entry));
}

void Door::on_vouched(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    keep_from_eviction(found->second);
    leave_group(found->second);
}

void Door::on_proven(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    keep_from_eviction(found->second);
    if (std::exchange(found->second.half_open, false)) --half_open_;
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
    if (evictable_.empty()) return std::nullopt;
    return evictable_.front();
}

void Door::keep_from_eviction(Entry& entry) {
    if (!std::exchange(entry.evictable, false)) return;
    evictable_.erase(entry.in_all);
    groups_.at(entry.group).evictable.erase(entry.in_group);
}

void Door::leave_group(Entry& entry) {
    if (std::exchange(entry.vouched, true)) return;
    const auto group = groups_.find(entry.group);
    if (--group->second.links == 0) groups_.erase(group);
}

}  // namespace kith::net
