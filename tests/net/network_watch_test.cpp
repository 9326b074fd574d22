// SPDX-License-Identifier: MIT
#include "net/discovery/network_watch.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/net/real_node.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

SocketAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return {{a, b, c, d}, 0, 0};
}

SocketAddress v6(std::uint8_t first, std::uint8_t last) {
    SocketAddress address{Bytes(16, 0), 0, 0};
    address.address[0] = first;
    address.address[1] = first == 0xFE ? 0x80 : 0;
    address.address[15] = last;
    return address;
}

Interface interface(const std::string& name, std::vector<SocketAddress> addresses) {
    static std::uint32_t last = 0;
    return {name, ++last, name == "lo", std::move(addresses), {}};
}

/// A watch over interfaces and sleep that the test makes up.
struct Fixture {
    Fixture() {
        reactor.start();
        reactor.run_and_wait([this] {
            watch = std::make_unique<NetworkWatch>(
                reactor,
                [this](const std::vector<Interface>& now, bool slept) {
                    reports.emplace_back(now, slept);
                    heard.notify_all();
                },
                NetworkWatch::Sources{[this] { return interfaces; }, [this] { return asleep; }});
            watch->start();
        });
    }
    ~Fixture() {
        run_to_end(reactor, [this](auto done) { watch->shut_down(done); });
        reactor.run_and_wait([this] { watch.reset(); });
        reactor.stop_and_join();
    }
    void look(std::vector<Interface> now, std::chrono::milliseconds sleep = 0ms) {
        reactor.run_and_wait([&] {
            interfaces = std::move(now);
            asleep += sleep;
            watch->look();
        });
    }
    bool wait_for(std::size_t count) {
        for (const auto end = std::chrono::steady_clock::now() + 30s;
             std::chrono::steady_clock::now() < end;) {
            std::size_t now = 0;
            reactor.run_and_wait([&] { now = reports.size(); });
            if (now >= count) return true;
            std::unique_lock lock(mutex);
            heard.wait_for(lock, 10ms);
        }
        return false;
    }

    Reactor reactor;
    std::unique_ptr<NetworkWatch> watch;
    std::mutex mutex;
    std::condition_variable heard;
    // The loop's thread only.
    std::vector<Interface> interfaces;
    std::chrono::milliseconds asleep{1h};
    std::vector<std::pair<std::vector<Interface>, bool>> reports;
};

}  // namespace

TEST_CASE("addresses for others: the network's first, loopback when there is nothing else") {
    const Interface lo = interface("lo", {v4(127, 0, 0, 1), v6(0, 1)});
    const Interface docker = interface("docker0", {v4(172, 17, 0, 1)});
    const Interface eth = interface("eth0", {v6(0xFE, 2), v4(192, 168, 1, 5), v6(0x20, 7)});
    const Interface auto_ip = interface("eth1", {v4(169, 254, 3, 4), v6(0xFE, 3)});
    CHECK(reachable_addresses({lo, docker, auto_ip, eth}) ==
          std::vector{v4(192, 168, 1, 5), v6(0x20, 7), v4(172, 17, 0, 1)});
    CHECK(reachable_addresses({lo, auto_ip}) == std::vector{v4(169, 254, 3, 4)});
    CHECK(reachable_addresses({lo}) == std::vector{v4(127, 0, 0, 1), v6(0, 1)});
    CHECK(reachable_addresses({}).empty());
}

TEST_CASE("loopback is an interface of every machine, the first, with a broadcast address") {
    const auto interfaces = list_interfaces();
    REQUIRE_FALSE(interfaces.empty());
    const Interface& lo = interfaces.front();
    CHECK(lo.loopback);
    CHECK(lo.index != 0);
    CHECK(std::ranges::find(lo.addresses, v4(127, 0, 0, 1)) != lo.addresses.end());
    CHECK(lo.broadcast == std::vector<Bytes>{{127, 255, 255, 255}});
}

TEST_CASE("a change is told once it has settled, and nothing when there is none") {
    Fixture f;
    REQUIRE(f.wait_for(1));
    CHECK(f.reports[0].first.empty());
    CHECK_FALSE(f.reports[0].second);
    const Interface eth = interface("eth0", {v4(192, 168, 1, 5)});
    f.look({});
    f.look({interface("eth9", {})});
    f.look({eth});
    REQUIRE(f.wait_for(2));
    f.look({eth});  // a renewed lease
    f.look({eth}, 1s);
    f.look({eth}, 1s);  // below what counts as sleep
    f.look({}, NetworkWatch::sleep_min);
    REQUIRE(f.wait_for(3));
    f.reactor.run_and_wait([&] {
        CHECK(f.reports.size() == 3);
        CHECK(f.reports[1].first == std::vector{eth});
        CHECK_FALSE(f.reports[1].second);
        CHECK(f.reports[2].first.empty());
        CHECK(f.reports[2].second);
    });
}

TEST_CASE("waking up is told although nothing else has changed") {
    Fixture f;
    f.look({}, 8h);
    REQUIRE(f.wait_for(2));
    CHECK(f.reports[1].second);
}

TEST_CASE("changes without end are told of all the same") {
    Fixture f;
    const auto flap = [&](std::uint8_t i) { f.look({interface("eth0", {v4(10, 0, 0, i)})}); };
    std::size_t told = 0;
    std::uint8_t i = 0;
    for (const auto end = std::chrono::steady_clock::now() + 30s;
         told < 3 && std::chrono::steady_clock::now() < end;) {
        flap(++i);
        f.reactor.run_and_wait([&] { told = f.reports.size(); });
    }
    CHECK(told == 3);
}
