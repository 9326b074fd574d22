// SPDX-License-Identifier: MIT
#include "net/discovery/network_watch.hpp"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "net/discovery/network_watch_system.hpp"
#include "net/reactor_impl.hpp"
#include "net/socket_names.hpp"
#include "net/thread_affinity.hpp"

namespace kith::net {
namespace {

using ms = std::chrono::milliseconds;

constexpr std::size_t addresses_max = 32;  // of one interface
constexpr ms settle_max{1'000};            // changes that never end are told of, too

struct FreeList {
    void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

bool is_up(const ifaddrs& entry) {
    return (entry.ifa_flags & IFF_UP) != 0 && (entry.ifa_flags & IFF_RUNNING) != 0;
}

void add_address(Interface& interface, const ifaddrs& entry,
                 const std::vector<SocketAddress>& unusable) {
    if (entry.ifa_addr == nullptr || interface.addresses.size() >= addresses_max) return;
    SocketAddress address = from_sockaddr(entry.ifa_addr);
    if (address.address.empty()) return;
    const bool cannot_be_used = std::ranges::any_of(unusable, [&](const SocketAddress& other) {
        return other.address == address.address && other.scope == interface.index;
    });
    if (cannot_be_used) return;
    const bool v4 = address.address.size() == 4;
    interface.addresses.push_back(std::move(address));
    if (!v4) return;
    if (interface.loopback) {
        // Linux gives it none, and all of its instances hear it.
        interface.broadcast = {{127, 255, 255, 255}};
    } else if ((entry.ifa_flags & IFF_BROADCAST) != 0 && entry.ifa_broadaddr != nullptr) {
        Bytes broadcast = from_sockaddr(entry.ifa_broadaddr).address;
        auto& known = interface.broadcast;
        if (!broadcast.empty() && std::ranges::find(known, broadcast) == known.end())
            known.push_back(std::move(broadcast));
    }
}

/// Of machines that run others in them. Addresses there are rarely those one is reached at.
bool looks_virtual(const std::string& name) {
    constexpr std::array<std::string_view, 6> prefixes{"docker", "br-",   "veth",
                                                       "virbr",  "vmnet", "vboxnet"};
    return std::ranges::any_of(prefixes,
                               [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace

std::vector<Interface> list_interfaces() {
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return {};
    const std::unique_ptr<ifaddrs, FreeList> list(first);
    const auto unusable = unusable_addresses();
    std::map<std::uint32_t, Interface> found;
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
        const std::uint32_t index = ::if_nametoindex(entry->ifa_name);
        if (index == 0 || !is_up(*entry)) continue;
        Interface& interface = found[index];
        interface.name = entry->ifa_name;
        interface.index = index;
        interface.loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0;
        add_address(interface, *entry, unusable);
    }
    std::vector<Interface> result;
    for (auto& [index, interface] : found) {
        if (!interface.addresses.empty()) result.push_back(std::move(interface));
    }
    std::ranges::stable_sort(result, std::greater{}, &Interface::loopback);
    if (result.size() > interfaces_max) result.resize(interfaces_max);
    return result;
}

std::vector<SocketAddress> reachable_addresses(const std::vector<Interface>& interfaces) {
    std::array<std::vector<SocketAddress>, 4> ranked;
    for (const Interface& interface : interfaces) {
        for (SocketAddress address : interface.addresses) {
            const bool v4 = address.address.size() == 4;
            if (is_loopback(address)) {
                ranked[3].push_back(std::move(address));
            } else if (!is_link_local(address)) {
                ranked[looks_virtual(interface.name) ? 1 : 0].push_back(std::move(address));
            } else if (v4) {  // an IPv6 one means nothing without a scope of the reader's
                ranked[2].push_back(std::move(address));
            }
        }
    }
    std::vector<SocketAddress> result = std::move(ranked[0]);
    result.insert(result.end(), ranked[1].begin(), ranked[1].end());
    if (result.empty()) result = std::move(ranked[2]);
    if (result.empty()) result = std::move(ranked[3]);
    return result;
}

struct NetworkWatch::Impl {
    Impl(Reactor& reactor, Changed changed_, Sources sources_)
        : loop(reactor.impl().loop),
          changed(std::move(changed_)),
          sources(std::move(sources_)),
          events(reactor, [this] { look(); }) {
        uv_timer_init(&loop, &timer);
        timer.data = this;
    }

    void look();
    void settled();
    [[nodiscard]] bool has_slept();
    void report(bool slept);

    uv_loop_t& loop;
    ThreadAffinity affinity;
    Changed changed;
    Sources sources;
    SystemEvents events;
    uv_timer_t timer{};
    std::optional<std::uint64_t> unsettled_since;  ///< of the loop's clock
    std::optional<std::vector<Interface>> last;
    ms asleep{0};
    bool shutting_down = false;
    std::function<void()> done;
};

NetworkWatch::NetworkWatch(Reactor& reactor, Changed changed)
    : NetworkWatch(reactor, std::move(changed), Sources{list_interfaces, time_asleep}) {}
NetworkWatch::NetworkWatch(Reactor& reactor, Changed changed, Sources sources)
    : impl_(std::make_unique<Impl>(reactor, std::move(changed), std::move(sources))) {}
NetworkWatch::~NetworkWatch() = default;

void NetworkWatch::start() {
    impl_->affinity.check();
    impl_->asleep = impl_->sources.asleep();
    impl_->events.start();
    impl_->report(false);
}

void NetworkWatch::look() {
    impl_->affinity.check();
    impl_->look();
}

void NetworkWatch::Impl::look() {
    if (shutting_down || !last) return;
    uv_update_time(&loop);
    if (has_slept()) return report(true);
    const std::uint64_t now = uv_now(&loop);
    if (!unsettled_since) unsettled_since = now;
    const auto latest = *unsettled_since + static_cast<std::uint64_t>(settle_max.count());
    const auto wanted = now + static_cast<std::uint64_t>(settle_time.count());
    const auto at = std::max(std::min(wanted, latest), now);
    uv_timer_start(
        &timer, [](uv_timer_t* handle) { owner_of<Impl>(handle).settled(); }, at - now, 0);
}

void NetworkWatch::Impl::settled() {
    unsettled_since.reset();
    if (*last != sources.interfaces()) report(false);
}

bool NetworkWatch::Impl::has_slept() {
    const ms now = sources.asleep();
    return now - std::exchange(asleep, now) >= sleep_min;
}

void NetworkWatch::Impl::report(bool slept) {
    last = sources.interfaces();
    changed(*last, slept);
}

void NetworkWatch::shut_down(std::function<void()> done) {
    impl_->affinity.check();
    impl_->shutting_down = true;
    impl_->done = std::move(done);
    impl_->events.shut_down([impl = impl_.get()] {
        uv_close(as_handle(impl->timer), [](uv_handle_t* handle) {
            const auto finished = std::move(owner_of<Impl>(handle).done);
            if (finished) finished();
        });
    });
}

}  // namespace kith::net
