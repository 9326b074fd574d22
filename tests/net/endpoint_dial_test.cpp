// SPDX-License-Identifier: MIT
//
// How sessions come about when both sides dial, links break, addresses are wrong or peers restart.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using net::Ending;

namespace {

/// Exactly one session, the same one on both sides, and no link besides it.
void require_one_session(sim::SimNetwork& network, Peer& a, Peer& b) {
    REQUIRE(network.run_until([&] { return a.sees(b) && b.sees(a); }, 30s));
    network.run_for(5s);
    REQUIRE(a.sees(b));
    REQUIRE(b.sees(a));
    REQUIRE(a.listener.up.at(b.id()).initiated_here != b.listener.up.at(a.id()).initiated_here);
    REQUIRE(network.links_between(a.host, b.host) == 1);
    const auto before = a.listener.messages.size();
    REQUIRE(b.endpoint().send(a.id(), text_message("through the survivor")));
    REQUIRE(network.run_until([&] { return a.listener.messages.size() == before + 1; }, 1s));
}

}  // namespace

TEST_CASE("two that dial each other at once end with one session, the same on both sides") {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        sim::SimNetwork network(seed);
        network.set_latency(1ms, seed % 3 == 0 ? 2ms : 120ms);
        Peer alice(network, "alice", 1);
        Peer bob(network, "bob", 2);
        // Apart by up to what a handshake takes: every overlap of the two occurs.
        make_contacts(alice, bob, false, false);
        const auto skew = std::chrono::milliseconds(network.random()() % 400);
        alice.endpoint().connect(bob.id());
        network.run_for(skew);
        bob.endpoint().connect(alice.id());
        require_one_session(network, alice, bob);
    }
}

TEST_CASE("links that break again and again are made again") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CAPTURE(seed);
        sim::SimNetwork network(seed);
        Peer alice(network, "alice", 1);
        Peer bob(network, "bob", 2);
        make_contacts(alice, bob, true, true);
        for (int round = 0; round < 5; ++round) {
            require_one_session(network, alice, bob);
            const auto downs = alice.listener.downs.size() + bob.listener.downs.size();
            network.cut(alice.host, bob.host);
            REQUIRE(network.run_until(
                [&] {
                    return alice.listener.downs.size() + bob.listener.downs.size() == downs + 2;
                },
                100ms));
        }
        require_one_session(network, alice, bob);
    }
}

TEST_CASE("a peer that comes back from a power cut replaces its old session at once") {
    const bool the_dialler_crashes = GENERATE(true, false);
    const bool swapped = GENERATE(true, false);  // which of the two has the lower fingerprint
    CAPTURE(the_dialler_crashes, swapped);
    sim::SimNetwork network(3);
    Peer alice(network, swapped ? "bob" : "alice", 1);
    Peer bob(network, swapped ? "alice" : "bob", 2);
    make_contacts(alice, bob, true, false);
    require_one_session(network, alice, bob);

    Peer& crashed = the_dialler_crashes ? alice : bob;
    Peer& other = the_dialler_crashes ? bob : alice;
    crashed.host.crash(true);
    crashed.listener.up.clear();
    crashed.host.start(crashed.listener);
    crashed.endpoint().set_route(contact_route(other, the_dialler_crashes ? 0xA0 : 0xB0,
                                               the_dialler_crashes ? 0xB0 : 0xA0, true));
    REQUIRE(network.run_until([&] { return crashed.sees(other); }, 3s));
    require_one_session(network, alice, bob);
    CHECK(other.listener.downs.at(0).second.reason == Ending::Reason::replaced);
    CHECK(other.listener.ups.size() == 2);
}

