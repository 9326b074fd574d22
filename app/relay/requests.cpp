// SPDX-License-Identifier: MIT
#include "app/relay/requests.hpp"

#include <utility>

namespace kith::relay {

void Requests::post(Kind kind) {
    {
        const std::lock_guard lock(mutex_);
        (kind == Kind::stop ? stop_ : reload_) = true;
    }
    posted_.notify_one();
}

std::optional<Requests::Kind> Requests::next(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    posted_.wait_for(lock, time, [this] { return stop_ || reload_; });
    if (std::exchange(stop_, false)) return Kind::stop;
    if (std::exchange(reload_, false)) return Kind::reload;
    return std::nullopt;
}

}  // namespace kith::relay
