// SPDX-License-Identifier: MIT
//
// Sessions between endpoints of the simulated network: how they come up, carry messages and end.
#include <catch2/catch_test_macros.hpp>

#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using net::Ending;

TEST_CASE("two contacts find each other and talk") {
    sim::SimNetwork network(1);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 5s));

    const auto& here = alice.listener.up.at(bob.id());
    const auto& there = bob.listener.up.at(alice.id());
    CHECK(here.initiated_here);
    CHECK_FALSE(there.initiated_here);
    CHECK(there.admitted_as_contact);
    CHECK(there.remote == alice.host.address());
    CHECK_FALSE(here.agent.empty());
    constexpr auto all = net::feature_amendments | net::feature_files | net::feature_prekeys;
    CHECK(here.features == all);
    CHECK(there.features == all);

    CHECK(alice.endpoint().send(bob.id(), text_message("hello")));
    CHECK(bob.endpoint().send(alice.id(), net::Ack{{net::MessageId{7}}}));
    REQUIRE(network.run_until(
        [&] { return !alice.listener.messages.empty() && !bob.listener.messages.empty(); }, 1s));
    CHECK(std::get<net::Text>(bob.listener.messages.at(0).second).text == "hello");
    CHECK(std::get<net::Ack>(alice.listener.messages.at(0).second).ids.at(0)[0] == 7);
    CHECK(alice.endpoint().stats().handshakes_ok == 1);
    CHECK(bob.endpoint().stats().sessions == 1);
    CHECK(bob.endpoint().stats().bytes_in > 0);
}

TEST_CASE("messages keep their order, also across records and drains") {
    sim::SimNetwork network(2);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob); }, 5s));

    const std::string padding(20'000, 'x');
    int next = 0;
    const auto fill = [&](const net::Fingerprint&) {
        while (next < 300) {
            if (!alice.endpoint().send(bob.id(), text_message(std::to_string(next++) + padding)))
                return;
        }
    };
    alice.listener.when_drained = fill;
    fill(bob.id());
    CHECK(next < 300);  // 6 MB do not fit below session_backlog_high
    REQUIRE(network.run_until([&] { return bob.listener.messages.size() == 300; }, 60s));
    CHECK(alice.listener.drained > 1);
    for (int i = 0; i < 300; ++i) {
        const auto& text =
            std::get<net::Text>(bob.listener.messages[static_cast<std::size_t>(i)].second).text;
        REQUIRE(std::stoi(text) == i);
    }
    CHECK(alice.host.backlog_peak < net::limits::session_backlog_high + crypto::record_payload_max);
}

TEST_CASE("an idle session stays up, a silent one is lost") {
    sim::SimNetwork network(3);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 5s));
    network.run_for(10min);  // across a rekey, too
    CHECK(alice.listener.downs.empty());
    CHECK(bob.listener.downs.empty());

    network.set_partitioned(alice.host, bob.host, true);
    const auto start = network.clock().monotonic();
    REQUIRE(network.run_until([&] { return !alice.sees(bob) && !bob.sees(alice); }, 20s));
    CHECK(network.clock().monotonic() - start <= net::limits::silence_max + 100ms);
    CHECK(alice.listener.downs.at(0).second.reason == Ending::Reason::lost);

    network.set_partitioned(alice.host, bob.host, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 90s));
}

TEST_CASE("rekeys happen under traffic without losing a message") {
    sim::SimNetwork network(4);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, false, true);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 5s));
    for (int second = 0; second < 25 * 60; ++second) {
        alice.endpoint().send(bob.id(), text_message(std::to_string(second)));
        bob.endpoint().send(alice.id(), text_message(std::to_string(second)));
        network.run_for(1s);
    }
    CHECK(alice.listener.messages.size() == 25 * 60);
    CHECK(bob.listener.messages.size() == 25 * 60);
    CHECK(alice.listener.downs.empty());
}

