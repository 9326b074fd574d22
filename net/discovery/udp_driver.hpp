// SPDX-License-Identifier: MIT
//
// The libuv side of discovery. One receiving socket per address family on the port all instances of
// a machine share (SO_REUSEADDR), and per interface a sending socket of our own, so that answers
// reach this instance and no other. Lives on the reactor's thread.
#pragma once

#include <array>
#include <tl/expected.hpp>

#include "net/discovery/discovery.hpp"
#include "net/reactor.hpp"

namespace kith::net {

inline constexpr std::uint16_t discovery_port = 47474;
/// 239.255.71.74: of the local scope (RFC 2365).
inline constexpr std::array<std::uint8_t, 4> discovery_group_v4{239, 255, 71, 74};
/// ff02::4b49:7468: of the link (RFC 4291 section 2.7).
inline constexpr std::array<std::uint8_t, 16> discovery_group_v6{
    0xFF, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x4B, 0x49, 0x74, 0x68};

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
    std::optional<std::string> announce_each(std::uint32_t interface,
                                             const std::function<Bytes()>& fresh) override;
    void reply(std::uint32_t interface, const SocketAddress& to, ByteView datagram) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
