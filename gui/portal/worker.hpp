// SPDX-License-Identifier: MIT
//
// A thread that does one thing after the other. Ends with what it is at; what still waits is
// dropped.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace kith::gui {

class Worker {
public:
    static constexpr std::size_t waiting_max = 16;  ///< more are dropped

    Worker() : thread_([this] { work(); }) {}
    ~Worker() {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
        }
        more_.notify_one();
        thread_.join();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void give(std::function<void()> job) {
        {
            const std::lock_guard lock(mutex_);
            if (waiting_.size() >= waiting_max) return;
            waiting_.push_back(std::move(job));
        }
        more_.notify_one();
    }

private:
    void work() {
        std::unique_lock lock(mutex_);
        for (;;) {
            more_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
            if (ending_) return;
            const auto job = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            job();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<std::function<void()>> waiting_;
    bool ending_ = false;
    std::thread thread_;  ///< the last: starts when the rest is there
};

}  // namespace kith::gui
