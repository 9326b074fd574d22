// SPDX-License-Identifier: MIT
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <fstream>
#include <sstream>

#include "net/discovery/network_watch_system.hpp"
#include "net/reactor_impl.hpp"

namespace kith::net {
namespace {

constexpr int reads_per_turn = 64;

/// The kernel's messages are only a sign to look; what they say is read anew.
int open_netlink() {
    const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0) return -1;
    sockaddr_nl name{};
    name.nl_family = AF_NETLINK;
    name.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0) return fd;
    ::close(fd);
    return -1;
}

/// A clock that goes on in sleep rings as soon as the machine is awake.
int open_timer() {
    const int fd = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (fd < 0) return -1;
    itimerspec every{};
    every.it_interval.tv_sec = NetworkWatch::poll_interval.count() / 1000;
    every.it_value = every.it_interval;
    ::timerfd_settime(fd, 0, &every, nullptr);
    return fd;
}

std::chrono::milliseconds read_clock(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::milliseconds(now.tv_nsec / 1'000'000);
}

/// "fe80000000000000…": 32 hexadecimal digits.
Bytes from_hex(const std::string& digits) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
    return bytes;
}

}  // namespace

struct SystemEvents::Impl {
    struct Source {
        uv_poll_t poll{};
        int fd = -1;
        Impl* impl = nullptr;
    };

    void open(Source& source, int fd);
    void drain(const Source& source) const;
    void close(Source& source);

    uv_loop_t& loop;
    std::function<void()> look;
    Source netlink;
    Source timer;
    int open_sources = 0;
    std::function<void()> done;
};

SystemEvents::SystemEvents(Reactor& reactor, std::function<void()> look)
    : impl_(new Impl{reactor.impl().loop, std::move(look), {}, {}, 0, {}}) {}
SystemEvents::~SystemEvents() = default;

void SystemEvents::start() {
    impl_->open(impl_->netlink, open_netlink());
    impl_->open(impl_->timer, open_timer());
}

void SystemEvents::Impl::open(Source& source, int fd) {
    if (fd < 0) return;  // one of the two is enough
    source.fd = fd;
    source.impl = this;
    source.poll.data = &source;
    uv_poll_init(&loop, &source.poll, fd);
    ++open_sources;
    uv_poll_start(&source.poll, UV_READABLE, [](uv_poll_t* handle, int, int) {
        const auto& ready = owner_of<Source>(handle);
        ready.impl->drain(ready);
        ready.impl->look();
    });
}

void SystemEvents::Impl::drain(const Source& source) const {
    std::array<char, 8192> buffer;
    for (int i = 0; i < reads_per_turn; ++i) {
        // An overrun (ENOBUFS) is a sign like any other; it is gone when it was read.
        if (::read(source.fd, buffer.data(), buffer.size()) <= 0) return;
    }
}

void SystemEvents::shut_down(std::function<void()> done) {
    impl_->done = std::move(done);
    if (impl_->open_sources == 0) return impl_->done();
    impl_->close(impl_->netlink);
    impl_->close(impl_->timer);
}

void SystemEvents::Impl::close(Source& source) {
    if (source.fd < 0) return;
    uv_close(as_handle(source.poll), [](uv_handle_t* handle) {
        auto& closed = owner_of<Source>(handle);
        ::close(closed.fd);
        if (--closed.impl->open_sources == 0) closed.impl->done();
    });
}

std::chrono::milliseconds time_asleep() {
    return read_clock(CLOCK_BOOTTIME) - read_clock(CLOCK_MONOTONIC);
}

std::vector<SocketAddress> unusable_addresses() {
    constexpr unsigned long tentative = 0x40;
    constexpr unsigned long duplicate = 0x08;
    std::vector<SocketAddress> result;
    std::ifstream table("/proc/net/if_inet6");
    for (std::string line; std::getline(table, line);) {
        std::istringstream fields(line);
        std::string address, index, prefix, scope, flags;
        if (!(fields >> address >> index >> prefix >> scope >> flags)) continue;
        if ((std::stoul(flags, nullptr, 16) & (tentative | duplicate)) == 0) continue;
        result.push_back(
            {from_hex(address), 0, static_cast<std::uint32_t>(std::stoul(index, nullptr, 16))});
    }
    return result;
}

}  // namespace kith::net
