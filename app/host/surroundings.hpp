// SPDX-License-Identifier: MIT
//
// What finds people and the paths to them: LAN discovery, the watch over this machine's interfaces,
// the port at the router, names of hosts. Owns the drivers; what they learn goes to the node.
// Network thread only, unless said otherwise.
#pragma once

#include <atomic>
#include <optional>

#include "app/node/node.hpp"
#include "net/discovery/network_watch.hpp"
#include "net/discovery/udp_driver.hpp"
#include "net/mapping/port_mapper.hpp"
#include "net/relay/relay_transport.hpp"
#include "net/resolver.hpp"

namespace kith::host {

class Surroundings {
public:
    struct Options {
        bool discovery = true;  ///< false: no datagram is sent or heard
        std::uint16_t discovery_port = net::discovery_port;
        std::vector<std::string> listen;  ///< as of the TCP listeners; empty: all addresses
        std::vector<std::unique_ptr<net::MappingBackend>> mapping;
    };
    Surroundings(net::Reactor& reactor, const net::Clock& clock, crypto::RandomSource& random,
                 crypto::ByteView signing_seed, Options options);
    ~Surroundings();

    /// For a node that is loaded and listens; all outlive shut_down().
    void start(const crypto::Fingerprint& self, node::Node& node, net::Endpoint& endpoint,
               net::RelayTransport& relays);
    /// With the reactor's other wake handlers: hands on what the router has said.
    void on_wake();

    // What the node asks for.
    void map_port(std::uint16_t port);  ///< 0: none
    void resolve(const std::string& host, std::uint16_t port,
                 std::function<void(net::Resolver::Found)> done);

    /// Goodbye to everybody near; no callback follows `done`.
    void shut_down(std::function<void()> done);
    /// The router forgets us, if it answers soon. Any other thread; blocks for about 2 s at most.
    void leave_router();

private:
    void on_network(const std::vector<net::Interface>& interfaces, bool slept);
    void tell_mapping();

    net::Reactor& reactor_;
    const net::Clock& clock_;
    crypto::RandomSource& random_;
    const Options options_;
    crypto::SigningKey signing_;
    net::Resolver resolver_;
    net::UdpDriver udp_;
    net::NetworkWatch watch_;
    std::unique_ptr<net::Discovery> discovery_;
    node::Node* node_ = nullptr;
    net::RelayTransport* relays_ = nullptr;
    bool announcing_ = false;
    std::atomic<bool> mapping_news_{false};
    std::unique_ptr<net::PortMapper> mapper_;  // its thread uses what stands above
};

}  // namespace kith::host
