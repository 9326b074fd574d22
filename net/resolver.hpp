// SPDX-License-Identifier: MIT
//
// Names of hosts to addresses (getaddrinfo on libuv's pool). Lives on the reactor's thread.
#pragma once

#include <functional>
#include <memory>
#include <tl/expected.hpp>

#include "net/reactor.hpp"
#include "net/transport.hpp"

namespace kith::net {

class Resolver {
public:
    static constexpr std::size_t at_once_max = 4;
    using Found = tl::expected<std::vector<SocketAddress>, std::string>;

    explicit Resolver(Reactor& reactor);
    ~Resolver();
    /// A name or a numeric address ("fe80::1%eth0" too). `done` is called once, later; the error is
    /// a sentence. Not called after shut_down().
    void resolve(const std::string& host, std::uint16_t port, std::function<void(Found)> done);
    void shut_down(std::function<void()> done);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
