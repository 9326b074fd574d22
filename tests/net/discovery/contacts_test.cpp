// SPDX-License-Identifier: MIT
//
// Contacts: found in any team, and by tags when somebody does not announce.
#include "tests/net/discovery/world.hpp"

using namespace kith;
using namespace kith::test;
using sim::SimNetwork;
using sim::SimSegment;

namespace {

struct Pair {
    SimNetwork network{sim_seed()};
    SimSegment segment{network, {10, 0, 1}};
    Instance alice{network, 1};
    Instance bob{network, 2};
    Instance stranger{network, 3};

    Pair() {
        alice.station.plug(segment, 2, 1);
        bob.station.plug(segment, 2, 2);
        stranger.station.plug(segment, 2, 3);
    }
    void start() {
        alice.start();
        bob.start();
        stranger.start();
    }
    [[nodiscard]] bool found() const { return alice.is_near(bob) && bob.is_near(alice); }
};

const SocketAddress bob_v4{{10, 0, 1, 2}, 4002, 0};

}  // namespace

TEST_CASE("contacts: near, and no strangers in the list") {
    KITH_SHOW_SEED();
    Pair lan;
    befriend(lan.alice, lan.bob);
    lan.start();
    CHECK(lan.network.run_until([&] { return lan.found(); }, 2s));
    lan.network.run_for(3s);
    CHECK(lan.alice.knowledge.people.size() == 1);
    CHECK(lan.alice.sees(lan.stranger));
    const auto& addresses = lan.alice.knowledge.contacts.at(lan.bob.peer);
    REQUIRE(addresses.size() == 2);
    CHECK(addresses[0] == bob_v4);
    const int told = lan.alice.knowledge.near_told;
    lan.network.run_for(40s);
    CHECK(lan.alice.knowledge.near_told >= told + 8);  // repeated, but not for every copy
    CHECK(lan.alice.knowledge.near_told <= told + 14);
    lan.bob.stop();
    lan.network.run_for(10ms);
    CHECK_FALSE(lan.alice.is_near(lan.bob));
}

TEST_CASE("contacts: somebody in the list becomes a contact, and is one no more") {
    KITH_SHOW_SEED();
    Pair lan;
    lan.start();
    lan.network.run_for(2s);
    REQUIRE(lan.alice.sees(lan.bob));
    befriend(lan.alice, lan.bob);
    CHECK_FALSE(lan.alice.sees(lan.bob));
    CHECK(lan.alice.is_near(lan.bob));
    lan.alice.change([](net::Discovery& discovery) { discovery.set_contacts({}); });
    CHECK(lan.alice.sees(lan.bob));
    CHECK_FALSE(lan.alice.is_near(lan.bob));
    CHECK(lan.alice.consistent());
}

TEST_CASE("contacts: hidden ones find each other by tags, and nobody else finds them") {
    KITH_SHOW_SEED();
    Pair lan;
    befriend(lan.alice, lan.bob);
    lan.alice.discovery.set_visible(false);
    SECTION("both are hidden") { lan.bob.discovery.set_visible(false); }
    SECTION("one is hidden") {}
    SECTION("they are in different private teams") {
        lan.alice.discovery.set_visible(true);
        lan.alice.discovery.set_team(team_of(1));
        lan.bob.discovery.set_team(team_of(2));
    }
    SECTION("one hidden, the other in a private team") { lan.bob.discovery.set_team(team_of(2)); }
    SECTION("one in a private team, the other with everybody") {
        lan.alice.discovery.set_visible(true);
        lan.alice.discovery.set_team(team_of(1));
    }
    SECTION("with losses") {
        lan.bob.discovery.set_visible(false);
        lan.segment.loss = 0.2;
    }
    lan.start();
    CHECK(lan.network.run_until([&] { return lan.found(); }, 2s));
    lan.network.run_for(30s);
    CHECK(lan.found());
    CHECK(lan.alice.knowledge.contacts.at(lan.bob.peer).at(0) == bob_v4);
    CHECK_FALSE(lan.stranger.sees(lan.alice));
    CHECK(lan.stranger.knowledge.contacts.empty());
}

TEST_CASE("contacts: tags end when the two are in a session, and come back after it") {
    KITH_SHOW_SEED();
    Pair lan;
    befriend(lan.alice, lan.bob);
    lan.alice.discovery.set_visible(false);
    lan.bob.discovery.set_visible(false);
    lan.start();
    REQUIRE(lan.network.run_until([&] { return lan.found(); }, 2s));
    const auto wanted = [&](bool value) {
        lan.alice.change([&](net::Discovery& d) { d.set_wanted(lan.bob.peer, value); });
        lan.bob.change([&](net::Discovery& d) { d.set_wanted(lan.alice.peer, value); });
    };
    wanted(false);
    const auto sent = lan.alice.discovery.interfaces().at(0).sent;
    lan.network.run_for(300s);
    CHECK(lan.alice.discovery.interfaces().at(0).sent == sent);
    CHECK(lan.found());  // in a session they are silent by agreement
    const int told = lan.alice.knowledge.near_told;
    wanted(true);
    CHECK(lan.network.run_until([&] { return lan.alice.knowledge.near_told > told; }, 2s));
    lan.bob.stop();
    lan.network.run_for(60s);
    CHECK(lan.alice.is_near(lan.bob));
    lan.network.run_for(40s);
    CHECK_FALSE(lan.alice.is_near(lan.bob));
}

