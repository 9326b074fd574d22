// SPDX-License-Identifier: MIT
//
// Two people behind routers, and a relay: real programs, real routers of the kernel's.
#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/e2e/hosts.hpp"

using namespace kith::e2e;
using kith::test::Namespace;

namespace {

/// How routers give ports to what goes out; what nobody asked for is dropped.
const std::string keeping = "masquerade", changing = "masquerade fully-random";

Finished at_router(const Namespace& router, const std::string& command) {
    return run("/bin/sh", {"-c", "exec ip netns exec " + router.name() + " " + command});
}

/// True: from now on the router behaves like this.
bool set_rules(const Namespace& router, const std::string& ports) {
    const TemporaryFolder folder;
    const auto file = (folder.path() / "rules").string();
    std::ofstream(file) << "flush ruleset\n"
                           "table ip kith {\n"
                           "  counter unasked { }\n"
                           "  chain out {\n"
                           "    type nat hook postrouting priority 100\n"
                           "    oifname cable "
                        << ports
                        << "\n"
                           "  }\n"
                           "  chain in {\n"
                           "    type filter hook input priority 0\n"
                           "    iifname cable tcp flags & (syn | ack) == syn counter name unasked\n"
                           "    iifname cable ct state established,related accept\n"
                           "    iifname cable meta l4proto tcp drop\n"
                           "  }\n"
                           "  chain through {\n"
                           "    type filter hook forward priority 0\n"
                           "    iifname cable ct state established,related accept\n"
                           "    iifname cable drop\n"
                           "  }\n"
                           "}\n";
    return at_router(router, "nft -f " + file).code == 0;
}

/// Whether somebody from outside knocked in vain.
bool has_turned_away(const Namespace& router) {
    const auto listed = at_router(router, "nft list counter ip kith unasked").out;
    return listed.find("packets ") != std::string::npos &&
           listed.find("packets 0 ") == std::string::npos;
}

/// Two houses with a router each, and a relay that both reach.
class Town {
public:
    explicit Town(const std::string& ports) : hosts({"server"}, {"alice", "bob"}) {
        REQUIRE_HOSTS(hosts);
        for (const char* house : {"alice", "bob"})
            REQUIRE(set_rules(hosts.router_of(house), ports));
    }
    Hosts hosts;
};

/// Both are contacts, and online through the relay.
struct People {
    explicit People(const Hosts& hosts)
        : relay(started(hosts.at("server").name(), KITH_RELAY_PROGRAM,
                        {"--listen", hosts.address("server") + ":0", "--data",
                         (folder.path() / "relay").string()},
                        folder.path() / "stderr")),
          relay_address(Json::parse(relay->read_line().value()).at("address")),
          alice(with_relay(at(hosts.at("alice"), "Alice"))),
          bob(with_relay(at(hosts.at("bob"), "Bob"))) {
        for (Instance* who : {&alice, &bob}) {
            who->wait_until("the relay", [&] {
                return who->ask({{"cmd", "relays"}}).at("relays").at(0).at("state") == "online";
            });
        }
        befriend(alice, bob);
    }
    [[nodiscard]] std::string path() {
        const std::string of_alice = alice.peer(bob.fingerprint()).at("path");
        return of_alice == bob.peer(alice.fingerprint()).at("path") ? of_alice : "changing";
    }
    /// Both write a few texts each, and have those of the other one in the end.
    void talk() {
        std::string last_of_alice, last_of_bob;
        for (int i = 0; i < 10; ++i) {
            const auto text = std::to_string(said++);
            last_of_alice = alice.say(bob.fingerprint(), text);
            last_of_bob = bob.say(alice.fingerprint(), text);
        }
        bob.wait_for_message(alice.fingerprint(), last_of_alice, [](const Json&) { return true; });
        alice.wait_for_message(bob.fingerprint(), last_of_bob, [](const Json&) { return true; });
    }
    /// All that was said has come, once, in its order.
    void check_all_heard() {
        std::vector<std::string> all;
        for (int i = 0; i < said; ++i) all.push_back(std::to_string(i));
        CHECK(heard(bob, alice) == all);
        CHECK(heard(alice, bob) == all);
    }

    TemporaryFolder folder;
    std::unique_ptr<Process> relay;
    std::string relay_address;
    Instance alice, bob;
    int said = 0;

private:
    [[nodiscard]] Instance::Options with_relay(Instance::Options options) const {
        options.more = {"--relay", relay_address};
        return options;
    }
    static std::vector<std::string> heard(Instance& at, Instance& from) {
        std::vector<std::string> texts;
        for (const Json& m : at.history(from.fingerprint())) {
            if (m.at("from") == from.fingerprint()) texts.push_back(m.at("text"));
        }
        return texts;
    }
};

}  // namespace

TEST_CASE("behind routers that keep ports two leave the relay, and nothing is lost") {
    Town town(keeping);
    People two(town.hosts);
    const auto deadline = Clock::now() + patience;
    while (two.path() != "direct" && Clock::now() < deadline) two.talk();
    REQUIRE(two.path() == "direct");
    for (int i = 0; i < 3; ++i) two.talk();
    two.check_all_heard();
    const std::string bob_is = two.alice.peer(two.bob.fingerprint()).at("address");
    CHECK(bob_is.starts_with(town.hosts.address("bob") + ":"));
    const std::string alice_is = two.bob.peer(two.alice.fingerprint()).at("address");
    CHECK(alice_is.starts_with(town.hosts.address("alice") + ":"));
}

TEST_CASE("behind routers that change ports two stay at the relay and go on") {
    Town town(changing);
    People two(town.hosts);
    const auto knocked = [&] {
        return has_turned_away(town.hosts.router_of("alice")) &&
               has_turned_away(town.hosts.router_of("bob"));
    };
    const auto deadline = Clock::now() + patience;
    while (!knocked() && Clock::now() < deadline) two.talk();
    REQUIRE(knocked());
    for (int i = 0; i < 3; ++i) two.talk();
    CHECK(two.path() == "relay");
    two.check_all_heard();
}
