// SPDX-License-Identifier: MIT
//
// What is concluded from addresses, the router's answers and what contacts observe.
#include "app/node/reachability.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "app/node/addresses.hpp"
#include "tests/support/test_relays.hpp"

using namespace kith;
using crypto::Bytes;
using crypto::Candidate;
using crypto::CandidateKind;
using model::Outside;
using net::SocketAddress;
using node::assess;
using node::ReachFacts;

namespace {

SocketAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d,
                 std::uint16_t port = 4711) {
    return {{a, b, c, d}, port, 0};
}

SocketAddress v6(std::uint8_t last) {
    Bytes address{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};
    return {address, 4711, 0};
}

const SocketAddress home = v4(192, 168, 1, 7);
const Bytes router_outside{203, 0, 113, 5};

ReachFacts at_home() {
    ReachFacts facts;
    facts.listening = {v4(0, 0, 0, 0)};
    facts.own = {home};
    facts.port = 4711;
    return facts;
}

ReachFacts mapped(SocketAddress external) {
    auto facts = at_home();
    facts.mapping.state = net::MappingStatus::State::mapped;
    facts.mapping.mapping = net::Mapping{net::MappingProtocol::pcp, std::move(external), 4711,
                                         std::chrono::seconds(7200), "192.168.1.1"};
    return facts;
}

model::PeerId contact(std::uint8_t number) {
    model::PeerId id;
    id.bytes[0] = number;
    return id;
}

bool has(const std::vector<Candidate>& all, const SocketAddress& at) {
    return std::any_of(all.begin(), all.end(), [&](const Candidate& c) {
        return c.address == at.address && c.port == at.port;
    });
}

}  // namespace

TEST_CASE("a computer at home works in its local network") {
    const auto reach = assess(at_home());
    CHECK(reach.candidates == std::vector<Candidate>{{CandidateKind::lan, home.address, 4711}});
    CHECK(reach.outside == Outside::no);
    CHECK(reach.outside_text ==
          "Works in your local network. From outside only if your router forwards port 4711 to "
          "this computer.");
    CHECK(reach.mapping == "none");
    CHECK(reach.public_address.empty());
}

TEST_CASE("a mapped port is a candidate and works from anywhere") {
    const SocketAddress outside{router_outside, 51000, 0};
    const auto reach = assess(mapped(outside));
    REQUIRE(reach.candidates.size() == 2);
    CHECK(reach.candidates[0].kind == CandidateKind::lan);
    CHECK(reach.candidates[1] == Candidate{CandidateKind::mapped, router_outside, 51000});
    CHECK(reach.outside == Outside::yes);
    CHECK(reach.outside_text ==
          "Your router passes port 51000 on to this computer: your connection ID works from "
          "anywhere.");
    CHECK(reach.mapping == "pcp");
    REQUIRE(reach.mapped.size() == 1);
    CHECK(reach.mapped[0] ==
          model::PortMapping{"pcp", "203.0.113.5:51000", 4711, 7200, "192.168.1.1"});
    CHECK(reach.public_address == "203.0.113.5");
    CHECK(reach.public_address_from == "router");
}

TEST_CASE("a router behind a router is no way in") {
    auto facts = mapped(v4(10, 0, 0, 2));
    auto reach = assess(facts);
    CHECK(reach.outside == Outside::no);
    CHECK(reach.outside_text.find("10.0.0.2") != std::string::npos);
    CHECK(reach.candidates.size() == 1);
    CHECK(reach.public_address.empty());
    // Also when it says so and maps nothing.
    facts.mapping = {};
    facts.mapping.state = net::MappingStatus::State::failed;
    facts.mapping.public_address = Bytes{100, 64, 0, 9};
    reach = assess(facts);
    CHECK(reach.outside == Outside::no);
    CHECK(reach.outside_text.find("100.64.0.9") != std::string::npos);
}

TEST_CASE("what contacts observe completes a mapping whose address is unknown") {
    auto facts = mapped({{}, 51000, 0});
    CHECK(assess(facts).outside == Outside::unknown);
    CHECK(assess(facts).mapped[0].external == ":51000");
    facts.observed[contact(1)] = router_outside;
    const auto reach = assess(facts);
    CHECK(reach.outside == Outside::yes);
    CHECK(has(reach.candidates, {router_outside, 51000, 0}));
    CHECK(reach.public_address_from == "contacts");
}

TEST_CASE("an observed address is shown, believed when global, and no candidate of its own") {
    auto facts = at_home();
    facts.observed[contact(1)] = Bytes{10, 9, 8, 7};
    CHECK(assess(facts).public_address.empty());
    facts.observed[contact(2)] = router_outside;
    const auto reach = assess(facts);
    CHECK(reach.public_address == "203.0.113.5");
    CHECK(reach.public_address_from == "contacts");
    CHECK(reach.candidates.size() == 1);
    CHECK(reach.outside == Outside::no);
}

TEST_CASE("one contact who lies does not outvote two who do not") {
    auto facts = mapped({{}, 51000, 0});
    facts.observed[contact(1)] = Bytes{8, 8, 8, 8};
    facts.observed[contact(2)] = router_outside;
    facts.observed[contact(3)] = router_outside;
    CHECK(assess(facts).public_address == "203.0.113.5");
    CHECK_FALSE(has(assess(facts).candidates, v4(8, 8, 8, 8, 51000)));
}

TEST_CASE("an address set by hand is a candidate") {
    auto facts = at_home();
    facts.manual = "kith.example:9000";
    facts.manual_problem = "There is no such name.";
    CHECK(assess(facts).outside == Outside::unknown);
    CHECK(assess(facts).outside_text.find("no such name") != std::string::npos);
    facts.manual_problem.clear();
    facts.manual_found = {{router_outside, 9000, 0}};
    const auto reach = assess(facts);
    CHECK(reach.outside == Outside::yes);
    CHECK(reach.candidates[1] == Candidate{CandidateKind::mapped, router_outside, 9000});
    CHECK(reach.mapping == "manual");
    CHECK(reach.mapped[0].external == "kith.example:9000");
    CHECK(reach.public_address_from == "manual");
}

