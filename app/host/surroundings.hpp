// SPDX-License-Identifier: MIT
//
// What finds people and the paths to them: LAN discovery, the watch over this machine's interfaces,
// the port at the router, names of hosts. Owns the drivers; what they learn goes to the node.
// Network thread only, unless said otherwise.
#pragma once

#include "app/node/node.hpp"
#include "net/discovery/network_watch.hpp"
#include "net/discovery/udp_driver.hpp"
#include "net/resolver.hpp"

namespace kith::host {

class Surroundings {
public:
    struct Options {
        bool discovery = true;  ///< false: no datagram is sent or heard
        std::uint16_t discovery_port = net::discovery_port;
        std::vector<std::string> listen;  ///< as of the TCP listeners; empty: all addresses
    };
    Surroundings(net::Reactor& reactor, const net::Clock& clock, crypto::RandomSource& random,
                 crypto::ByteView signing_seed, Options options);
    ~Surroundings();

    /// For a node that is loaded and listens; both outlive shut_down().
    void start(const crypto::Fingerprint& self, node::Node& node, net::Endpoint& endpoint);
    /// With the reactor's other wake handlers.
    void on_wake();

    // What the node asks for.
    void resolve(const std::string& host, std::uint16_t port,
                 std::function<void(net::Resolver::Found)> done);

    /// Goodbye to everybody near; no callback follows `done`.
    void shut_down(std::function<void()> done);

private:
    void on_network(const std::vector<net::Interface>& interfaces, bool slept);

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
    bool announcing_ = false;
};

}  // namespace kith::host
