// SPDX-License-Identifier: MIT
//
// People who announce themselves: they appear, change, turn idle and go.
#include "tests/net/discovery/world.hpp"

using namespace kith;
using namespace kith::test;
using sim::SimNetwork;
using sim::SimSegment;

namespace {

struct Lan {
    SimNetwork network{sim_seed()};
    SimSegment segment{network, {10, 0, 1}};
    std::vector<std::unique_ptr<Instance>> all;

    Instance& add(std::size_t number, std::uint64_t boot = 1) {
        all.push_back(std::make_unique<Instance>(network, number, boot));
        all.back()->station.plug(segment, 2, static_cast<std::uint16_t>(number));
        all.back()->start();
        return *all.back();
    }
    [[nodiscard]] bool complete() const {
        return std::ranges::all_of(all, [&](const auto& instance) {
            return instance->knowledge.people.size() == all.size() - 1;
        });
    }
};

SocketAddress v4(std::uint8_t third, std::uint8_t host, std::uint16_t port) {
    return {{10, 0, third, host}, port, 0};
}

}  // namespace

TEST_CASE("discovery: two instances find each other at once") {
    KITH_SHOW_SEED();
    Lan lan;
    Instance& one = lan.add(1);
    Instance& two = lan.add(2);
    CHECK(lan.network.run_until([&] { return lan.complete(); }, 2s));
    const NearbyPerson& person = one.knowledge.people.at(two.peer);
    CHECK(person.name == "name 2");
    CHECK(person.token == crypto::InviteToken{2});
    CHECK_FALSE(person.idle);
    lan.network.run_for(10ms);
    // IPv4 first, then link-local IPv6 with our scope.
    const auto& addresses = one.knowledge.people.at(two.peer).addresses;
    REQUIRE(addresses.size() == 2);
    CHECK(addresses[0] == v4(1, 2, 4002));
    CHECK(addresses[1].address[0] == 0xFE);
    CHECK(addresses[1].port == 4002);
    CHECK(addresses[1].scope == 2);
    CHECK(one.discovery.stats().own > 0);
    CHECK(one.consistent());
}

TEST_CASE("discovery: the list is full within 2 s of start, although datagrams are lost") {
    KITH_SHOW_SEED();
    Lan lan;
    lan.segment.loss = 0.2;
    lan.segment.duplication = 0.1;
    lan.segment.delay_max = 30ms;
    for (std::size_t i = 1; i <= 10; ++i) {
        lan.add(i);
        lan.network.run_for(1500ms);
    }
    Instance& newcomer = lan.add(11);
    CHECK(lan.network.run_until([&] { return newcomer.knowledge.people.size() == 10; }, 2s));
    CHECK(lan.network.run_until([&] { return lan.complete(); }, 2s));
}

TEST_CASE("discovery: thirty that start together find each other within 2 s") {
    KITH_SHOW_SEED();
    Lan lan;
    lan.segment.loss = 0.05;
    for (std::size_t i = 1; i <= 30; ++i) lan.add(i);
    CHECK(lan.network.run_until([&] { return lan.complete(); }, 2s));
    lan.network.run_for(60s);
    CHECK(lan.complete());
    for (const auto& instance : lan.all) CHECK(instance->consistent());
}

TEST_CASE("discovery: who is silent turns idle and goes, by the interval of their own") {
    KITH_SHOW_SEED();
    Lan lan;
    Instance& one = lan.add(1);
    net::DiscoveryTiming slow;
    slow.interval = 20s;
    slow.quick = {0ms, 1ms, 2ms, 3ms};
    Instance two(lan.network, 2, 1, slow);
    two.station.plug(lan.segment, 2, 2);
    two.start();
    lan.network.run_for(500ms);
    REQUIRE(one.sees(two));
    two.station.attach(nullptr);  // a cable was pulled, a process killed
    lan.network.run_for(59s);
    CHECK_FALSE(one.knowledge.people.at(two.peer).idle);
    lan.network.run_for(2s);
    CHECK(one.knowledge.people.at(two.peer).idle);
    CHECK(one.consistent());
    lan.network.run_for(58s);
    CHECK(one.sees(two));
    lan.network.run_for(2s);
    CHECK_FALSE(one.sees(two));
    two.start();  // and comes back
    two.change([](net::Discovery& discovery) { discovery.network_changed(); });
    CHECK(lan.network.run_until([&] { return one.sees(two); }, 2s));
}

TEST_CASE("discovery: an idle person who is heard again is idle no more") {
    KITH_SHOW_SEED();
    Lan lan;
    Instance& one = lan.add(1);
    Instance& two = lan.add(2);
    lan.network.run_for(3s);
    lan.segment.loss = 1;
    CHECK(lan.network.run_until([&] { return one.knowledge.people.at(two.peer).idle; }, 17s));
    lan.segment.loss = 0;
    CHECK(lan.network.run_until([&] { return !one.knowledge.people.at(two.peer).idle; }, 5s));
}

