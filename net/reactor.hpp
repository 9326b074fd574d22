// SPDX-License-Identifier: MIT
//
// The network thread: one libuv loop and the thread that runs it. Other threads only wake it; what
// they have to say waits in lock-free queues that the wake handlers drain.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace kith::net {

class Reactor {
public:
    Reactor();
    ~Reactor();  ///< stop_and_join() has been called, or start() never
    Reactor(const Reactor&) = delete;
    Reactor& operator=(const Reactor&) = delete;

    void start();
    /// Any thread: the wake handlers run soon, once for any number of calls.
    void wake() noexcept;
    /// Any other thread, for assembling and taking down what lives on the loop: runs `task` on the
    /// loop and returns when it is done.
    void run_and_wait(std::function<void()> task);
    /// After every handle was closed by its owner.
    void stop_and_join();

    // On the loop's thread (or before start()):
    using HandlerId = std::uint64_t;
    HandlerId add_wake_handler(std::function<void()> handler);
    void remove_wake_handler(HandlerId id);
    /// The wake handlers run after `delay`, once; replaces what an earlier call asked for.
    void wake_after(std::chrono::milliseconds delay) noexcept;
    [[nodiscard]] bool on_thread() const noexcept;

    struct Impl;
    [[nodiscard]] Impl& impl() noexcept { return *impl_; }  ///< for the driver's own files

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
