// SPDX-License-Identifier: MIT
//
// Programs on one machine that find each other over loopback, each test on a UDP port of its own.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

/// Nothing else listens there; another for every test, so that what is left of one disturbs none.
std::uint16_t next_port() {
    static std::uint16_t port = 52'100;
    return ++port;
}

Instance::Options near(std::string name, std::uint16_t port) {
    Instance::Options options;
    options.name = std::move(name);
    options.discovery_port = port;
    return options;
}

std::string state_of(Instance& who, Instance& whom) {
    const Json entry = who.peer(whom.fingerprint());
    return entry.is_object() ? entry.at("state").get<std::string>() : "unknown";
}

void wait_for_state(Instance& who, Instance& whom, const std::string& state) {
    who.wait_until("the state " + state, [&] { return state_of(who, whom) == state; });
}

std::string address_of(Instance& who) {
    return who.ask({{"cmd", "whoami"}}).at("addresses").at(0).get<std::string>();
}

}  // namespace

TEST_CASE("three programs see each other, and one that ends goes away") {
    const auto port = next_port();
    Instance alice(near("Alice", port)), bob(near("Bob", port)), carol(near("Carol", port));
    for (auto* who : {&alice, &bob, &carol}) {
        for (auto* whom : {&alice, &bob, &carol}) {
            if (who != whom) wait_for_state(*who, *whom, "discovered");
        }
    }
    const Json seen = alice.peer(bob.fingerprint());
    CHECK(seen.at("name") == "Bob");
    CHECK(seen.at("contact") == false);
    CHECK(seen.at("nearby") == true);
    CHECK(seen.at("address") == address_of(bob));
    const Json status = alice.ask({{"cmd", "network_status"}});
    CHECK(status.at("discovery_on") == true);
    CHECK(status.at("nearby") == 2);
    CHECK_FALSE(status.at("discovery").empty());
    CHECK(carol.quit() == 0);
    alice.wait_until("the goodbye", [&] { return alice.peer(carol.fingerprint()).is_null(); });
}

TEST_CASE("the addresses that are shown are those of the connection ID, the public one included") {
    Instance alice("Alice");
    const std::string forwarded = "203.0.113.5:4711";
    alice.ask({{"cmd", "set_settings"}, {"public_address", forwarded}});
    for (const char* command : {"whoami", "network_status"}) {
        alice.wait_until("the public address instead of loopback", [&] {
            return alice.ask({{"cmd", command}}).at("addresses") == Json::array({forwarded});
        });
    }
}

TEST_CASE("somebody nearby is asked by name and becomes a contact") {
    const auto port = next_port();
    Instance alice(near("Alice", port)), bob(near("Bob", port));
    wait_for_state(alice, bob, "discovered");
    CHECK(alice.ask({{"cmd", "add_contact"}, {"peer", "Bob"}, {"greeting", "hi"}}).at("peer") ==
          bob.fingerprint());
    wait_for_state(bob, alice, "pending_in");
    bob.ask({{"cmd", "accept"}, {"peer", "Alice"}});
    wait_until_online(alice, bob);
    bob.ask({{"cmd", "set_status"}, {"text", "at lunch"}});
    bob.ask({{"cmd", "set_activity"}, {"active", false}});
    alice.wait_until("the status", [&] {
        const Json seen = alice.peer(bob.fingerprint());
        return seen.at("status") == "at lunch" && seen.at("state") == "idle";
    });
    bob.kill();
    alice.wait_until("the loss", [&] {
        const Json seen = alice.peer(bob.fingerprint());
        return seen.at("state") != "idle" && seen.at("status") == "";
    });
}

TEST_CASE("hidden contacts find each other at new ports, and nobody else sees them") {
    const auto port = next_port();
    Instance alice(near("Alice", port)), bob(near("Bob", port)), carol(near("Carol", port));
    befriend(alice, bob);
    alice.ask({{"cmd", "set_visibility"}, {"visible", false}});
    bob.ask({{"cmd", "set_visibility"}, {"visible", false}});
    carol.wait_until("both hidden", [&] {
        return carol.peer(alice.fingerprint()).is_null() && carol.peer(bob.fingerprint()).is_null();
    });
    const std::string before = address_of(bob);
    alice.quit();
    bob.quit();
    bob.start_with({"--port", "0"});
    alice.start_with({"--port", "0"});
    CHECK(address_of(bob) != before);
    wait_until_online(alice, bob);
    CHECK(carol.peer(alice.fingerprint()).is_null());
    CHECK(carol.peer(bob.fingerprint()).is_null());
    CHECK(alice.ask({{"cmd", "whoami"}}).at("visible") == false);
}