TEST_CASE("discovery: a goodbye removes at once, and nothing that is late brings them back") {
    KITH_SHOW_SEED();
    Lan lan;
    lan.segment.delay_max = 50ms;
    Instance& one = lan.add(1);
    Instance& two = lan.add(2);
    REQUIRE(lan.network.run_until([&] { return one.sees(two); }, 2s));
    two.stop();  // between its quick announcements, which may be overtaken
    lan.network.run_for(51ms);
    CHECK_FALSE(one.sees(two));
    lan.network.run_for(20s);
    CHECK_FALSE(one.sees(two));
    const auto sent = two.discovery.interfaces().at(0).sent;
    (void)two.discovery.tick();
    CHECK(two.discovery.interfaces().at(0).sent == sent);
    lan.all.pop_back();
    Instance& again = lan.add(2, 2);
    CHECK(lan.network.run_until([&] { return one.sees(again); }, 1s));
}

TEST_CASE("discovery: a new name, port or token shows within a second") {
    KITH_SHOW_SEED();
    Lan lan;
    Instance& one = lan.add(1);
    Instance& two = lan.add(2);
    lan.network.run_for(10s);
    auto self = two.self;
    self.name = std::string(62, 'x') + "€uro";  // cut between characters
    self.tcp_port = 5000;
    self.token = {9};
    two.change([&](net::Discovery& discovery) { discovery.set_self(self); });
    lan.network.run_for(1s);
    const NearbyPerson& person = one.knowledge.people.at(two.peer);
    CHECK(person.name == std::string(62, 'x'));
    CHECK(person.token == crypto::InviteToken{9});
    REQUIRE(person.addresses.size() == 2);
    CHECK(person.addresses[0] == v4(1, 2, 5000));
    CHECK(person.addresses[1].port == 5000);
    const int told = one.knowledge.told;
    lan.network.run_for(60s);
    CHECK(one.knowledge.told == told);  // nothing new, nothing told
}

TEST_CASE("discovery: several instances at one address, also when only loopback is up") {
    KITH_SHOW_SEED();
    SimNetwork network(sim_seed());
    SimSegment segment(network, {10, 0, 1});
    SimSegment loopback = SimSegment::loopback(network);
    Instance one(network, 1);
    Instance two(network, 2);
    Instance other(network, 3);
    for (Instance* instance : {&one, &two}) {
        instance->station.plug(loopback, 1, 1);
        instance->start();
    }
    CHECK(network.run_until([&] { return one.sees(two) && two.sees(one); }, 2s));
    CHECK(one.knowledge.people.at(two.peer).addresses ==
          std::vector<SocketAddress>{{{127, 0, 0, 1}, 4002, 0}});
    one.station.plug(segment, 2, 7);  // the same machine in the network
    two.station.plug(segment, 2, 7);
    other.station.plug(segment, 5, 8);
    other.start();
    CHECK(network.run_until([&] { return other.sees(one) && other.sees(two); }, 2s));
    CHECK(network.run_until([&] { return one.sees(other) && two.sees(other); }, 2s));
    network.run_for(5s);
    const auto& addresses = one.knowledge.people.at(two.peer).addresses;
    REQUIRE(addresses.size() == 3);
    CHECK(addresses[0] == v4(1, 7, 4002));
    CHECK(addresses[2] == SocketAddress{{127, 0, 0, 1}, 4002, 0});  // last
}

TEST_CASE("discovery: addresses of one person are merged over interfaces, and go with them") {
    KITH_SHOW_SEED();
    SimNetwork network(sim_seed());
    SimSegment wire(network, {10, 0, 1});
    SimSegment air(network, {10, 0, 2}, false);
    Instance one(network, 1);
    Instance two(network, 2);
    for (Instance* instance : {&one, &two}) {
        const auto host = static_cast<std::uint16_t>(instance == &one ? 1 : 2);
        instance->station.plug(wire, 2, host);
        instance->station.plug(air, 3, host);
        instance->start();
    }
    network.run_for(3s);
    const auto addresses = [&] { return one.knowledge.people.at(two.peer).addresses; };
    REQUIRE(addresses().size() == 3);
    CHECK(addresses()[2].address[0] == 0xFE);
    CHECK(one.discovery.interfaces().size() == 2);
    CHECK(one.discovery.interfaces()[1].addresses == std::vector<std::string>{"10.0.2.1"});
    SECTION("our interface goes down") {
        one.station.unplug(2);
        CHECK(addresses() == std::vector<SocketAddress>{v4(2, 2, 4002)});
        one.station.unplug(3);
        CHECK(one.knowledge.people.empty());
        one.station.plug(air, 3, 1);
        CHECK(network.run_until([&] { return one.sees(two); }, 2s));
    }
    SECTION("theirs does: its addresses go when they have been silent") {
        two.station.unplug(2);
        network.run_for(30s);
        CHECK(addresses() == std::vector<SocketAddress>{v4(2, 2, 4002)});
        CHECK(one.sees(two));
    }
    SECTION("an interface that comes up is announced on at once") {
        two.station.unplug(2);
        network.run_for(30s);
        two.station.plug(wire, 2, 2);
        network.run_for(1s);
        CHECK(addresses().size() == 3);
    }
    CHECK(one.consistent());
}

