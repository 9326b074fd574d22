// SPDX-License-Identifier: MIT
#include "app/control/server.hpp"

#include "app/control/dispatcher.hpp"

namespace kith::control {

struct ControlServer::Impl final : Output {
    Impl(net::Reactor& reactor, model::NodePort& node, model::HostPort& host)
        : dispatcher(node, host, *this), server(reactor, dispatcher) {}

    void send_line(ClientId client, std::string line) override {
        server.send_line(client, std::move(line));
    }
    [[nodiscard]] std::size_t queued(ClientId client) const override {
        return server.queued(client);
    }

    Dispatcher dispatcher;
    net::LocalServer server;  // ends before the dispatcher it calls
};

ControlServer::ControlServer(net::Reactor& reactor, model::NodePort& node, model::HostPort& host)
    : impl_(std::make_unique<Impl>(reactor, node, host)) {}

ControlServer::~ControlServer() = default;

tl::expected<void, std::string> ControlServer::listen(const std::string& path) {
    auto listening = impl_->server.listen(path);
    if (listening) impl_->dispatcher.start();
    return listening;
}

void ControlServer::shut_down(std::function<void()> done) {
    impl_->dispatcher.stop();
    impl_->server.shut_down(std::move(done));
}

}  // namespace kith::control