TEST_CASE("a team sees its own people and no others") {
    const auto port = next_port();
    Instance alice(near("Alice", port)), bob(near("Bob", port)), carol(near("Carol", port));
    wait_for_state(carol, alice, "discovered");
    alice.ask({{"cmd", "set_team"}, {"passphrase", "correct horse"}});
    bob.ask({{"cmd", "set_team"}, {"passphrase", "correct horse"}});
    wait_for_state(alice, bob, "discovered");
    wait_for_state(bob, alice, "discovered");
    carol.wait_until("both gone", [&] {
        return carol.peer(alice.fingerprint()).is_null() && carol.peer(bob.fingerprint()).is_null();
    });
    CHECK(alice.peer(carol.fingerprint()).is_null());
    alice.restart();
    CHECK(alice.ask({{"cmd", "whoami"}}).at("private_team") == true);
    wait_for_state(alice, bob, "discovered");
    alice.ask({{"cmd", "set_team"}, {"passphrase", ""}});
    wait_for_state(alice, carol, "discovered");
}

TEST_CASE("somebody is asked by address, and added with the right fingerprint alone") {
    Instance alice("Alice"), bob("Bob");
    const std::string address = address_of(bob);
    const Json met = alice.ask({{"cmd", "connect"}, {"address", address}});
    CHECK(met.at("peer") == bob.fingerprint());
    CHECK(met.at("name") == "Bob");
    CHECK(met.at("added") == false);
    CHECK(alice.peer(bob.fingerprint()).is_null());
    const Json wrong = alice.request(
        {{"cmd", "connect"}, {"address", address}, {"fingerprint", std::string(64, 'a')}});
    CHECK(wrong.at("code") == "wrong_fingerprint");
    CHECK(alice.ask({{"cmd", "connect"}, {"address", address}, {"fingerprint", bob.fingerprint()}})
              .at("added") == true);
    wait_for_state(bob, alice, "pending_in");
    CHECK(alice.request({{"cmd", "connect"}, {"address", address_of(alice)}}).at("code") ==
          "own_id");
    CHECK(alice.request({{"cmd", "connect"}, {"address", "127.0.0.1"}}).at("code") ==
          "bad_address");
    bob.ask({{"cmd", "set_visibility"}, {"visible", false}});
    CHECK(alice.request({{"cmd", "connect"}, {"address", address}}).at("code") == "no_answer");
    bob.quit();
    CHECK(alice.request({{"cmd", "connect"}, {"address", address}}).at("code") == "unreachable");
}

TEST_CASE("the command line knows of the local network") {
    const auto port = next_port();
    Instance alice(near("Alice", port)), bob(near("Bob", port));
    wait_for_state(alice, bob, "discovered");
    const auto kith = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"--profile-dir", alice.profile().string()});
        return run(kith_program(), words);
    };
    CHECK(kith({"nearby"}).out.find(bob.fingerprint() + "  Bob") != std::string::npos);
    CHECK(kith({"network"}).out.find("this computer only") != std::string::npos);
    const auto code = kith({"id", "--qr"}).out;
    CHECK(code.find("█") != std::string::npos);
    CHECK(code.find(alice.connection_id()) != std::string::npos);
    CHECK(kith({"status", "here"}).code == 0);
    CHECK(kith({"visible", "off"}).code == 0);
    CHECK(kith({"visible", "perhaps"}).code == 2);
    CHECK(kith({"add", "Bob"}).code == 0);
    wait_for_state(bob, alice, "pending_in");
    CHECK(kith({"connect", address_of(bob)}).out.find(bob.fingerprint()) != std::string::npos);
    CHECK(kith({"connect", "nowhere"}).code == 1);
    CHECK(alice.ask({{"cmd", "whoami"}}).at("status") == "here");
}
