// SPDX-License-Identifier: MIT
#include "app/host/surroundings.hpp"

namespace kith::host {
namespace {

/// For shutting down several things at once: runs `done` when the last copy is called.
std::function<void()> after(int calls, std::function<void()> done) {
    return [left = std::make_shared<int>(calls), done = std::move(done)] {
        if (--*left == 0) done();
    };
}

}  // namespace

Surroundings::Surroundings(net::Reactor& reactor, const net::Clock& clock,
                           crypto::RandomSource& random, crypto::ByteView signing_seed,
                           Options options)
    : reactor_(reactor),
      clock_(clock),
      random_(random),
      options_(std::move(options)),
      signing_(signing_seed),
      resolver_(reactor),
      udp_(reactor),
      watch_(reactor,
             [this](const auto& interfaces, bool slept) { on_network(interfaces, slept); }) {}

Surroundings::~Surroundings() = default;

void Surroundings::start(const crypto::Fingerprint& self, node::Node& node,
                         net::Endpoint& endpoint) {
    node_ = &node;
    discovery_ = std::make_unique<net::Discovery>(
        self, signing_, node.boot(),
        net::Discovery::Ports{clock_, random_, udp_, node.discovery_listener()});
    udp_.attach(discovery_.get());
    if (options_.discovery) {
        const auto opened = udp_.open({options_.discovery_port, options_.listen});
        announcing_ = opened.has_value();
        if (!opened) node.discovery_problem(opened.error());
    } else {
        node.discovery_problem("Discovery was turned off when Kith was started.");
    }
    node.attach(discovery_.get());
    endpoint.set_probe_responder(&node.probe_responder());
    watch_.start();
}

void Surroundings::on_network(const std::vector<net::Interface>& interfaces, bool slept) {
    if (announcing_) udp_.set_interfaces(interfaces);
    if (slept) discovery_->network_changed();
    node_->interfaces_changed(interfaces, slept);
    if (announcing_) udp_.reschedule();
}

void Surroundings::on_wake() {
    if (node_ == nullptr) return;
    if (announcing_) udp_.reschedule();
}

void Surroundings::resolve(const std::string& host, std::uint16_t port,
                           std::function<void(net::Resolver::Found)> done) {
    resolver_.resolve(host, port, std::move(done));
}

void Surroundings::shut_down(std::function<void()> done) {
    if (node_ != nullptr) node_->attach(nullptr);
    if (discovery_) discovery_->stop();
    announcing_ = false;
    node_ = nullptr;
    auto one_done = after(3, std::move(done));
    watch_.shut_down(one_done);
    resolver_.shut_down(one_done);
    udp_.shut_down(one_done);
}

}  // namespace kith::host
