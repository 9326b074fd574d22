// SPDX-License-Identifier: MIT
//
// Whole programs on several hosts of one network, one of them behind a router that translates
// addresses. Skipped, with the reason, where a machine has no network namespaces.
#include "tests/e2e/hosts.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <iostream>

#include "tests/e2e/conversation.hpp"

using namespace kith::e2e;

namespace {

std::string state_of(Instance& who, const std::string& whom) {
    const Json entry = who.peer(whom);
    return entry.is_object() ? entry.at("state").get<std::string>() : "unknown";
}

bool sees_nearby(Instance& who, Instance& whom) {
    const Json entry = who.peer(whom.fingerprint());
    return entry.is_object() && entry.at("nearby") == true;
}

void wait_until_nearby(Instance& who, Instance& whom) {
    who.wait_until("somebody nearby", [&] { return sees_nearby(who, whom); });
}

/// Of the datagrams heard, those that were of no use.
std::uint64_t ignored(Instance& who) {
    std::uint64_t all = 0;
    const Json status = who.ask({{"cmd", "network_status"}});
    for (const Json& interface : status.at("discovery"))
        all += interface.at("ignored").get<std::uint64_t>();
    return all;
}

/// With whom connections stand, as the host itself sees it.
std::string connections(const Hosts& hosts, const std::string& host) {
    return run("/usr/bin/env", {"ip", "netns", "exec", hosts.at(host).name(), "ss", "-Htn"}).out;
}

/// What the protocol promises for a lost connection, and what a loaded machine may take besides.
constexpr auto silence_max = 15s, slack = 2s;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void wait_until_lost(Instance& who, Instance& whom, Clock::time_point cut) {
    who.wait_until(
        "the loss to be seen within 15 s",
        [&] {
            const auto state = state_of(who, whom.fingerprint());
            return state != "online" && state != "idle";
        },
        cut + silence_max + slack - Clock::now());
}

}  // namespace

TEST_CASE("people on one segment appear, become contacts and chat") {
    const Hosts hosts({"alice", "bob"});
    REQUIRE_HOSTS(hosts);
    Instance alice(at(hosts.at("alice"), "Alice")), bob(at(hosts.at("bob"), "Bob"));
    wait_until_nearby(alice, bob);
    wait_until_nearby(bob, alice);
    CHECK(alice.peer(bob.fingerprint()).at("name") == "Bob");
    alice.ask({{"cmd", "add_contact"}, {"peer", "Bob"}, {"greeting", "hello"}});
    bob.wait_until("the request",
                   [&] { return state_of(bob, alice.fingerprint()) == "pending_in"; });
    bob.ask({{"cmd", "accept"}, {"peer", "Alice"}});
    wait_until_online(alice, bob);
    chat(alice, bob);
    CHECK(connections(hosts, "alice").find(hosts.address("bob")) != std::string::npos);
    CHECK(bob.quit() == 0);
    alice.wait_until("the goodbye", [&] { return !sees_nearby(alice, bob); });
}

TEST_CASE("somebody behind a router reaches those outside by their connection ID") {
    const Hosts hosts({"alice", "bob"}, {"carol"});
    REQUIRE_HOSTS(hosts);
    Instance alice(at(hosts.at("alice"), "Alice")), bob(at(hosts.at("bob"), "Bob")),
        carol(at(hosts.at("carol"), "Carol"));
    wait_until_nearby(alice, bob);
    befriend(carol, alice);
    chat(carol, alice);
    CHECK(alice.peer(carol.fingerprint()).at("path") == "direct");
    // The router stands between: she is seen with its address, and not heard in the segment.
    CHECK(connections(hosts, "alice").find(hosts.address("carol")) != std::string::npos);
    CHECK(connections(hosts, "alice").find("10.77.") == std::string::npos);
    CHECK(connections(hosts, "carol").find("10.77.0.2") != std::string::npos);
    CHECK_FALSE(sees_nearby(alice, carol));
    CHECK_FALSE(sees_nearby(carol, alice));
    // Whoever is started again behind it finds back, too.
    carol.restart();
    wait_until_online(carol, alice);
    chat(carol, alice);
}

TEST_CASE("a host that is cut off is missed, and comes back with all that was written") {
    const Cut how = GENERATE(Cut::cable, Cut::silent);
    const bool behind_router = GENERATE(false, true);
    using Names = std::vector<std::string>;
    const Hosts hosts(behind_router ? Names{"alice"} : Names{"alice", "bob"},
                      behind_router ? Names{"bob"} : Names{});
    REQUIRE_HOSTS(hosts);
    Instance alice(at(hosts.at("alice"), "Alice")), bob(at(hosts.at("bob"), "Bob"));
    befriend(bob, alice);
    Conversation conversation(alice, bob);
    conversation.write(3);
    conversation.check_arrived();

    const auto cut = Clock::now();
    hosts.cut("bob", how);
    conversation.write(5);  // while both believe they are connected
    wait_until_lost(alice, bob, cut);
    const auto alice_knew = seconds_since(cut);
    wait_until_lost(bob, alice, cut);
    const auto bob_knew = seconds_since(cut);
    conversation.write(5);

    const auto restored = Clock::now();
    hosts.restore("bob", how);
    wait_until_online(alice, bob);
    const auto back = seconds_since(restored);
    conversation.check_arrived();
    chat(alice, bob);
    std::cout << (how == Cut::cable ? "cable" : "silent") << (behind_router ? " of a router" : "")
              << ": lost after " << alice_knew << " s, " << bob_knew << " s; back after " << back
              << " s\n";
}

TEST_CASE("people of another team on the same segment are not seen") {
    const Hosts hosts({"alice", "bob", "dora", "emil"});
    REQUIRE_HOSTS(hosts);
    Instance alice(at(hosts.at("alice"), "Alice")), bob(at(hosts.at("bob"), "Bob"));
    Instance dora(at(hosts.at("dora"), "Dora")), emil(at(hosts.at("emil"), "Emil"));
    for (Instance* one : {&dora, &emil})
        one->ask({{"cmd", "set_team"}, {"passphrase", "of another team"}});
    // From the first word on: what came before the passphrase is gone.
    for (Instance* one : {&alice, &bob, &dora, &emil}) CHECK(one->quit() == 0);
    for (Instance* one : {&alice, &bob, &dora, &emil}) one->start();
    wait_until_nearby(alice, bob);
    wait_until_nearby(bob, alice);
    wait_until_nearby(dora, emil);
    wait_until_nearby(emil, dora);
    // All hear what the other team says, and have looked at it: two people send 24 in 2 s.
    for (Instance* one : {&alice, &bob, &dora, &emil})
        one->wait_until("datagrams of the others", [&] { return ignored(*one) >= 12; });
    for (Instance* insider : {&alice, &bob}) {
        for (Instance* outsider : {&dora, &emil}) {
            CHECK(insider->peer(outsider->fingerprint()).is_null());
            CHECK(outsider->peer(insider->fingerprint()).is_null());
        }
    }
    for (Instance* one : {&alice, &bob, &dora, &emil}) {
        CHECK(one->ask({{"cmd", "peers"}}).at("peers").size() == 1);
        CHECK(one->ask({{"cmd", "network_status"}}).at("nearby") == 1);
    }
    // It is the passphrase alone that keeps them apart.
    dora.ask({{"cmd", "set_team"}, {"passphrase", ""}});
    wait_until_nearby(alice, dora);
    wait_until_nearby(dora, bob);
    emil.wait_until("one less", [&] { return emil.peer(dora.fingerprint()).is_null(); });
}
