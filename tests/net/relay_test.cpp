// SPDX-License-Identifier: MIT
//
// Two people and a relay on a simulated network: sessions through it, what it does not tell, and
// the way from it to a direct session.
#include <catch2/catch_test_macros.hpp>

#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

struct RelayNews final : RelayListener {
    void on_relay(const RelayStatus& status) override { all.push_back(status); }
    [[nodiscard]] bool online() const {
        return !all.empty() && all.back().state == RelayState::online;
    }
    std::vector<RelayStatus> all;
};

/// Alice and Bob cannot reach each other, and both reach the relay.
struct Relayed {
    explicit Relayed(RelayRules rules = {}, const RelayLimits& limits = {})
        : secret(rules.secret),
          a(network, "alice", 1),
          b(network, "bob", 2),
          relay(network, sim::test_identity("carol"), 9) {
        relay.start_relay(std::move(rules), limits);
        network.set_partitioned(a.host, b.host, true);
        b.host.relays().set_relays({relay.relay_address(secret)});
    }
    [[nodiscard]] SocketAddress place() const {
        const auto address = relay.relay_address(secret);
        return {crypto::place_of(address), address.port, 0};
    }
    Route invited(bool keep = false) {
        Route route = invite_route(b, keep);
        route.addresses = {place()};
        return route;
    }
    bool b_waits_at_the_relay() {
        return network.run_until([&] { return relay.relay().stats().clients == 1; }, 5s);
    }
    bool meet(std::chrono::milliseconds limit = 10s) {
        return network.run_until([&] { return a.sees(b) && b.sees(a); }, limit);
    }

    crypto::InviteToken secret;
    sim::SimNetwork network{7};
    Peer a, b;
    sim::SimHost relay;
};

}  // namespace

