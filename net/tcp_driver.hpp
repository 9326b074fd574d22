// SPDX-License-Identifier: MIT
//
// The libuv side of a LinkListener: listeners, connections, the timer behind tick() and flush().
// Lives on the reactor's thread.
#pragma once

#include <tl/expected.hpp>

#include "net/link_listener.hpp"
#include "net/reactor.hpp"

namespace kith::net {

struct ListenOptions {
    std::vector<std::string> addresses;  ///< numeric; empty: all IPv4 and IPv6
    std::uint16_t port = 0;              ///< 0: any free one, the same for all addresses
};

class TcpDriver final : public Transport {
public:
    explicit TcpDriver(Reactor& reactor);
    ~TcpDriver() override;

    /// Who hears of links; set before listen() and dial().
    void attach(LinkListener* listener);
    /// Binds and listens; gives the port. The error is a sentence with address and reason.
    tl::expected<std::uint16_t, std::string> listen(const ListenOptions& options);
    /// What the sockets are really bound to.
    [[nodiscard]] std::vector<SocketAddress> listening() const;
    /// Where others may reach us: the listeners' addresses, wildcards expanded to the addresses of
    /// interfaces that are up; loopback only when bound to it or nothing else is up.
    [[nodiscard]] std::vector<SocketAddress> reachable_addresses() const;
    /// Closes listeners and links; returns when libuv has let go of them (runs on the loop).
    void shut_down(std::function<void()> done);

    LinkId dial(const SocketAddress& to) override;
    LinkId dial_shared(const SocketAddress& to) override;
    LinkId dial_beside(LinkId link, const SocketAddress& to) override;
    void send(LinkId link, Bytes bytes) override;
    [[nodiscard]] std::size_t backlog(LinkId link) const override;
    void set_reading(LinkId link, bool reading) override;
    void close(LinkId link, bool now) override;
    std::optional<int> detach(LinkId link) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] std::chrono::milliseconds monotonic() const override;
    [[nodiscard]] std::chrono::milliseconds wall() const override;
};

}  // namespace kith::net
