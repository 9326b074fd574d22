// SPDX-License-Identifier: MIT
#include "app/host/surroundings.hpp"

#include <algorithm>

namespace kith::host {

// Who is told to wait is told so by the one who counts the addresses; one more is set by hand.
static_assert(net::Resolver::at_once_max > node::AddressProbe::at_once_max);

namespace {

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
}

/// Nobody outside of this machine could use a port that leads to loopback.
bool only_loopback(const std::vector<std::string>& listen) {
    return !listen.empty() && std::all_of(listen.begin(), listen.end(), is_loopback);
}

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
      options_{options.discovery, options.discovery_port, options.listen, {}},
      signing_(signing_seed),
      resolver_(reactor),
      udp_(reactor),
      watch_(reactor,
             [this](const auto& interfaces, bool slept) { on_network(interfaces, slept); }),
      mapper_(std::make_unique<net::PortMapper>(
          std::move(options.mapping),
          [this] {
              mapping_news_ = true;
              reactor_.wake();
          },
          net::PortMapper::Timing{})) {}

Surroundings::~Surroundings() = default;

void Surroundings::start(const crypto::Fingerprint& self, node::Node& node, net::Endpoint& endpoint,
                         net::RelayTransport& relays) {
    node_ = &node;
    relays_ = &relays;
    discovery_ = std::make_unique<net::Discovery>(
        self, signing_, node.boot(),
        net::Discovery::Ports{clock_, random_, udp_, node.discovery_listener()});
    udp_.attach(discovery_.get());
    if (options_.discovery) {
        const auto opened = udp_.open({options_.discovery_port, options_.listen});
        announcing_ = opened.has_value();
        if (!opened) node.discovery_problem(opened.error());
    }
    node.attach(discovery_.get());
    endpoint.set_probe_responder(&node.probe_responder());
    watch_.start();
}

void Surroundings::on_network(const std::vector<net::Interface>& interfaces, bool slept) {
    if (announcing_) udp_.set_interfaces(interfaces);
    if (slept) discovery_->network_changed();
    mapper_->network_changed();
    relays_->network_changed();
    node_->interfaces_changed(interfaces, slept);
    if (announcing_) udp_.reschedule();
}

void Surroundings::on_wake() {
    if (node_ == nullptr) return;
    if (mapping_news_.exchange(false)) node_->mapping_changed(mapper_->status());
    if (announcing_) udp_.reschedule();
}

void Surroundings::map_port(std::uint16_t port) {
    mapper_->set_port(only_loopback(options_.listen) ? std::uint16_t{0} : port);
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
    resolver_.shut_down();
    auto one_done = after(2, std::move(done));
    watch_.shut_down(one_done);
    udp_.shut_down(one_done);
}

void Surroundings::leave_router() { mapper_->stop_and_join(); }

}  // namespace kith::host
