// SPDX-License-Identifier: MIT
//
// Two whole nodes behind routers: what they say to each other while their session leaves the relay.
#include <catch2/catch_test_macros.hpp>

#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;
using Mapping = sim::SimNat::Mapping;

namespace {

struct Routed {
    explicit Routed(Mapping mapping) : nat_a(1, mapping), nat_b(2, mapping) {
        relay.start_relay();
        a.host().behind = &nat_a;
        b.host().behind = &nat_b;
        for (sim::SimNode* node : {&a, &b}) {
            node->relays = {relay.relay_address()};
            node->start();
            node->host().relays().set_relays(node->relays);
        }
        const auto waits = [&] { return relay.relay().stats().clients == 2; };
        if (!network.run_until(waits, 10s) || !sim::befriend(network, a, b))
            throw std::runtime_error("they did not become contacts");
    }
    [[nodiscard]] model::PathKind path() {
        const auto of_a = a.peer(b)->path;
        return of_a == b.peer(a)->path ? of_a : model::PathKind::none;
    }
    void say(sim::SimNode& from, sim::SimNode& to, int number) {
        REQUIRE(from.call(model::SendText{to.id(), std::to_string(number), {}}));
        network.run_for(std::chrono::milliseconds(network.random()() % 20));
    }
    /// What `at` has of the other one, in its order.
    std::vector<std::string> heard(sim::SimNode& at, sim::SimNode& from) {
        std::vector<std::string> texts;
        for (const auto& message : at.conversation(from)) {
            if (!message.outgoing) texts.push_back(message.text);
        }
        return texts;
    }
    std::vector<std::string> numbers(int count) {
        std::vector<std::string> all;
        for (int i = 0; i < count; ++i) all.push_back(std::to_string(i));
        return all;
    }

    sim::SimNetwork network{5};
    sim::SimNode a{network, "alice", 1}, b{network, "bob", 2};
    sim::SimHost relay{network, sim::test_identity("carol"), 9};
    sim::SimNat nat_a, nat_b;
};

}  // namespace

TEST_CASE("the session leaves the relay, and nothing is lost, repeated or out of order") {
    Routed two(Mapping::independent);
    CHECK(two.path() == model::PathKind::relay);
    int said = 0;
    const auto speak = [&] {
        two.say(two.a, two.b, said);
        two.say(two.b, two.a, said);
        ++said;
    };
    while (said < 2'000 && two.path() != model::PathKind::direct) speak();
    REQUIRE(two.path() == model::PathKind::direct);
    REQUIRE(said > 20);
    for (int i = 0; i < 50; ++i) speak();
    const auto all = two.numbers(said);
    REQUIRE(two.network.run_until(
        [&] { return two.heard(two.b, two.a) == all && two.heard(two.a, two.b) == all; }, 10s));
    CHECK(two.relay.relay().stats().circuits == 0);
}

TEST_CASE("with routers that do not allow it they go on through the relay") {
    Routed two(Mapping::symmetric);
    two.network.run_for(120s);
    CHECK(two.path() == model::PathKind::relay);
    for (int i = 0; i < 20; ++i) two.say(two.a, two.b, i);
    REQUIRE(two.network.run_until([&] { return two.heard(two.b, two.a) == two.numbers(20); }, 10s));
    CHECK(two.path() == model::PathKind::relay);
}