TEST_CASE("attempts wait longer and longer, with jitter, until one succeeds") {
    sim::SimNetwork network(4);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    bob.host.listening = false;
    make_contacts(alice, bob, true, false);
    network.run_for(5min);
    const auto& failures = alice.listener.failures;
    CHECK(failures.size() >= 8);
    CHECK(failures.size() <= 16);
    for (const auto& failure : failures) CHECK(failure.ending.reason == Ending::Reason::refused);
    CHECK(failures.front().retry_in >= 500ms);
    CHECK(failures.front().retry_in <= 1s);
    CHECK(failures.back().retry_in >= 30s);
    CHECK(failures.back().retry_in <= 60s);
    CHECK(failures.front().ending.text.find("192.0.2.2:4711") != std::string::npos);

    bob.host.listening = true;
    REQUIRE(network.run_until([&] { return alice.sees(bob); }, 61s));
    network.run_for(30s);
    network.cut(alice.host, bob.host);
    const auto lost = network.clock().monotonic();
    REQUIRE(network.run_until([&] { return !alice.sees(bob); }, 1s));
    REQUIRE(network.run_until([&] { return alice.sees(bob); }, 5s));
    CHECK(network.clock().monotonic() - lost < 2s);
}

TEST_CASE("a change of the network ends the waiting") {
    sim::SimNetwork network(5);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    network.set_partitioned(alice.host, bob.host, true);
    make_contacts(alice, bob, true, false);
    network.run_for(10min);
    CHECK(alice.listener.failures.back().ending.reason == Ending::Reason::timed_out);
    network.set_partitioned(alice.host, bob.host, false);
    alice.endpoint().network_changed();
    REQUIRE(network.run_until([&] { return alice.sees(bob); }, 11s));
}

TEST_CASE("of several addresses the one that works is found quickly") {
    sim::SimNetwork network(6);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    Peer carol(network, "carol", 3);  // a stranger owns bob's old address now
    Peer mallory(network, "mallory", 4);
    network.set_partitioned(alice.host, mallory.host, true);  // an address that never answers
    auto route = contact_route(bob, 0xA0, 0xB0, true);
    bob.endpoint().set_route(contact_route(alice, 0xB0, 0xA0, false));
    route.addresses = {{{192, 0, 2, 77}, 4711, 0},
                       mallory.host.address(),
                       carol.host.address(),
                       bob.host.address()};
    const auto start = network.clock().monotonic();
    alice.endpoint().set_route(route);
    REQUIRE(network.run_until([&] { return alice.sees(bob); }, 5s));
    CHECK(network.clock().monotonic() - start < 1200ms);
    CHECK(alice.listener.failures.empty());
    CHECK(alice.listener.dialling.size() == 1);
    network.run_for(20s);
    CHECK(network.links_between(alice.host, carol.host) == 0);
    CHECK(carol.host.decryptions == 0);
}

TEST_CASE("why an attempt failed is told for people") {
    sim::SimNetwork network(7);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    auto route = invite_route(bob);
    std::string expected;
    Ending::Reason reason{};
    SECTION("out-of-date connection ID") {
        route.dial_token.at(0) ^= 1;
        reason = Ending::Reason::not_admitted;
        expected = "They did not let us in";
    }
    SECTION("somebody else at this address") {
        Peer carol(network, "carol", 3);
        route.addresses = {carol.host.address()};
        alice.endpoint().set_route(route);
        alice.endpoint().connect(bob.id());
        REQUIRE(network.run_until([&] { return !alice.listener.failures.empty(); }, 20s));
        CHECK(alice.listener.failures[0].ending.reason == Ending::Reason::not_admitted);
        CHECK(carol.host.decryptions == 0);
        return;
    }
    SECTION("no address") {
        route.addresses.clear();
        reason = Ending::Reason::no_addresses;
        expected = "No address of them is known";
    }
    SECTION("nobody listens") {
        bob.host.listening = false;
        reason = Ending::Reason::refused;
        expected = "Nobody is listening at 192.0.2.2:4711";
    }
    SECTION("no answer") {
        network.set_partitioned(alice.host, bob.host, true);
        reason = Ending::Reason::timed_out;
        expected = "Timed out: no answer from 192.0.2.2:4711";
    }
    alice.endpoint().set_route(route);
    alice.endpoint().connect(bob.id());
    REQUIRE(network.run_until([&] { return !alice.listener.failures.empty(); }, 20s));
    CHECK(alice.listener.failures[0].ending.reason == reason);
    CHECK(alice.listener.failures[0].ending.text.starts_with(expected));
    CHECK(alice.listener.failures[0].retry_in == 0ms);
    CHECK(bob.host.decryptions == 0);
}

