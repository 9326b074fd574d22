// SPDX-License-Identifier: MIT
//
// Local networks for discovery, on the clock and the event queue of a SimNetwork: segments
// (Ethernets, or one machine's loopback) and stations (instances of Kith) plugged into some of
// them. Several stations may share a machine's address. Datagrams are lost, repeated and delayed as
// told. One thread.
#pragma once

#include <map>

#include "net/discovery/discovery.hpp"
#include "tests/sim/sim_network.hpp"

namespace kith::sim {

class SimStation;

class SimSegment {
public:
    /// Addresses are `prefix`.n for host n (beyond 255 in the networks that follow), and fe80::n
    /// when `ipv6`.
    SimSegment(SimNetwork& network, std::array<std::uint8_t, 3> prefix, bool ipv6 = true)
        : network_(network), prefix_(prefix), ipv6_(ipv6) {}
    /// Host 1 is the machine whose instances meet there.
    static SimSegment loopback(SimNetwork& network) { return {network, {127, 0, 0}, false}; }
    SimSegment(const SimSegment&) = delete;
    SimSegment& operator=(const SimSegment&) = delete;

    // Each receiver draws for itself.
    double loss = 0;
    double duplication = 0;
    milliseconds delay_min{0};
    milliseconds delay_max{2};
    /// The copies for IPv4 multicast and IPv6 are counted but not made: for large segments.
    bool one_group = false;

    /// On the wire, with 28 bytes of IPv4 and UDP headers.
    std::uint64_t bytes = 0;
    std::uint64_t datagrams = 0;
    /// Hears everything.
    std::function<void(const net::SocketAddress& from, net::ByteView datagram)> eavesdropper;
    /// Something comes from an address that need not exist, to everybody.
    void inject(const net::SocketAddress& from, net::ByteView datagram);

private:
    friend class SimStation;
    struct Plug {
        SimStation* station = nullptr;
        std::uint32_t interface = 0;
        net::SocketAddress v4;
        net::SocketAddress v6;
    };

    [[nodiscard]] Plug make_plug(SimStation& station, std::uint32_t interface, std::uint16_t host);
    void broadcast(const net::SocketAddress& from, const net::Bytes& datagram);
    void unicast(const net::SocketAddress& from, const net::SocketAddress& to,
                 const net::Bytes& datagram);
    void count(const net::SocketAddress& from, net::ByteView datagram, std::size_t copies);
    void deliver(const Plug& to, const net::SocketAddress& from,
                 const std::shared_ptr<const net::Bytes>& datagram);
    [[nodiscard]] bool chance(double share);

    SimNetwork& network_;
    std::array<std::uint8_t, 3> prefix_;
    bool ipv6_;
    std::vector<Plug> plugs_;
    std::uint16_t next_port_ = 40'000;  ///< each instance sends from one of its own
};

/// One instance of Kith on some machine.
class SimStation final : public net::DatagramTransport {
public:
    explicit SimStation(SimNetwork& network) : network_(network) {}
    ~SimStation() override;
    SimStation(const SimStation&) = delete;
    SimStation& operator=(const SimStation&) = delete;

    /// Told of the interfaces at once. Null: the process has ended.
    void attach(net::Discovery* discovery);
    void plug(SimSegment& segment, std::uint32_t interface, std::uint16_t host);
    void unplug(std::uint32_t interface);
    /// What the driver does after anything that may have changed when tick() is due.
    void settle();
    /// Why announcing fails, in words; empty: it works.
    std::string problem;

    std::optional<std::string> announce(std::uint32_t interface, net::ByteView datagram) override;
    std::optional<std::string> announce_each(std::uint32_t interface,
                                             const std::function<net::Bytes()>& fresh) override;
    void reply(std::uint32_t interface, const net::SocketAddress& to,
               net::ByteView datagram) override;

private:
    friend class SimSegment;
    [[nodiscard]] const SimSegment::Plug& plug_of(std::uint32_t interface) const;
    void tell_interfaces();

    SimNetwork& network_;
    net::Discovery* discovery_ = nullptr;
    std::map<std::uint32_t, SimSegment*> segments_;
    milliseconds wake_ = milliseconds::max();
    std::shared_ptr<SimStation*> alive_ = std::make_shared<SimStation*>(this);
};

}  // namespace kith::sim
