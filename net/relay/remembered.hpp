// SPDX-License-Identifier: MIT
//
// What a relay still has to know of clients that have left, such as how fast they were: who comes
// again at once has not become another. The latest so many. Internal to net/relay; network thread
// only.
#pragma once

#include <list>
#include <optional>
#include <unordered_map>

#include "crypto/fingerprint.hpp"

namespace kith::net {

template <typename T>
class Remembered {
public:
    explicit Remembered(std::size_t max) : max_(max) {}

    void put(const crypto::Fingerprint& who, T what) {
        (void)take(who);
        if (order_.size() >= max_) {
            places_.erase(order_.front().first);
            order_.pop_front();
        }
        order_.emplace_back(who, std::move(what));
        places_[who] = std::prev(order_.end());
    }
    [[nodiscard]] std::optional<T> take(const crypto::Fingerprint& who) {
        const auto found = places_.find(who);
        if (found == places_.end()) return std::nullopt;
        std::optional<T> what(std::move(found->second->second));
        order_.erase(found->second);
        places_.erase(found);
        return what;
    }
    [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }

private:
    using Order = std::list<std::pair<crypto::Fingerprint, T>>;  // who left first is first

    const std::size_t max_;
    Order order_;
    std::unordered_map<crypto::Fingerprint, typename Order::iterator> places_;
};

}  // namespace kith::net
