// SPDX-License-Identifier: MIT
//
// Two people behind routers, and a relay, on a simulated network: where the routers allow it, their
// session leaves the relay.
#include <catch2/catch_test_macros.hpp>

#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;
using Mapping = sim::SimNat::Mapping;

namespace {

struct Behind {
    Behind(Mapping of_a, Mapping of_b)
        : a(network, "alice", 1),
          b(network, "bob", 2),
          relay(network, sim::test_identity("carol"), 9),
          nat_a(1, of_a),
          nat_b(2, of_b) {
        relay.start_relay();
        a.host.behind = &nat_a;
        b.host.behind = &nat_b;
        b.host.relays().set_relays({relay.relay_address()});
        make_contacts(a, b, false, false);
        const bool waits =
            network.run_until([&] { return relay.relay().stats().clients == 1; }, 5s);
        if (!waits) throw std::runtime_error("no line to the relay");
    }
    void dial() {
        Route route = contact_route(b, 0xA0, 0xB0, true);
        const auto address = relay.relay_address();
        route.addresses.push_back({crypto::place_of(address), address.port, 0});
        a.endpoint().set_route(route);
    }
    bool meet() {
        dial();
        return network.run_until([&] { return a.sees(b) && b.sees(a); }, 30s);
    }
    [[nodiscard]] bool direct() const {
        const auto is = [](const Peer& one, const Peer& other) {
            return one.sees(other) && !one.listener.up.at(other.id()).relayed;
        };
        return is(a, b) && is(b, a);
    }

    sim::SimNetwork network{11};
    Peer a, b;
    sim::SimHost relay;
    sim::SimNat nat_a, nat_b;
};

}  // namespace

TEST_CASE("punch: routers that keep the port let both through") {
    Behind two(Mapping::independent, Mapping::independent);
    REQUIRE(two.meet());
    REQUIRE(two.a.listener.up.at(two.b.id()).relayed);
    REQUIRE(two.network.run_until([&] { return two.direct(); }, 15s));
    const auto& seen_by_a = two.a.listener.up.at(two.b.id());
    CHECK(seen_by_a.punched);
    CHECK(seen_by_a.remote.address == two.nat_b.address());
    CHECK(two.b.listener.up.at(two.a.id()).punched);
    CHECK(two.b.listener.up.at(two.a.id()).admitted_as_contact);
    CHECK(two.a.listener.downs.back().second.reason == Ending::Reason::replaced);
    CHECK(two.b.listener.downs.back().second.reason == Ending::Reason::replaced);
    two.network.run_for(120s);
    CHECK(two.direct());
    CHECK(two.a.listener.ups.size() == 2);
    CHECK(two.b.listener.ups.size() == 2);
    CHECK(two.relay.relay().stats().circuits == 0);
    // Nothing of it is told to the node.
    CHECK(two.a.listener.messages.empty());
    CHECK(two.b.listener.messages.empty());
}

TEST_CASE("punch: routers that refuse let both through when their packets cross") {
    Behind two(Mapping::independent, Mapping::independent);
    two.nat_a.refuses = two.nat_b.refuses = true;
    REQUIRE(two.meet());
    REQUIRE(two.network.run_until([&] { return two.direct(); }, 180s));
    CHECK(two.a.listener.up.at(two.b.id()).punched);
}

TEST_CASE("punch: a session that was punched and lost is made again") {
    Behind two(Mapping::independent, Mapping::independent);
    REQUIRE(two.meet());
    REQUIRE(two.network.run_until([&] { return two.direct(); }, 15s));
    two.network.cut(two.a.host, two.b.host);
    REQUIRE(two.network.run_until([&] { return !two.direct(); }, 5s));
    REQUIRE(two.network.run_until([&] { return two.direct(); }, 60s));
    CHECK(two.a.listener.up.at(two.b.id()).punched);
}

TEST_CASE("punch: with a router that gives every connection another port it stays at the relay") {
    const auto stays = [](Mapping of_a, Mapping of_b) {
        Behind two(of_a, of_b);
        REQUIRE(two.meet());
        const auto dials = two.a.host.dials + two.b.host.dials;
        two.network.run_for(30 * 60s);
        CHECK(two.a.listener.up.at(two.b.id()).relayed);
        CHECK(two.b.listener.up.at(two.a.id()).relayed);
        CHECK(two.a.listener.ups.size() == 1);
        // The four windows of both, and a's attempts at b's own address.
        CHECK(two.a.host.dials + two.b.host.dials - dials < 30);
        two.a.endpoint().send(two.b.id(), text_message("still here"));
        REQUIRE(two.network.run_until([&] { return two.b.listener.messages.size() == 1; }, 5s));
    };
    stays(Mapping::symmetric, Mapping::symmetric);
    stays(Mapping::symmetric, Mapping::independent);
    stays(Mapping::independent, Mapping::symmetric);
}

TEST_CASE("punch: nothing is offered to a stranger, and none is answered") {
    Behind two(Mapping::independent, Mapping::independent);
    two.b.endpoint().remove_route(two.a.id());
    Route route = invite_route(two.b);
    const auto address = two.relay.relay_address();
    route.addresses = {{crypto::place_of(address), address.port, 0}};
    two.a.endpoint().set_route(route);
    two.a.endpoint().connect(two.b.id());
    REQUIRE(two.network.run_until([&] { return two.a.sees(two.b) && two.b.sees(two.a); }, 30s));
    const auto dials = two.b.host.dials;
    two.network.run_for(50s);
    CHECK(two.b.host.dials == dials);
    CHECK(two.b.listener.up.at(two.a.id()).relayed);
}

TEST_CASE("punch: a run gets no connection of its own through a hole") {
    Behind two(Mapping::independent, Mapping::independent);
    REQUIRE(two.meet());
    REQUIRE(two.network.run_until([&] { return two.direct(); }, 15s));
    const auto dials = two.a.host.dials;
    const RunId run{1};
    two.a.endpoint().open_bulk(two.b.id(), run);
    two.network.run_for(100ms);
    REQUIRE(two.a.listener.bulk_failures.size() == 1);
    CHECK(two.a.listener.bulk_failures[0].second == Ending::Reason::unreachable);
    CHECK(two.a.host.dials == dials);
}