TEST_CASE("disconnect says goodbye after what was sent, and does not dial again") {
    sim::SimNetwork network(5);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 5s));
    alice.endpoint().send(bob.id(), text_message("last words"));
    alice.endpoint().disconnect(bob.id(), net::GoodbyeReason::closing);
    REQUIRE(network.run_until([&] { return !bob.sees(alice); }, 1s));
    CHECK(bob.listener.messages.size() == 1);
    CHECK(bob.listener.downs.at(0).second.reason == Ending::Reason::peer_left);
    CHECK(alice.listener.downs.at(0).second.reason == Ending::Reason::closed_here);
    CHECK_FALSE(alice.endpoint().has_session(bob.id()));
    network.run_for(5min);
    CHECK_FALSE(alice.sees(bob));
    CHECK(network.links_between(alice.host, bob.host) == 0);

    alice.endpoint().connect(bob.id());
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 5s));
}

TEST_CASE("listeners may end sessions from inside their callbacks") {
    sim::SimNetwork network(6);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    bob.listener.when_message = [&](const net::Fingerprint& peer, const net::Message&) {
        bob.endpoint().send(peer, text_message("bye"));
        bob.endpoint().disconnect(peer, net::GoodbyeReason::closing);
        bob.endpoint().remove_route(peer);
        CHECK(bob.endpoint().has_session(peer));  // until the callback has returned
    };
    alice.listener.when_down = [&](const net::Fingerprint& peer) {
        alice.endpoint().remove_route(peer);
    };
    REQUIRE(network.run_until([&] { return alice.sees(bob); }, 5s));
    // Two in one record: the second one finds the session ended and is not delivered twice.
    alice.endpoint().send(bob.id(), text_message("1"));
    REQUIRE(network.run_until([&] { return !alice.sees(bob) && !bob.sees(alice); }, 2s));
    CHECK(alice.listener.messages.size() == 1);

    alice.listener.when_up = [&](const net::SessionInfo& session) {
        alice.endpoint().disconnect(session.peer, net::GoodbyeReason::closing);
    };
    alice.endpoint().set_route(invite_route(bob));
    alice.endpoint().connect(bob.id());
    network.run_for(5s);
    CHECK(alice.listener.up.empty());
    CHECK(bob.listener.up.empty());
}

TEST_CASE("shutting down tells everybody") {
    sim::SimNetwork network(7);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    Peer carol(network, "carol", 3);
    make_contacts(alice, bob, true, false);
    alice.endpoint().set_route(invite_route(carol));
    alice.endpoint().connect(carol.id());
    REQUIRE(network.run_until([&] { return alice.sees(bob) && alice.sees(carol); }, 5s));
    alice.endpoint().shut_down();
    REQUIRE(network.run_until([&] { return !bob.sees(alice) && !carol.sees(alice); }, 2s));
    CHECK(bob.listener.downs.at(0).second.reason == Ending::Reason::peer_left);
    network.run_for(3s);
    CHECK(alice.host.links() == 0);
    bob.endpoint().connect(alice.id());
    network.run_for(10s);
    CHECK_FALSE(bob.sees(alice));
}

TEST_CASE("a peer that does not read costs a bounded amount and is cut") {
    sim::SimNetwork network(8);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 5s));
    bob.endpoint().set_reading(alice.id(), false);  // but goes on to ping
    const std::string page(60'000, 'y');

    SECTION("well-behaved sender: waits, then gives up after the deadline") {
        while (alice.endpoint().send(bob.id(), text_message(page))) {
        }
        network.run_for(30s);
        CHECK(alice.sees(bob));
        REQUIRE(network.run_until([&] { return !alice.sees(bob); }, 90s));
        CHECK(alice.host.backlog_peak <=
              net::limits::session_backlog_high + crypto::record_payload_max);
    }
    SECTION("a sender that does not listen to send(): cut at the bound") {
        for (int i = 0; i < 400 && alice.sees(bob); ++i) {
            alice.endpoint().send(bob.id(), text_message(page));
            network.run_for(1ms);
        }
        CHECK_FALSE(alice.sees(bob));
        CHECK(alice.host.backlog_peak <=
              net::limits::session_backlog_max + crypto::record_payload_max);
    }
}

TEST_CASE("reading can be paused for as long as the node needs") {
    sim::SimNetwork network(9);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 5s));
    bob.endpoint().set_reading(alice.id(), false);
    alice.endpoint().send(bob.id(), text_message("wait"));
    network.run_for(40s);
    CHECK(bob.listener.messages.empty());
    CHECK(bob.sees(alice));
    CHECK(alice.sees(bob));
    bob.endpoint().set_reading(alice.id(), true);
    REQUIRE(network.run_until([&] { return bob.listener.messages.size() == 1; }, 1s));
}