TEST_CASE("public addresses of the computer itself") {
    auto facts = at_home();
    facts.own = {home, v6(1)};
    CHECK(assess(facts).outside == Outside::unknown);  // IPv6, and firewalls are common
    CHECK(assess(facts).candidates.size() == 2);
    facts.own.push_back(v4(203, 0, 113, 80));
    const auto reach = assess(facts);
    CHECK(reach.outside == Outside::yes);
    CHECK(reach.public_address == "203.0.113.80");
    CHECK(reach.public_address_from == "interface");
    CHECK(reach.candidates[1].address == Bytes{203, 0, 113, 80});  // IPv6 behind it
}

TEST_CASE("a visitor from outside proves that it works") {
    auto facts = at_home();
    const auto visitor = v4(198, 51, 100, 4);
    CHECK(node::from_outside(visitor, facts));
    CHECK_FALSE(node::from_outside(v4(192, 168, 1, 9), facts));
    facts.observed[contact(1)] = visitor.address;  // our own router, which turned us round
    CHECK_FALSE(node::from_outside(visitor, facts));
    facts.own.push_back(v6(1));
    CHECK_FALSE(node::from_outside(v6(9), facts));  // a neighbour with a global address
    facts.visited = true;
    CHECK(assess(facts).outside == Outside::yes);
}

TEST_CASE("loopback is given out only when there is nothing else") {
    auto facts = at_home();
    facts.listening = facts.own = {v4(127, 0, 0, 1)};
    auto reach = assess(facts);
    REQUIRE(reach.candidates.size() == 1);
    CHECK(reach.candidates[0].kind == CandidateKind::loopback);
    CHECK(reach.outside == Outside::no);
    CHECK(reach.outside_text.find("this computer only") != std::string::npos);
    facts.listening = {v4(0, 0, 0, 0)};
    CHECK(assess(facts).outside_text.find("no network") != std::string::npos);
    facts.own.push_back(home);
    CHECK(assess(facts).candidates.size() == 1);
    CHECK(node::loopback_only({v4(127, 0, 0, 1)}));
    CHECK_FALSE(node::loopback_only({v4(0, 0, 0, 0)}));
}

TEST_CASE("many local addresses do not push out the way from outside") {
    auto facts = mapped({router_outside, 51000, 0});
    for (std::uint8_t i = 0; i < 30; ++i) facts.own.push_back(v4(10, 0, i, 1));
    facts.own.push_back(v6(1));
    const auto all = assess(facts).candidates;
    CHECK(all.size() <= crypto::candidates_max);
    CHECK(has(all, {router_outside, 51000, 0}));
    CHECK(has(all, v6(1)));
    CHECK(has(all, home));
    facts.own.clear();
    for (std::uint8_t i = 0; i < 30; ++i) facts.own.push_back(v4(203, 0, i, 1));
    CHECK(assess(facts).candidates.size() == crypto::candidates_max);
}

TEST_CASE("a stranger far away does not learn what the local network looks like") {
    const auto all = assess(mapped({router_outside, 51000, 0})).candidates;
    CHECK(node::candidates_for_stranger(all, v4(192, 168, 1, 9)) == all);
    CHECK(node::candidates_for_stranger(all, v4(198, 51, 100, 4)) ==
          std::vector<Candidate>{{CandidateKind::mapped, router_outside, 51000}});
}

TEST_CASE("relays come behind everything direct, which leaves them their places") {
    auto facts = at_home();
    facts.relays = {test::relay_candidate(1), test::relay_candidate(2)};
    auto reach = assess(facts);
    REQUIRE(reach.candidates.size() == 3);
    CHECK(reach.candidates[0].kind == CandidateKind::lan);
    CHECK(reach.candidates[2] == test::relay_candidate(2));
    for (std::uint8_t i = 1; i < 30; ++i) facts.own.push_back(v4(198, 51, 100, i));
    reach = assess(facts);
    REQUIRE(reach.candidates.size() == crypto::candidates_max);
    CHECK(reach.candidates[13].kind == CandidateKind::public_address);
    CHECK(reach.candidates[14] == test::relay_candidate(1));
}

TEST_CASE("through a relay that is online the connection ID works from anywhere") {
    auto facts = at_home();
    facts.relays = {test::relay_candidate(1)};
    CHECK(assess(facts).outside == Outside::no);
    facts.relay_online = "relay.example.org:4720";
    const auto reach = assess(facts);
    CHECK(reach.outside == Outside::yes);
    CHECK(reach.outside_text.find("through the relay relay.example.org:4720") != std::string::npos);
    auto direct = mapped({router_outside, 51000, 0});
    const auto text = assess(direct).outside_text;
    direct.relay_online = "relay.example.org:4720";
    CHECK(assess(direct).outside_text == text);
}

TEST_CASE("whoever comes through a relay may be anywhere, and was not seen to come in") {
    const SocketAddress through{test::relay_candidate(1).address, 4720, 0};
    const std::vector<Candidate> all{{CandidateKind::lan, home.address, 4711},
                                     {CandidateKind::mapped, router_outside, 51000},
                                     test::relay_candidate(1)};
    const auto told = node::candidates_for_stranger(all, through);
    CHECK(told == std::vector<Candidate>{all[1], all[2]});
    CHECK(node::candidates_for_stranger(all, home) == all);
    CHECK_FALSE(node::from_outside(through, at_home()));
}
