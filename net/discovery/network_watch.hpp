// SPDX-License-Identifier: MIT
//
// Notices when interfaces or addresses of this machine come and go, and when it has slept. On Linux
// by rtnetlink; everywhere by looking again every `poll_interval`, of which sleep counts where the
// system has a clock for it, so that waking up is noticed at once. Lives on the reactor's thread.
#pragma once

#include <functional>

#include "net/discovery/interface.hpp"
#include "net/reactor.hpp"

namespace kith::net {

/// Interfaces that are up, with their addresses.
[[nodiscard]] std::vector<Interface> list_interfaces();

/// Addresses others may reach a listener of any address at, best first: those of the network;
/// loopback when there is no other. Ports are 0.
[[nodiscard]] std::vector<SocketAddress> reachable_addresses(
    const std::vector<Interface>& interfaces);

class NetworkWatch {
public:
    using ms = std::chrono::milliseconds;
    static constexpr ms settle_time{200};  ///< changes come in bunches; the last one counts
    static constexpr ms poll_interval{15'000};
    static constexpr ms sleep_min{3'000};  ///< the machine stood still for at least this

    /// What `changed` is told: the interfaces as they are now, and whether the machine has slept.
    using Changed = std::function<void(const std::vector<Interface>&, bool slept)>;
    NetworkWatch(Reactor& reactor, Changed changed);
    /// Where it looks; tests have their own.
    struct Sources {
        std::function<std::vector<Interface>()> interfaces;
        std::function<ms()> asleep;  ///< how long the machine has slept since boot
    };
    NetworkWatch(Reactor& reactor, Changed changed, Sources sources);
    ~NetworkWatch();
    void start();  ///< calls `changed` once with what is there
    void look();   ///< as when the system says that something may have changed
    void shut_down(std::function<void()> done);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
