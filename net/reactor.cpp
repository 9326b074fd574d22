// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <future>

#include "net/reactor_impl.hpp"

namespace kith::net {

Reactor::Reactor() : impl_(std::make_unique<Impl>()) {
    // Out of descriptors or memory before anything was started: nothing can run.
    if (uv_loop_init(&impl_->loop) != 0) std::abort();
    impl_->async.data = impl_.get();
    if (uv_async_init(&impl_->loop, &impl_->async,
                      [](uv_async_t* async) { owner_of<Impl>(async).on_wake(); }) != 0) {
        std::abort();
    }
    uv_timer_init(&impl_->loop, &impl_->alarm);  // cannot fail
    impl_->alarm.data = impl_.get();
    uv_unref(as_handle(impl_->alarm));  // what it wakes keeps the loop alive, not the alarm
}

Reactor::~Reactor() {
    assert(!impl_->running && "stop_and_join() comes first");
    uv_close(as_handle(impl_->async), nullptr);
    uv_close(as_handle(impl_->alarm), nullptr);
    uv_run(&impl_->loop, UV_RUN_DEFAULT);  // the last close callbacks
    [[maybe_unused]] const int closed = uv_loop_close(&impl_->loop);
    assert(closed == 0 && "a handle was left open");
}

void Reactor::start() {
    impl_->running = true;
    impl_->thread = std::thread([impl = impl_.get()] {
        impl->loop_thread = std::this_thread::get_id();
        uv_run(&impl->loop, UV_RUN_DEFAULT);
    });
}

void Reactor::stop_and_join() {
    if (!impl_->running) return;
    // The async handle stays open until the destructor: wake() is harmless after the end.
    impl_->stopping = true;
    wake();
    impl_->thread.join();
    impl_->running = false;
    impl_->loop_thread = std::thread::id{};
}

void Reactor::wake() noexcept { uv_async_send(&impl_->async); }

void Reactor::run_and_wait(std::function<void()> task) {
    if (!impl_->running || on_thread()) return task();
    std::promise<void> done;
    {
        const std::lock_guard lock(impl_->tasks_mutex);
        impl_->tasks.emplace_back([&] {
            task();
            done.set_value();
        });
    }
    wake();
    done.get_future().wait();
}

Reactor::HandlerId Reactor::add_wake_handler(std::function<void()> handler) {
    assert(!impl_->running || on_thread());
    impl_->handlers.emplace(++impl_->last_handler, std::move(handler));
    return impl_->last_handler;
}

void Reactor::remove_wake_handler(HandlerId id) {
    assert(!impl_->running || on_thread());
    impl_->handlers.erase(id);
}

void Reactor::wake_after(std::chrono::milliseconds delay) noexcept {
    assert(!impl_->running || on_thread());
    const auto positive = std::max(delay, std::chrono::milliseconds{0});
    uv_update_time(&impl_->loop);  // the loop's idea of now is that of its last turn
    uv_timer_start(
        &impl_->alarm, [](uv_timer_t* alarm) { owner_of<Impl>(alarm).run_handlers(); },
        static_cast<std::uint64_t>(positive.count()), 0);
}

bool Reactor::on_thread() const noexcept {
    return std::this_thread::get_id() == impl_->loop_thread.load();
}

void Reactor::Impl::on_wake() {
    run_tasks();
    run_handlers();
    if (stopping) uv_stop(&loop);
}

void Reactor::Impl::run_tasks() {
    std::vector<std::function<void()>> taken;
    {
        const std::lock_guard lock(tasks_mutex);
        taken.swap(tasks);
    }
    for (const auto& task : taken) task();
}

void Reactor::Impl::run_handlers() {
    // Handlers add and remove handlers: ids are looked up again, and a running one is a copy.
    std::vector<HandlerId> ids;
    for (const auto& [id, handler] : handlers) ids.push_back(id);
    for (const HandlerId id : ids) {
        const auto found = handlers.find(id);
        if (found == handlers.end()) continue;
        const auto handler = found->second;
        handler();
    }
}

}  // namespace kith::net
