// SPDX-License-Identifier: MIT
//
// People who meet through a relay, all of them real programs.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/relay_program.hpp"

using namespace kith::e2e;
using namespace std::chrono_literals;

TEST_CASE("two meet through a relay, and go on directly when they can") {
    Relay relay;
    Instance alice("Alice"), bob(at(relay, "Bob"));
    wait_for_relay(bob);
    alice.ask({{"cmd", "add_contact"}, {"connection_id", relayed_id(bob)}, {"greeting", "hello"}});
    bob.wait_until("the request", [&] {
        return !bob.ask({{"cmd", "requests"}}).at("requests").empty();
    });
    CHECK(bob.peer(alice.fingerprint()).at("path") == "relay");
    bob.ask({{"cmd", "accept"}, {"peer", alice.fingerprint()}});
    wait_until_online(alice, bob);
    std::vector<std::string> said;
    for (int i = 0; i < 20; ++i)
        said.push_back(alice.say(bob.fingerprint(), "text " + std::to_string(i)));
    // Their cards tell them of each other's addresses on this machine.
    alice.wait_until(
        "the direct way", [&] { return alice.peer(bob.fingerprint()).at("path") == "direct"; },
        60s);
    for (int i = 20; i < 40; ++i)
        said.push_back(alice.say(bob.fingerprint(), "text " + std::to_string(i)));
    for (const auto& id : said)
        bob.wait_for_message(alice.fingerprint(), id, [](const Json&) { return true; });
    CHECK(bob.history(alice.fingerprint()).size() == said.size());
}

TEST_CASE("a relay that was killed is found again") {
    Relay relay;
    Instance alice("Alice"), bob(at(relay, "Bob"));
    wait_for_relay(bob);
    relay.restart();
    bob.wait_until("the relay to be gone or back", [&] {
        return bob.ask({{"cmd", "relays"}}).at("relays").at(0).at("state") == "online";
    });
    alice.ask({{"cmd", "add_contact"}, {"connection_id", relayed_id(bob)}});
    bob.wait_until(
        "the request",
        [&] {
            return !bob.ask({{"cmd", "requests"}}).at("requests").empty();
        },
        90s);
}

TEST_CASE("relays of one's own are added, kept and removed") {
    Relay relay;
    Instance alice("Alice");
    CHECK(alice.request({{"cmd", "add_relay"}, {"address", "kith-relay1nonsense"}}).at("code") ==
          "bad_relay_address");
    alice.ask({{"cmd", "add_relay"}, {"address", relay.address()}});
    wait_for_relay(alice);
    alice.restart();
    wait_for_relay(alice);
    const std::string address = alice.ask({{"cmd", "relays"}}).at("relays").at(0).at("address");
    CHECK(address == relay.address());
    alice.ask({{"cmd", "remove_relay"}, {"address", address}});
    CHECK(alice.ask({{"cmd", "relays"}}).at("relays").empty());
}
