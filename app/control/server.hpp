// SPDX-License-Identifier: MIT
//
// The control socket of a running node: a LocalServer whose lines a Dispatcher understands. Made
// and used on the network thread. Order of teardown: shut_down(), then destruction.
#pragma once

#include "app/model/node_port.hpp"
#include "net/local_server.hpp"

namespace kith::control {

class ControlServer {
public:
    ControlServer(net::Reactor& reactor, model::NodePort& node, model::HostPort& host);
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

    /// The profile's lock is held by the caller. The error is a sentence.
    tl::expected<void, std::string> listen(const std::string& path);
    /// Takes no more part in the node, gives replies up to 1 s to leave, removes the socket.
    void shut_down(std::function<void()> done);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::control
