// SPDX-License-Identifier: MIT
//
// Set by one thread, waited for by another; settings in between merge. Inside app/store only.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace kith::store {

class Signal {
public:
    void set() {
        if (set_.exchange(true)) return;
        const std::lock_guard lock(mutex_);  // the sleeper is either before its check or asleep
        condition_.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [this] { return set_.exchange(false); });
    }
    /// False when it was not set in that time.
    bool wait_for(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return condition_.wait_for(lock, time, [this] { return set_.exchange(false); });
    }

private:
    std::atomic<bool> set_{false};
    std::mutex mutex_;
    std::condition_variable condition_;
};

}  // namespace kith::store
