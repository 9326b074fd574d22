// SPDX-License-Identifier: MIT
//
// For systems without a way of their own: looks again and again.
#include "net/discovery/network_watch_system.hpp"
#include "net/reactor_impl.hpp"

namespace kith::net {

struct SystemEvents::Impl {
    uv_loop_t& loop;
    std::function<void()> look;
    uv_timer_t timer;
    std::function<void()> done;
};

SystemEvents::SystemEvents(Reactor& reactor, std::function<void()> look)
    : impl_(new Impl{reactor.impl().loop, std::move(look), {}, {}}) {
    uv_timer_init(&impl_->loop, &impl_->timer);
    impl_->timer.data = impl_.get();
}
SystemEvents::~SystemEvents() = default;

void SystemEvents::start() {
    const auto interval = static_cast<std::uint64_t>(NetworkWatch::poll_interval.count());
    uv_timer_start(
        &impl_->timer, [](uv_timer_t* timer) { owner_of<Impl>(timer).look(); }, interval, interval);
}

void SystemEvents::shut_down(std::function<void()> done) {
    impl_->done = std::move(done);
    uv_close(as_handle(impl_->timer), [](uv_handle_t* handle) { owner_of<Impl>(handle).done(); });
}

std::chrono::milliseconds time_asleep() { return std::chrono::milliseconds{0}; }

std::vector<SocketAddress> unusable_addresses() { return {}; }

}  // namespace kith::net
