// SPDX-License-Identifier: MIT
#include "net/token_bucket.hpp"

#include <algorithm>

namespace kith::net {

bool TokenBucket::try_take(std::chrono::milliseconds now) {
    const auto seconds = std::chrono::duration<double>(now - filled_at_).count();
    tokens_ = std::min(burst_, tokens_ + std::max(0.0, seconds) * per_second_);
    filled_at_ = now;
    if (tokens_ < 1.0) return false;
    tokens_ -= 1.0;
    return true;
}

bool AddressBuckets::try_take(ByteView address, std::chrono::milliseconds now) {
    const std::string group = address_group(address);
    if (const auto found = buckets_.find(group); found != buckets_.end()) {
        order_.splice(order_.begin(), order_, found->second);
        return found->second->second.try_take(now);
    }
    if (buckets_.size() >= addresses_max_) {
        buckets_.erase(order_.back().first);
        order_.pop_back();
    }
    order_.emplace_front(group, TokenBucket(per_second_, burst_, now));
    buckets_.emplace(group, order_.begin());
    return order_.front().second.try_take(now);
}

std::string address_group(ByteView address) {
    constexpr std::size_t ipv6_prefix = 8;
    const auto counted = address.size() == 16 ? address.first(ipv6_prefix) : address;
    return std::string(counted.begin(), counted.end());
}

}  // namespace kith::net
