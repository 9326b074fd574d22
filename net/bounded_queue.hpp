// SPDX-License-Identifier: MIT
//
// How threads hand values to each other: a bounded lock-free queue (moodycamel), many producers,
// one consumer. The queue sets its places aside for good and walks through all of them, so large
// values stand beside them: an idle queue costs no memory, however much went through it.
#pragma once

#include <concurrentqueue.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
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
        queue_.enqueue(wrap(std::move(item)));
        return true;
    }

    [[nodiscard]] std::optional<T> try_pop() {
        Place place;
        if (!queue_.try_dequeue(place)) return std::nullopt;
        size_.fetch_sub(1, std::memory_order_acq_rel);
        if constexpr (boxed)
            return std::move(*place);
        else
            return place;
    }

    [[nodiscard]] std::size_t size() const noexcept {
        return size_.load(std::memory_order_acquire);
    }

private:
    static constexpr bool boxed = sizeof(T) > 64;
    using Place = std::conditional_t<boxed, std::unique_ptr<T>, T>;

    static Place wrap(T&& item) {
        if constexpr (boxed)
            return std::make_unique<T>(std::move(item));
        else
            return std::move(item);
    }

    const std::size_t capacity_;
    std::atomic<std::size_t> size_{0};
    moodycamel::ConcurrentQueue<Place> queue_;
};

}  // namespace kith::net