TEST_CASE("contacts: whose session ends long after their last tag keep their address for a while") {
    KITH_SHOW_SEED();
    Pair lan;
    befriend(lan.alice, lan.bob);
    lan.bob.discovery.set_visible(false);
    lan.start();
    REQUIRE(lan.network.run_until([&] { return lan.found(); }, 2s));
    lan.network.run_for(1s);  // by every way
    const auto wanted = [&](bool value) {
        lan.alice.change([&](net::Discovery& d) { d.set_wanted(lan.bob.peer, value); });
    };
    wanted(false);
    lan.bob.station.attach(nullptr);
    lan.network.run_for(300s);
    wanted(true);
    lan.stranger.stop();  // so that the list is gone through
    lan.network.run_for(60s);
    REQUIRE(lan.alice.is_near(lan.bob));
    const auto& addresses = lan.alice.knowledge.contacts.at(lan.bob.peer);
    REQUIRE_FALSE(addresses.empty());
    CHECK(addresses[0] == bob_v4);
    lan.network.run_for(31s);
    CHECK_FALSE(lan.alice.is_near(lan.bob));
}

TEST_CASE("contacts: more than fit into a datagram have their turn") {
    KITH_SHOW_SEED();
    SimNetwork network(sim_seed());
    SimSegment segment(network, {10, 0, 1});
    Instance hub(network, 0);
    hub.discovery.set_visible(false);
    hub.station.plug(segment, 2, 100);
    std::vector<std::unique_ptr<Instance>> friends;
    std::vector<net::DiscoveryContact> contacts;
    for (std::size_t i = 1; i <= 30; ++i) {
        friends.push_back(std::make_unique<Instance>(network, i));
        contacts.push_back(contact_of(hub, *friends.back()));
    }
    for (std::size_t i = 1000; i < 1200; ++i) {  // far away
        auto contact = contacts.front();
        contact.peer = fingerprint_of(i);
        contact.key[0] ^= static_cast<std::uint8_t>(i);
        contact.key[1] ^= 1;
        contacts.push_back(contact);
    }
    hub.discovery.set_contacts(contacts);
    for (const auto& one : friends) {
        one->discovery.set_visible(false);
        one->discovery.set_contacts({contact_of(*one, hub)});
        one->station.plug(segment, 2, static_cast<std::uint16_t>(one->self.tcp_port - 4000));
        one->start();
    }
    hub.start();
    const auto all_found = [&] {
        return std::ranges::all_of(friends, [&](const auto& one) { return one->is_near(hub); });
    };
    CHECK(network.run_until(all_found, 60s));
    // All of theirs at once are above the rate of checks: the turn of each comes.
    CHECK(network.run_until([&] { return hub.knowledge.contacts.size() == 30; }, 60s));
}

TEST_CASE("contacts: another key than theirs is not theirs") {
    KITH_SHOW_SEED();
    Pair lan;
    Instance liar(lan.network, 9);
    auto contact = contact_of(lan.alice, lan.bob);
    contact.signer = liar.signing.public_key();
    lan.alice.discovery.set_contacts({contact});
    lan.start();
    lan.network.run_for(5s);
    CHECK_FALSE(lan.alice.is_near(lan.bob));
    CHECK_FALSE(lan.alice.sees(lan.bob));
    CHECK(lan.alice.discovery.stats().forged > 0);
    lan.alice.change([&](net::Discovery& discovery) {
        discovery.set_signer(lan.bob.peer, lan.bob.signing.public_key());
    });
    CHECK(lan.network.run_until([&] { return lan.alice.is_near(lan.bob); }, 5s));
    lan.alice.change([&](net::Discovery& discovery) {
        discovery.set_signer(lan.bob.peer, liar.signing.public_key());
    });
    CHECK_FALSE(lan.alice.is_near(lan.bob));
}

TEST_CASE("contacts: a change of team does not lose them") {
    KITH_SHOW_SEED();
    Pair lan;
    befriend(lan.alice, lan.bob);
    lan.start();
    lan.network.run_for(3s);
    REQUIRE(lan.found());
    lan.alice.change([](net::Discovery& discovery) { discovery.set_team(team_of(1)); });
    CHECK(lan.alice.is_near(lan.bob));
    CHECK(lan.alice.knowledge.people.empty());
    lan.network.run_for(2s);
    CHECK(lan.found());  // alice by the announcement to everybody, bob by her tag
}
