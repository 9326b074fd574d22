// SPDX-License-Identifier: MIT
//
// Names of hosts to addresses. Each look-up blocks a thread of its own, which nobody waits for at
// the end: a name server that is silent holds up nothing. Lives on the reactor's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "net/reactor.hpp"
#include "net/transport.hpp"

namespace kith::net {

class Resolver {
public:
    static constexpr std::size_t at_once_max = 12;  ///< threads, while name servers are silent
    using Found = tl::expected<std::vector<SocketAddress>, std::string>;
    /// Blocks; on a thread that may outlive the resolver, so it refers to nothing. Ports are 0, the
    /// error is a sentence.
    using LookUp = std::function<Found(const std::string& host)>;

    explicit Resolver(Reactor& reactor);  ///< asks the system (getaddrinfo)
    Resolver(Reactor& reactor, LookUp look_up);
    ~Resolver();  ///< shut_down()
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// A name or a numeric address ("fe80::1%eth0" too). `done` is called once, later; the error is
    /// a sentence. Not called after shut_down().
    void resolve(const std::string& host, std::uint16_t port, std::function<void(Found)> done);
    /// At once: what is still looked up is left to itself.
    void shut_down();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
