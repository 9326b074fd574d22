// SPDX-License-Identifier: MIT
//
// kith_discovery_probe NAME PORT [LISTEN…]: an instance of discovery alone, for tests that put it
// into network namespaces. Says on standard output what it sees, one line each, until SIGTERM:
//
//   up NAME=ADDRESS,ADDRESS… NAME=…      interfaces
//   near NAME ADDRESS…
//   gone NAME
#include <csignal>
#include <future>
#include <iostream>
#include <map>

#include "net/discovery/network_watch.hpp"
#include "net/discovery/udp_driver.hpp"
#include "net/tcp_driver.hpp"

using namespace kith;

namespace {

class Printer final : public net::DiscoveryListener {
public:
    void on_nearby(const net::NearbyPerson& person) override {
        names_[person.peer] = person.name;
        if (person.idle) return;
        std::cout << "near " << person.name;
        for (const auto& address : person.addresses) std::cout << " " << to_string(address);
        std::cout << std::endl;
    }
    void on_nearby_gone(const net::Fingerprint& peer) override {
        std::cout << "gone " << names_[peer] << std::endl;
    }
    void on_contact_near(const net::Fingerprint&, const std::vector<net::SocketAddress>&) override {
    }
    void on_contact_far(const net::Fingerprint&) override {}

private:
    std::map<net::Fingerprint, std::string> names_;
};

void print(const std::vector<net::Interface>& interfaces) {
    std::cout << "up";
    for (const auto& interface : interfaces) {
        std::cout << " " << interface.name << "=";
        for (const auto& address : interface.addresses) std::cout << to_string(address) << ",";
    }
    std::cout << std::endl;
}

/// Everybody is somebody else, every time.
net::Fingerprint random_fingerprint(crypto::RandomSource& random) { return {random.array<32>()}; }

struct Instance {
    explicit Instance(const std::string& name)
        : discovery(random_fingerprint(random), key, 1, {clock, random, driver, printer}),
          watch(reactor, [this](const auto& interfaces, bool) {
              print(interfaces);
              driver.set_interfaces(interfaces);
          }) {
        discovery.set_self({name, random.array<8>(), 4711});
        driver.attach(&discovery);
    }

    net::Reactor reactor;
    net::SystemClock clock;
    crypto::SystemRandom random;
    crypto::SigningKey key{random.array<32>()};
    Printer printer;
    net::UdpDriver driver{reactor};
    net::Discovery discovery;
    net::NetworkWatch watch;
};

void wait_for_signal() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    int number = 0;
    sigwait(&signals, &number);
}

template <typename Start>
void run_to_end(net::Reactor& reactor, Start start) {
    std::promise<void> ended;
    reactor.run_and_wait([&] { start([&ended] { ended.set_value(); }); });
    ended.get_future().wait();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    sigset_t signals;  // before there are threads: each of them leaves it to wait_for_signal()
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    Instance instance(argv[1]);
    net::UdpDriver::Options options;
    options.port = static_cast<std::uint16_t>(std::stoi(argv[2]));
    options.listen.assign(argv + 3, argv + argc);
    instance.reactor.start();
    bool opened = false;
    instance.reactor.run_and_wait([&] {
        const auto result = instance.driver.open(options);
        opened = result.has_value();
        if (!opened) std::cerr << result.error() << std::endl;
        instance.watch.start();
    });
    if (opened) wait_for_signal();
    run_to_end(instance.reactor, [&](auto done) { instance.watch.shut_down(done); });
    run_to_end(instance.reactor, [&](auto done) {
        instance.discovery.stop();
        instance.driver.shut_down(done);
    });
    instance.reactor.stop_and_join();
    return opened ? 0 : 1;
}
