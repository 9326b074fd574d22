// SPDX-License-Identifier: MIT
//
// What NetworkWatch needs of the system. Internal to net/; the reactor's thread.
#pragma once

#include "net/discovery/network_watch.hpp"

namespace kith::net {

/// Calls `look` when interfaces or addresses may have changed, and at least every poll_interval,
/// of which sleep counts.
class SystemEvents {
public:
    SystemEvents(Reactor& reactor, std::function<void()> look);
    ~SystemEvents();
    void start();
    void shut_down(std::function<void()> done);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Since boot; 0 where the system does not tell.
[[nodiscard]] std::chrono::milliseconds time_asleep();

/// IPv6 addresses that exist but cannot be used (duplicate address detection, RFC 4862).
[[nodiscard]] std::vector<SocketAddress> unusable_addresses();

}  // namespace kith::net
