// SPDX-License-Identifier: MIT
//
// Whole nodes in one simulated local network: strangers who are shown, contacts who are found.
#include <catch2/catch_test_macros.hpp>

#include "app/node/convert.hpp"
#include "tests/node/two_nodes.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith;
using namespace kith::test;
using model::Presence;

namespace {

/// Both in one local network, 192.0.2.0/24.
struct Lan {
    explicit Lan(std::uint64_t seed = 1)
        : network(seed),
          segment(network, {192, 0, 2}, /*ipv6=*/false),
          a(network, "alice", 1),
          b(network, "bob", 2) {
        a.join(segment);
        b.join(segment);
        a.start();
        b.start();
    }
    sim::SimNetwork network;
    sim::SimSegment segment;
    sim::SimNode a;
    sim::SimNode b;

    bool until(const std::function<bool()>& done, std::chrono::milliseconds limit = 120s) {
        return network.run_until(done, limit);
    }
    bool sees(sim::SimNode& who, sim::SimNode& whom) { return who.peer(whom).has_value(); }
    void become_contacts() {
        REQUIRE(sim::befriend(network, a, b));
        network.run_for(1s);
    }
};

crypto::TeamKey team_key(std::uint8_t number) {
    crypto::TeamKey key{};
    key.fill(number);
    return key;
}

void set_team(Lan& lan, sim::SimNode& node, std::optional<crypto::TeamKey> key) {
    bool stored = false;
    node.node().set_team(key, [&](const auto& done) { stored = done.has_value(); });
    REQUIRE(lan.until([&] { return stored; }));
}

}  // namespace

TEST_CASE("strangers in the local network are listed within two seconds, and never stored") {
    Lan lan;
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b) && lan.sees(lan.b, lan.a); }, 2s));
    const auto bob = lan.a.peer(lan.b).value();
    CHECK(bob.presence == Presence::discovered);
    CHECK(bob.name == "bob");
    CHECK(bob.nearby);
    CHECK_FALSE(bob.contact);
    CHECK(bob.address == "192.0.2.2:4711");
    CHECK(lan.a.node().resolve("bob").value() == lan.b.id());
    CHECK(lan.a.node().resolve(model::to_hex(lan.b.id()).substr(0, 8)).value() == lan.b.id());
    CHECK(code(lan.a.call(model::SendText{lan.b.id(), "hi", {}})) == "no_such_peer");
    const auto status =
        std::get<model::NetworkStatus>(lan.a.call(model::GetNetworkStatus{}).value());
    CHECK(status.discovery);
    CHECK(status.nearby == 1);
    lan.b.quit();
    REQUIRE(lan.until([&] { return !lan.sees(lan.a, lan.b); }, 2s));
    CHECK(lan.a.count<model::PeerRemoved>() == 1);
    lan.a.crash();
    lan.a.start();
    CHECK_FALSE(lan.sees(lan.a, lan.b));
}

TEST_CASE("somebody whose power was cut turns idle, then goes") {
    Lan lan;
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b); }));
    lan.b.crash(true);
    REQUIRE(lan.until([&] { return lan.a.presence(lan.b) == Presence::idle; }));
    REQUIRE(lan.until([&] { return !lan.sees(lan.a, lan.b); }));
}

TEST_CASE("one click asks somebody nearby to be a contact") {
    Lan lan;
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b); }));
    CHECK(code(lan.a.call(model::AddNearby{lan.a.id(), ""})) == "not_nearby");
    CHECK(code(lan.a.call(model::AddNearby{lan.b.id(), std::string(257, 'x')})) == "too_long");
    REQUIRE(lan.a.call(model::AddNearby{lan.b.id(), "hello"}));
    CHECK(lan.a.presence(lan.b) == Presence::pending_out);
    CHECK(lan.a.peer(lan.b)->name == "bob");
    CHECK(lan.a.peer(lan.b)->nearby);
    REQUIRE(lan.until([&] { return lan.b.presence(lan.a) == Presence::pending_in; }));
    REQUIRE(lan.b.call(model::AcceptRequest{lan.a.id()}));
    REQUIRE(lan.until([&] { return lan.a.presence(lan.b) == Presence::online; }));
    CHECK(lan.a.peer(lan.b)->contact);
    CHECK(lan.a.peer(lan.b)->address == "192.0.2.2:4711");
}

TEST_CASE("a removed contact is a stranger again; denied and blocked ones are not shown as near") {
    Lan lan;
    lan.become_contacts();
    REQUIRE(lan.until([&] { return lan.a.peer(lan.b)->nearby; }));
    REQUIRE(lan.a.call(model::RemoveContact{lan.b.id()}));
    REQUIRE(lan.until([&] { return lan.a.presence(lan.b) == Presence::discovered; }));
    REQUIRE(lan.a.call(model::BlockPeer{lan.b.id()}));
    CHECK(lan.a.presence(lan.b) == Presence::blocked);
    CHECK_FALSE(lan.a.peer(lan.b)->nearby);
    REQUIRE(lan.a.call(model::UnblockPeer{lan.b.id()}));
    CHECK(lan.a.presence(lan.b) == Presence::discovered);
}

TEST_CASE("a stranger who is only heard can be blocked") {
    Lan lan;
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b); }));
    REQUIRE(lan.a.call(model::BlockPeer{lan.b.id()}));
    CHECK(lan.a.presence(lan.b) == Presence::blocked);
    CHECK(lan.a.peer(lan.b)->name == "bob");
    CHECK(code(lan.a.call(model::AddNearby{lan.b.id(), ""})) == "blocked");
}

