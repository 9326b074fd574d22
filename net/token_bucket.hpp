// SPDX-License-Identifier: MIT
//
// Rates: a token bucket, and one such bucket per source address with a bounded memory of
// addresses. Network thread or RSA lane, never both.
#pragma once

#include <list>
#include <map>
#include <string>

#include "net/transport.hpp"

namespace kith::net {

class TokenBucket {
public:
    TokenBucket(double per_second, double burst, std::chrono::milliseconds now)
        : per_second_(per_second), burst_(burst), tokens_(burst), filled_at_(now) {}

    /// Takes one token if there is one.
    [[nodiscard]] bool try_take(std::chrono::milliseconds now);

private:
    double per_second_;
    double burst_;
    double tokens_;
    std::chrono::milliseconds filled_at_;
};

class AddressBuckets {
public:
    AddressBuckets(double per_second, double burst, std::size_t addresses_max)
        : per_second_(per_second), burst_(burst), addresses_max_(addresses_max) {}

    /// IPv6 counts by /64: one household or server has that many addresses for nothing.
    [[nodiscard]] bool try_take(ByteView address, std::chrono::milliseconds now);
    [[nodiscard]] std::size_t size() const noexcept { return buckets_.size(); }

private:
    using Order = std::list<std::pair<std::string, TokenBucket>>;  // most recent first

    double per_second_;
    double burst_;
    std::size_t addresses_max_;
    Order order_;
    std::map<std::string, Order::iterator> buckets_;  // ordered: strangers choose their addresses
};

/// What an address counts as: itself (IPv4) or its /64 (IPv6).
[[nodiscard]] std::string address_group(ByteView address);

}  // namespace kith::net
