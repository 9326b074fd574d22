// SPDX-License-Identifier: MIT
//
// Waiting for a descriptor that can be cut short from another thread. Internal to net/mapping.
#pragma once

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace kith::net {

class Patience {
public:
    Patience(std::chrono::milliseconds time, const std::atomic<bool>& cancelled)
        : deadline_(std::chrono::steady_clock::now() + time), cancelled_(cancelled) {}

    /// False: cancelled, or time is up. Looks at `cancelled` every 50 ms.
    [[nodiscard]] bool wait(int fd, short events) const {
        while (!cancelled_) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                deadline_ - std::chrono::steady_clock::now());
            if (left.count() <= 0) return false;
            pollfd waiting{fd, events, 0};
            const auto slice = std::min(left, std::chrono::milliseconds(50));
            if (::poll(&waiting, 1, static_cast<int>(slice.count())) > 0) return true;
        }
        return false;
    }

private:
    std::chrono::steady_clock::time_point deadline_;
    const std::atomic<bool>& cancelled_;
};

}  // namespace kith::net
