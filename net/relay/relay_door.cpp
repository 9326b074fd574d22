// SPDX-License-Identifier: MIT
#include "net/relay/relay_door.hpp"

#include <utility>

namespace kith::net {

RelayDoor::Verdict RelayDoor::on_accepted(LinkId link, const SocketAddress& from,
                                          std::chrono::milliseconds now) {
    if (!rates_.try_take(from.address, now)) return {};
    const auto name = address_group(from.address);
    const auto known = addresses_.find(name);
    if (known != addresses_.end() && known->second.links >= limits_.links_per_address) return {};
    const bool full = links_.size() >= limits_.links_max;
    if (full && order_.empty()) return {};
    Verdict verdict{true, std::nullopt};
    if (known != addresses_.end() &&
        known->second.unsettled.size() >= limits_.handshakes_per_address) {
        verdict.evict = known->second.unsettled.front();
    } else if (full || order_.size() >= limits_.handshakes_max) {
        verdict.evict = oldest();
    }
    const auto address = addresses_.try_emplace(name).first;
    ++address->second.links;
    Order& own = address->second.unsettled;
    links_.emplace(link, Place{address, false, order_.insert(order_.end(), link),
                               own.insert(own.end(), link)});
    recount(address, own.size() - 1);
    return verdict;
}

void RelayDoor::on_settled(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end() || std::exchange(found->second.settled, true)) return;
    const auto address = found->second.address;
    order_.erase(found->second.in_all);
    address->second.unsettled.erase(found->second.in_address);
    recount(address, address->second.unsettled.size() + 1);
}

void RelayDoor::recount(Addresses::iterator address, std::size_t before) {
    const auto now = address->second.unsettled.size();
    if (before > 0) crowds_.erase({before, address->first});
    if (now > 0) crowds_.emplace(now, address->first);
}

void RelayDoor::on_gone(LinkId link) {
    on_settled(link);
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    const auto address = found->second.address;
    links_.erase(found);
    if (--address->second.links == 0) addresses_.erase(address);
}

std::optional<LinkId> RelayDoor::oldest() const {
    if (order_.empty()) return std::nullopt;
    const auto& [most, address] = *crowds_.rbegin();
    return most > 1 ? addresses_.at(address).unsettled.front() : order_.front();
}

}  // namespace kith::net