TEST_CASE("blocked peers are turned away before anything is reported") {
    sim::SimNetwork network(8);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    bob.endpoint().set_blocked(alice.id(), true);
    SECTION("with the invite token") {
        alice.endpoint().set_route(invite_route(bob));
        alice.endpoint().connect(bob.id());
    }
    SECTION("with a contact's token: without an RSA operation") {
        make_contacts(alice, bob, true, false);
        network.run_for(3s);
        CHECK(bob.host.decryptions == 0);
    }
    network.run_for(20s);
    CHECK_FALSE(alice.sees(bob));
    CHECK(alice.listener.failures.at(0).ending.reason == Ending::Reason::not_admitted);
    CHECK(bob.listener.ups.empty());
    CHECK(bob.host.dials == 0);

    bob.endpoint().set_blocked(alice.id(), false);
    alice.endpoint().connect(bob.id());
    REQUIRE(network.run_until([&] { return bob.sees(alice); }, 5s));
}

TEST_CASE("a stranger is heard once, in small records, and not for ever") {
    sim::SimNetwork network(9);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    alice.endpoint().set_route(invite_route(bob));
    alice.endpoint().connect(bob.id());
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 5s));
    CHECK_FALSE(bob.listener.up.at(alice.id()).admitted_as_contact);

    SECTION("only the first contact request gets through") {
        alice.endpoint().send(bob.id(), text_message("spam"));
        alice.endpoint().send(bob.id(), net::ContactRequest{"Alice", "hi", {}, {}});
        alice.endpoint().send(bob.id(), net::ContactRequest{"Alice", "hi again", {}, {}});
        network.run_for(5s);
        REQUIRE(bob.listener.messages.size() == 1);
        CHECK(std::get<net::ContactRequest>(bob.listener.messages[0].second).greeting == "hi");
    }
    SECTION("a long record ends the session") {
        alice.endpoint().send(bob.id(), text_message(std::string(9000, 'x')));
        REQUIRE(network.run_until([&] { return !bob.sees(alice); }, 1s));
        CHECK(bob.listener.downs.at(0).second.reason == Ending::Reason::protocol_error);
    }
    SECTION("idle: goodbye after a minute") {
        network.run_for(50s);
        CHECK(bob.sees(alice));
        network.run_for(15s);
        CHECK_FALSE(bob.sees(alice));
        CHECK(alice.listener.downs.at(0).second.reason == Ending::Reason::peer_left);
    }
    SECTION("talkative: goodbye after a minute all the same") {
        for (int i = 0; i < 13; ++i) {
            alice.endpoint().send(bob.id(), net::Ack{{net::MessageId{7}}});
            network.run_for(5s);
        }
        CHECK_FALSE(bob.sees(alice));
        CHECK(alice.listener.downs.at(0).second.reason == Ending::Reason::peer_left);
    }
    SECTION("accepted: a contact like any other") {
        bob.endpoint().set_route(contact_route(alice, 0xB0, 0xA0, false));
        alice.endpoint().send(bob.id(), text_message(std::string(60'000, 'x')));
        REQUIRE(network.run_until([&] { return bob.listener.messages.size() == 1; }, 2s));
        network.run_for(5min);
        CHECK(bob.sees(alice));
    }
}

TEST_CASE("a changed route is dialled, an unchanged one is left alone") {
    sim::SimNetwork network(10);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    bob.host.listening = false;
    make_contacts(alice, bob, true, false);
    network.run_for(100s);
    const auto before = alice.host.dials;
    alice.endpoint().set_route(contact_route(bob, 0xA0, 0xB0, true));
    network.run_for(100ms);
    CHECK(alice.host.dials == before);
    auto moved = contact_route(bob, 0xA0, 0xB0, true);
    moved.addresses.push_back({{192, 0, 2, 50}, 1, 0});
    alice.endpoint().set_route(moved);
    network.run_for(100ms);
    CHECK(alice.host.dials > before);
    alice.endpoint().remove_route(bob.id());
    network.run_for(5s);
    const auto after = alice.host.dials;
    network.run_for(200s);
    CHECK(alice.host.dials == after);
}
