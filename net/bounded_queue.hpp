// SPDX-License-Identifier: MIT
//
// How threads hand values to each other: a bounded lock-free queue (moodycamel), many producers,
// one consumer.
#pragma once

#include <concurrentqueue.h>

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace kith::net {

template <typename T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : capacity_(capacity), queue_(capacity) {}

    /// False when full; `item` is then untouched.
    [[nodiscard]] bool try_push(T& item) {
        if (size_.fetch_add(1, std::memory_order_acq_rel) >= capacity_) {
            size_.fetch_sub(1, std::memory_order_acq_rel);
            return false;
        }
        queue_.enqueue(std::move(item));
        return true;
    }

    [[nodiscard]] std::optional<T> try_pop() {
        T item;
        if (!queue_.try_dequeue(item)) return std::nullopt;
        size_.fetch_sub(1, std::memory_order_acq_rel);
        return item;
    }

    [[nodiscard]] std::size_t size() const noexcept {
        return size_.load(std::memory_order_acquire);
    }

private:
    const std::size_t capacity_;
    std::atomic<std::size_t> size_{0};
    moodycamel::ConcurrentQueue<T> queue_;
};

}  // namespace kith::net
