// SPDX-License-Identifier: MIT
//
// The libuv side of discovery. One receiving socket per address family on the port all instances of
// a machine share (SO_REUSEADDR), and per interface a sending socket of our own, so that answers
// reach this instance and no other. Lives on the reactor's thread.
#pragma once

#include <tl/expected.hpp>

#include "net/discovery/discovery.hpp"
#include "net/reactor.hpp"

namespace kith::net {

inline constexpr std::uint16_t discovery_port = 47474;

class UdpDriver final : public DatagramTransport {
public:
    struct Options {
        std::uint16_t port = discovery_port;
        /// Numeric; announce only where one of these is, as nobody could connect elsewhere. Empty:
        /// everywhere.
        std::vector<std::string> listen;
    };
    explicit UdpDriver(Reactor& reactor);
    ~UdpDriver() override;

    void attach(Discovery* discovery);
    /// The error is a sentence. Discovery does not work then; everything else does.
    tl::expected<void, std::string> open(const Options& options);
    /// What is up now: sockets and group memberships follow, then Discovery is told.
    void set_interfaces(const std::vector<Interface>& interfaces);
    /// Discovery::tick() when it is due; call after anything that may have changed that.
    void reschedule();
    void shut_down(std::function<void()> done);

    std::optional<std::string> announce(std::uint32_t interface, ByteView datagram) override;
    void reply(std::uint32_t interface, const SocketAddress& to, ByteView datagram) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