TEST_CASE("discovery: what cannot be sent is said, and counted per interface") {
    KITH_SHOW_SEED();
    Lan lan;
    Instance& one = lan.add(1);
    Instance& two = lan.add(2);
    lan.network.run_for(2s);
    auto status = one.discovery.interfaces().at(0);
    CHECK(status.name == "eth2");
    CHECK(status.addresses.at(0) == "10.0.1.1");
    CHECK(status.problem.empty());
    CHECK(status.sent >= 12);
    CHECK(status.heard > 0);
    CHECK(status.heard == one.discovery.stats().heard);
    REQUIRE(status.last_heard_ago.has_value());
    CHECK(*status.last_heard_ago < 5s);
    one.station.problem = "Network is unreachable.";
    two.stop();
    lan.network.run_for(30s);
    status = one.discovery.interfaces().at(0);
    CHECK(status.problem == "Network is unreachable.");
    CHECK(status.last_heard_ago.value() > 28s);
    one.station.problem.clear();
    lan.network.run_for(10s);
    CHECK(one.discovery.interfaces().at(0).problem.empty());
}

TEST_CASE("discovery: a change of team empties the list, and the new team is found at once") {
    KITH_SHOW_SEED();
    Lan lan;
    Instance& one = lan.add(1);
    Instance& two = lan.add(2);
    Instance& three = lan.add(3);
    lan.network.run_for(3s);
    REQUIRE(lan.complete());
    one.change([](net::Discovery& discovery) { discovery.set_team(team_of(5)); });
    CHECK(one.knowledge.people.empty());
    lan.network.run_for(10ms);
    CHECK_FALSE(two.sees(one));  // by its goodbye
    CHECK(two.sees(three));
    lan.network.run_for(10s);
    CHECK(one.knowledge.people.empty());
    CHECK_FALSE(two.sees(one));
    two.change([](net::Discovery& discovery) { discovery.set_team(team_of(5)); });
    CHECK(lan.network.run_until([&] { return one.sees(two) && two.sees(one); }, 2s));
    CHECK(three.knowledge.people.empty());
    one.change([](net::Discovery& discovery) { discovery.set_team(std::nullopt); });
    CHECK(lan.network.run_until([&] { return three.sees(one) && one.sees(three); }, 2s));
}

TEST_CASE("discovery: whoever is invisible sees, and is not seen") {
    KITH_SHOW_SEED();
    Lan lan;
    Instance& one = lan.add(1);
    Instance& two = lan.add(2);
    lan.network.run_for(3s);
    const auto sent = [&] { return one.discovery.interfaces().at(0).sent; };
    one.change([](net::Discovery& discovery) { discovery.set_visible(false); });
    lan.network.run_for(10ms);
    CHECK_FALSE(two.sees(one));
    const auto before = sent();
    lan.network.run_for(60s);
    CHECK(sent() == before);  // not a word
    CHECK(one.sees(two));
    Instance& three = lan.add(3);  // a newcomer gets no answer from it
    lan.network.run_for(10s);
    CHECK_FALSE(three.sees(one));
    CHECK(sent() == before);
    one.change([](net::Discovery& discovery) { discovery.set_visible(true); });
    CHECK(lan.network.run_until([&] { return two.sees(one) && three.sees(one); }, 1s));
}

TEST_CASE("discovery: nothing is announced before there is a port") {
    KITH_SHOW_SEED();
    Lan lan;
    Instance& one = lan.add(1);
    Instance two(lan.network, 2);
    two.discovery.set_self({"two", {}, 0});
    two.station.plug(lan.segment, 2, 2);
    two.start();
    lan.network.run_for(20s);
    CHECK(two.discovery.interfaces().at(0).sent == 0);
    two.change([&](net::Discovery& discovery) { discovery.set_self(two.self); });
    CHECK(lan.network.run_until([&] { return one.sees(two); }, 1s));
}