TEST_CASE("a request that was denied does not come back as somebody nearby") {
    Lan lan;
    REQUIRE(lan.until([&] { return lan.sees(lan.b, lan.a); }));
    REQUIRE(lan.a.call(model::AddNearby{lan.b.id(), ""}));
    REQUIRE(lan.until([&] { return lan.b.presence(lan.a) == Presence::pending_in; }));
    REQUIRE(lan.b.call(model::DenyRequest{lan.a.id()}));
    lan.network.run_for(30s);
    CHECK_FALSE(lan.sees(lan.b, lan.a));
}

TEST_CASE("whoever uses the name of somebody asked does not make us knock everywhere") {
    Lan lan;
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b); }));
    lan.b.crash(true);
    REQUIRE(lan.a.call(model::AddNearby{lan.b.id(), ""}));
    lan.network.run_for(60s);
    const auto before = lan.network.dials();
    const crypto::SigningKey mallory{crypto::Bytes(32, 7)};
    DeterministicRandom random(1);
    crypto::Beacon lie;
    lie.fingerprint.bytes = lan.b.id().bytes;
    lie.boot = 1;
    lie.tcp_port = 22;
    for (int i = 0; i < 1200; ++i) {  // for a minute: comes somewhere else, goes
        const net::SocketAddress from{
            {192, 0, 2, static_cast<std::uint8_t>(10 + i / 2 % 200)}, 9, 0};
        lie.kind = i % 2 == 0 ? crypto::BeaconKind::announcement : crypto::BeaconKind::goodbye;
        ++lie.sequence;
        lie.sent_at = lan.network.clock().wall().count();
        lan.segment.inject(from, seal_beacon(lie, crypto::local_team_key(), mallory, random));
        lan.network.run_for(50ms);
    }
    CHECK(lan.network.dials() - before < 100);
    // The one who was asked is found all the same.
    lan.network.run_for(10s);
    lan.b.start();
    REQUIRE(lan.until([&] { return lan.b.presence(lan.a) == Presence::pending_in; }));
}

TEST_CASE("names from the local network are made fit to be shown") {
    Lan lan;
    REQUIRE(lan.b.call(model::SetName{"evil\nname\x1b[2J"}));
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b); }));
    REQUIRE(lan.until([&] { return lan.a.peer(lan.b)->name == "evil name [2J"; }));
}

TEST_CASE("hidden people are not seen, and contacts still find each other") {
    Lan lan;
    lan.become_contacts();
    REQUIRE(lan.a.call(model::SetVisibility{false}));
    REQUIRE(lan.b.call(model::SetVisibility{false}));
    sim::SimNode carol(lan.network, "carol", 3);
    carol.join(lan.segment);
    carol.start();
    lan.network.run_for(10s);
    CHECK_FALSE(lan.sees(carol, lan.a));
    CHECK(lan.sees(lan.a, carol));
    // Neither knows the other's new address any more but by the tags.
    lan.a.crash(true);
    lan.b.crash(true);
    lan.network.run_for(90s);
    lan.a.start();
    lan.b.start();
    REQUIRE(lan.until([&] { return lan.a.presence(lan.b) == Presence::online; }));
    CHECK_FALSE(lan.sees(carol, lan.a));
    CHECK(std::get<model::Settings>(lan.a.call(model::GetSettings{}).value()).visible == false);
}

TEST_CASE("a private team sees its own people, also after a restart") {
    Lan lan;
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b); }));
    set_team(lan, lan.a, team_key(1));
    CHECK(lan.a.node().profile().private_team);
    REQUIRE(lan.until([&] { return !lan.sees(lan.a, lan.b) && !lan.sees(lan.b, lan.a); }));
    set_team(lan, lan.b, team_key(1));
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b) && lan.sees(lan.b, lan.a); }, 2s));
    lan.a.crash();
    lan.a.start();
    CHECK(lan.a.node().profile().private_team);
    REQUIRE(lan.until([&] { return lan.sees(lan.a, lan.b); }, 2s));
    set_team(lan, lan.b, std::nullopt);
    REQUIRE(lan.until([&] { return !lan.sees(lan.a, lan.b); }));
}

TEST_CASE("who announces a contact with another key is not believed") {
    Lan lan;
    lan.become_contacts();
    REQUIRE(lan.until([&] { return lan.a.peer(lan.b)->nearby; }));
    lan.b.crash(true);
    REQUIRE(lan.until([&] { return !lan.a.peer(lan.b)->nearby; }));
    crypto::Beacon forged;
    forged.fingerprint = node::fingerprint(lan.b.id());
    forged.tcp_port = 6666;
    forged.boot = ~std::uint64_t{0};
    forged.sent_at = lan.a.host().clock().wall().count();
    forged.interval_ms = 4000;
    const crypto::SigningKey other(crypto::Bytes(32, 7));
    const auto datagram =
        crypto::seal_beacon(forged, crypto::local_team_key(), other, lan.a.host().random());
    lan.segment.inject({{192, 0, 2, 66}, 47474, 0}, datagram);
    lan.network.run_for(5s);
    CHECK_FALSE(lan.a.peer(lan.b)->nearby);
    const auto dials = lan.a.host().dials;
    lan.network.run_for(1s);
    CHECK(lan.a.host().dials - dials < 10);
}

TEST_CASE("boots are counted, also when the clock was set back") {
    Lan lan;
    const auto first = lan.a.node().boot();
    lan.a.host().jump_wall_clock(-240h);
    lan.a.crash();
    lan.a.start();
    CHECK(lan.a.node().boot() > first);
}
