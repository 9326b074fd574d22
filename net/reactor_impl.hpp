// SPDX-License-Identifier: MIT
//
// The loop, for the files of net/ that put handles on it.
#pragma once

#include <uv.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "net/reactor.hpp"

namespace kith::net {

struct Reactor::Impl {
    uv_loop_t loop{};
    uv_async_t async{};
    uv_timer_t alarm{};
    std::thread thread;
    std::atomic<std::thread::id> loop_thread{};
    std::atomic<bool> running{false};
    std::atomic<bool> stopping{false};

    std::mutex tasks_mutex;  // run_and_wait is for set-up and take-down only
    std::vector<std::function<void()>> tasks;
    std::map<HandlerId, std::function<void()>> handlers;
    HandlerId last_handler = 0;

    void on_wake();
    void run_tasks();
    void run_handlers();
};

/// For the handles of this room: what libuv calls back with, as the object that owns the handle.
template <typename Owner, typename Handle>
[[nodiscard]] Owner& owner_of(Handle* handle) noexcept {
    return *static_cast<Owner*>(handle->data);
}

/// The generic view of a handle: libuv's "inheritance" by layout.
template <typename Handle>
[[nodiscard]] uv_handle_t* as_handle(Handle& handle) noexcept {
    return reinterpret_cast<uv_handle_t*>(&handle);
}
template <typename Handle>
[[nodiscard]] uv_stream_t* as_stream(Handle& handle) noexcept {
    return reinterpret_cast<uv_stream_t*>(&handle);
}

}  // namespace kith::net