TEST_CASE("relay: two who cannot reach each other have a session through it") {
    Relayed three;
    REQUIRE(three.b_waits_at_the_relay());
    three.a.endpoint().set_route(three.invited());
    three.a.endpoint().connect(three.b.id());
    REQUIRE(three.meet());
    CHECK(three.a.listener.up.at(three.b.id()).relayed);
    CHECK(three.b.listener.up.at(three.a.id()).relayed);
    CHECK(three.a.listener.up.at(three.b.id()).remote == three.place());

    three.a.endpoint().send(three.b.id(), ContactRequest{"Alice", "hello", {}, {}});
    REQUIRE(three.network.run_until([&] { return three.b.listener.messages.size() == 1; }, 5s));
    const auto stats = three.relay.relay().stats();
    CHECK(stats.circuits_joined == 1);
    CHECK(stats.bytes > 4'000);
    CHECK(three.b.listener.observed.empty());
    CHECK(three.a.listener.observed.empty());  // a relay's place is nobody's address
}

TEST_CASE("relay: it gives up, and both ends hear of it") {
    Relayed three;
    REQUIRE(three.b_waits_at_the_relay());
    three.a.endpoint().set_route(three.invited());
    three.a.endpoint().connect(three.b.id());
    REQUIRE(three.meet());
    three.relay.crash(false);
    REQUIRE(three.network.run_until(
        [&] { return !three.a.sees(three.b) && !three.b.sees(three.a); }, 5s));
    three.relay.start_relay();
    REQUIRE(three.network.run_until([&] { return three.relay.relay().stats().clients >= 1; }, 70s));
    three.a.endpoint().connect(three.b.id());
    REQUIRE(three.meet());
}

TEST_CASE("relay: nobody learns whether somebody is there without a token of theirs") {
    const auto refused_after = [](bool there) {
        Relayed three;
        if (there) REQUIRE(three.b_waits_at_the_relay());
        if (!there) three.b.host.crash(false);
        Route route = three.invited();
        route.dial_token.back() ^= 1;
        three.a.endpoint().set_route(route);
        const auto begun = three.network.clock().monotonic();
        three.a.endpoint().connect(three.b.id());
        REQUIRE(three.network.run_until([&] { return !three.a.listener.failures.empty(); }, 30s));
        CHECK(three.a.listener.failures.back().ending.reason == Ending::Reason::unreachable);
        CHECK(three.relay.relay().stats().absent == 1);
        if (there) CHECK(three.b.host.links() == 1);  // its line, and no circuit
        return three.network.clock().monotonic() - begun;
    };
    const auto with = refused_after(true), without = refused_after(false);
    CHECK(std::chrono::abs(with - without) < 100ms);
}

TEST_CASE("relay: blocked people cannot knock, contacts can with their own token") {
    Relayed three;
    REQUIRE(three.b_waits_at_the_relay());
    make_contacts(three.a, three.b, false, false);
    Route route = contact_route(three.b, 0xA0, 0xB0, true);
    route.addresses = {three.place()};
    three.a.endpoint().set_route(route);
    REQUIRE(three.meet());
    CHECK(three.b.listener.up.at(three.a.id()).admitted_as_contact);

    three.b.endpoint().set_blocked(three.a.id(), true);
    three.b.endpoint().disconnect(three.a.id(), GoodbyeReason::closing);
    three.network.run_for(30s);
    CHECK_FALSE(three.a.sees(three.b));
}

TEST_CASE("relay: a direct way, once there is one, takes over and nothing is lost") {
    Relayed three;
    REQUIRE(three.b_waits_at_the_relay());
    make_contacts(three.a, three.b, false, false);
    Route route = contact_route(three.b, 0xA0, 0xB0, true);
    route.addresses.push_back(three.place());
    three.a.endpoint().set_route(route);
    REQUIRE(three.meet(20s));
    REQUIRE(three.a.listener.up.at(three.b.id()).relayed);
    const auto failures = three.a.listener.failures.size();

    three.network.run_for(60s);  // attempts that fail are nobody's business
    CHECK(three.a.listener.failures.size() == failures);
    CHECK(three.a.listener.ups.size() == 1);
    three.network.set_partitioned(three.a.host, three.b.host, false);
    REQUIRE(three.network.run_until(
        [&] { return three.a.sees(three.b) && !three.a.listener.up.at(three.b.id()).relayed; },
        330s));
    REQUIRE(three.network.run_until(
        [&] { return three.b.sees(three.a) && !three.b.listener.up.at(three.a.id()).relayed; },
        1s));
    CHECK(three.a.listener.downs.back().second.reason == Ending::Reason::replaced);
    three.network.run_for(120s);
    CHECK(three.a.listener.ups.size() == 2);
    CHECK(three.relay.relay().stats().circuits == 0);
    CHECK(three.relay.relay().stats().links == three.relay.relay().stats().clients);
}

TEST_CASE("relay: a new address of theirs is tried at once") {
    Relayed three;
    REQUIRE(three.b_waits_at_the_relay());
    make_contacts(three.a, three.b, false, false);
    Route route = contact_route(three.b, 0xA0, 0xB0, true);
    route.addresses = {three.place()};
    three.a.endpoint().set_route(route);
    REQUIRE(three.meet());
    three.network.set_partitioned(three.a.host, three.b.host, false);
    route.addresses = {three.b.host.address(), three.place()};
    three.a.endpoint().set_route(route);
    REQUIRE(three.network.run_until(
        [&] { return three.a.sees(three.b) && !three.a.listener.up.at(three.b.id()).relayed; },
        1s));
}

TEST_CASE("relay: a private one lets in who knows its secret and is on its list") {
    RelayRules rules;
    rules.secret = {1, 2, 3, 4, 5, 6, 7, 8};
    SECTION("the secret") {
        Relayed three(rules);
        REQUIRE(three.b_waits_at_the_relay());
        auto wrong = three.relay.relay_address({8, 7, 6, 5, 4, 3, 2, 1});
        three.a.host.relays().set_relays({wrong});
        three.network.run_for(10s);
        CHECK(three.relay.relay().stats().clients == 1);
        const auto status = three.a.host.relays().relays().at(0);
        CHECK(status.state != RelayState::online);
    }
    SECTION("the list") {
        Relayed three(rules);
        three.a.host.relays().set_relays({three.relay.relay_address(rules.secret)});
        REQUIRE(
            three.network.run_until([&] { return three.relay.relay().stats().clients == 2; }, 5s));
        rules.allowed = std::unordered_set{three.b.id()};
        three.relay.relay().set_rules(rules);
        three.network.run_for(30s);
        CHECK(three.relay.relay().stats().clients == 1);
        CHECK(three.b.host.relays().relays().at(0).state == RelayState::online);
    }
}

TEST_CASE("relay: somebody else at its address is noticed") {
    Relayed three;
    auto address = three.relay.relay_address();
    address.relay = three.a.id();
    three.a.host.relays().set_relays({address});
    three.network.run_for(5s);
    const auto status = three.a.host.relays().relays().at(0);
    CHECK(status.state == RelayState::offline);
    CHECK_FALSE(status.error.empty());
    CHECK(three.relay.relay().stats().clients == 1);
}

TEST_CASE("relay: its state is told, with a sentence when it is away") {
    RelayNews news;
    sim::SimNetwork network{3};
    Peer a(network, "alice", 1);
    sim::SimHost relay(network, sim::test_identity("carol"), 9);
    a.host.crash(false);
    a.host.relay_listener = &news;
    a.host.start(a.listener);
    a.host.relays().set_relays({relay.relay_address()});
    REQUIRE(network.run_until([&] { return !news.all.empty() && !news.all.back().error.empty(); },
                              15s));
    CHECK(news.all.back().state == RelayState::offline);
    relay.start_relay();
    REQUIRE(network.run_until([&] { return news.online(); }, 70s));
    relay.relay().drain();
    REQUIRE(network.run_until([&] { return !news.online(); }, 5s));
    CHECK(relay.relay().drained());
}

TEST_CASE("relay: all of one's own are used, as many as may be kept and named") {
    sim::SimNetwork network{3};
    Peer a(network, "alice", 1);
    std::vector<std::unique_ptr<sim::SimHost>> hosts;
    std::vector<crypto::RelayAddress> addresses;
    for (std::uint8_t i = 0; i < RelayTransport::own_max; ++i) {
        hosts.push_back(
            std::make_unique<sim::SimHost>(network, sim::test_identity("carol"), 10 + i));
        hosts.back()->start_relay();
        addresses.push_back(hosts.back()->relay_address());
    }
    CHECK(addresses.size() == 8);  // four that are kept, four of the command line
    a.host.relays().set_relays(addresses);
    network.run_for(5s);
    const auto all = a.host.relays().relays();
    CHECK(all.size() == 8);
    for (const auto& status : all) CHECK(status.state == RelayState::online);
}

TEST_CASE("relay: somebody with hundreds of contacts who are away keeps to what a client may do") {
    sim::SimNetwork network(3);
    sim::SimHost machine(network, sim::test_identity("mallory"), 9);
    machine.start_relay();
    Peer a(network, "alice", 1), b(network, "bob", 2);
    network.set_partitioned(a.host, b.host, true);
    const auto address = machine.relay_address();
    for (auto* one : {&a, &b}) one->host.relays().set_relays({address});
    make_contacts(a, b, false, false);
    auto& random = a.host.random();
    for (std::uint8_t i = 0; i < 250; ++i) {
        Route route = contact_route(b, 0xA0, 0xB0, true);
        route.peer = {random.array<32>()};
        route.door_token = contact_token(i);
        route.addresses = {{crypto::place_of(address), address.port, 0}};
        a.endpoint().set_route(route);
    }
    Route route = contact_route(b, 0xA0, 0xB0, true);
    route.addresses = {{crypto::place_of(address), address.port, 0}};
    a.endpoint().set_route(route);
    network.run_for(120s);
    const auto stats = machine.relay().stats();
    CHECK(stats.clients_total == 2);
    CHECK(stats.knocks > 200);
    CHECK(stats.busy <= stats.knocks / 20);
    CHECK(network.run_until([&] { return a.sees(b); }, 180s));
}
