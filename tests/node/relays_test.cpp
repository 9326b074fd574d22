// SPDX-License-Identifier: MIT
//
// Relays of one's own: kept, told to others, and what a session through one means.
#include <catch2/catch_test_macros.hpp>

#include "tests/node/two_nodes.hpp"
#include "tests/support/test_relays.hpp"

using namespace kith;
using namespace kith::test;
using crypto::CandidateKind;
using model::RelayState;

namespace {

std::vector<model::Relay> relays_of(sim::SimNode& node) {
    return std::get<model::Relays>(node.call(model::ListRelays{}).value()).relays;
}

model::Reply add(sim::SimNode& node, std::uint8_t number) {
    return node.call(model::AddRelay{crypto::format(relay(number))});
}

void hear(sim::SimNode& node, std::uint8_t number, net::RelayState state, std::string error = {}) {
    node.node().on_relay({relay(number), state, std::move(error)});
}

/// The relays in a connection ID, by their number, in its order.
std::vector<int> told_by(sim::SimNode& node) {
    const auto id = crypto::parse_connection_id(node.connection_id());
    std::vector<int> numbers;
    for (const auto& candidate : id.value().candidates) {
        const auto at = crypto::relay_at(candidate.address, candidate.port);
        if (candidate.kind == CandidateKind::relay) numbers.push_back(at.value().relay.bytes[0]);
    }
    return numbers;
}

net::SessionInfo session_of(const sim::SimNode& peer, net::SocketAddress remote) {
    net::SessionInfo info;
    info.peer = {peer.id().bytes};
    info.remote = std::move(remote);
    return info;
}

/// a's session with b ends, and another stands that goes through a relay.
void go_through_relay(Friends& two, bool initiated_here) {
    const crypto::Fingerprint bob{two.b.id().bytes};
    two.a.node().on_session_down(bob, {net::Ending::Reason::replaced, ""});
    auto info = session_of(two.b, {crypto::place_of(relay(9)), relay(9).port, 0});
    info.initiated_here = initiated_here;
    two.a.node().on_session_up(info);
}

model::NetworkStatus status_of(sim::SimNode& node) {
    return std::get<model::NetworkStatus>(node.call(model::GetNetworkStatus{}).value());
}

}  // namespace

TEST_CASE("a relay that is added is used, listed, and there again after a restart") {
    Two two;
    const auto reply = add(two.a, 1);
    REQUIRE(reply);
    const auto& listed = std::get<model::Relays>(*reply).relays;
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].address == crypto::format(relay(1)));
    CHECK(listed[0].name == "relay.example.org:4720");
    CHECK(listed[0].state == RelayState::connecting);
    CHECK_FALSE(listed[0].this_run);
    CHECK(two.a.used_relays == std::vector{relay(1)});
    two.a.crash();
    two.a.used_relays.clear();
    two.a.start();
    CHECK(two.a.used_relays == std::vector{relay(1)});
    REQUIRE(two.a.call(model::RemoveRelay{"relay.example.org:4720"}));
    CHECK(two.a.used_relays.empty());
    CHECK(relays_of(two.a).empty());
    two.a.crash();
    two.a.start();
    CHECK(relays_of(two.a).empty());
}

TEST_CASE("relays of one run are used beside the others, and not kept unless added") {
    Two two;
    REQUIRE(add(two.a, 1));
    two.a.crash();
    two.a.relays = {relay(2), relay(3)};
    two.a.start();
    CHECK(two.a.used_relays == std::vector{relay(2), relay(3), relay(1)});
    CHECK(relays_of(two.a)[0].this_run);
    CHECK_FALSE(relays_of(two.a)[2].this_run);
    REQUIRE(add(two.a, 2));
    REQUIRE(two.a.call(model::RemoveRelay{crypto::format(relay(3))}));
    CHECK(two.a.used_relays == std::vector{relay(1), relay(2)});
    two.a.crash();
    two.a.relays.clear();
    two.a.start();
    CHECK(two.a.used_relays == std::vector{relay(1), relay(2)});
}

TEST_CASE("what is no relay's address is refused, as are five, and strangers to be removed") {
    Two two;
    for (const std::string& text :
         {std::string(), std::string(" \n"), std::string("relay.example.org:4720"),
          two.b.connection_id(), crypto::format(relay(1)).substr(0, 60)}) {
        INFO(text);
        CHECK(code(two.a.call(model::AddRelay{text})) == "bad_relay_address");
        CHECK(code(two.a.call(model::RemoveRelay{text})) == "bad_relay_address");
    }
    for (std::uint8_t number = 1; number <= 4; ++number) REQUIRE(add(two.a, number));
    CHECK(code(add(two.a, 5)) == "too_many");
    CHECK(code(add(two.a, 4)) == "ok");  // is there already
    CHECK(code(two.a.call(model::RemoveRelay{crypto::format(relay(5))})) == "no_such_relay");
    CHECK(relays_of(two.a).size() == 4);
}

TEST_CASE("the address of a relay in place of a connection ID is told to be one") {
    Two two;
    const auto reply = two.a.call(model::AddContact{" " + crypto::format(relay(1)), ""});
    REQUIRE(code(reply) == "bad_connection_id");
    CHECK(reply.error().text.find("relay") != std::string::npos);
}

TEST_CASE("a relay that has moved is the same one") {
    Two two;
    REQUIRE(add(two.a, 1));
    two.a.events.clear();
    REQUIRE(two.a.call(model::AddRelay{crypto::format(relay(1, "2001:db8::1"))}));
    REQUIRE(relays_of(two.a).size() == 1);
    CHECK(relays_of(two.a)[0].name == "[2001:db8::1]:4720");
    REQUIRE(events_of<model::RelayRemoved>(two.a).size() == 1);
    CHECK(events_of<model::RelayRemoved>(two.a)[0].address == crypto::format(relay(1)));
    CHECK(events_of<model::RelayChanged>(two.a).size() == 1);
}

TEST_CASE("two that are added at once are both kept") {
    Two two;
    std::size_t done = 0;
    for (std::uint8_t number = 1; number <= 2; ++number)
        two.a.send(model::AddRelay{crypto::format(relay(number))}, [&](const auto&) { ++done; });
    REQUIRE(two.until([&] { return done == 2; }));
    CHECK(two.a.used_relays == std::vector{relay(1), relay(2)});
}

TEST_CASE("a relay that could not be stored is not used") {
    Two two;
    two.a.fail_writes(true);
    CHECK(code(add(two.a, 1)) == "disk_full");
    CHECK(relays_of(two.a).empty());
    two.a.fail_writes(false);
    REQUIRE(add(two.a, 2));
    CHECK(two.a.used_relays == std::vector{relay(2)});
}

TEST_CASE("how a relay does is told, and is on the diagnosis page without its secret") {
    Two two;
    REQUIRE(add(two.a, 1));
    two.a.events.clear();
    hear(two.a, 1, net::RelayState::offline, "Nobody is listening there.");
    hear(two.a, 1, net::RelayState::offline, "Nobody is listening there.");
    hear(two.a, 7, net::RelayState::online);  // none of ours
    const auto told = events_of<model::RelayChanged>(two.a);
    REQUIRE(told.size() == 1);
    CHECK(told[0].relay.state == RelayState::offline);
    CHECK(told[0].relay.error == "Nobody is listening there.");
    const auto status = status_of(two.a);
    REQUIRE(status.relays.size() == 1);
    CHECK(status.last_errors[0].find("relay.example.org:4720: Nobody") != std::string::npos);
    hear(two.a, 1, net::RelayState::online);
    CHECK(relays_of(two.a)[0].error.empty());
    CHECK(status_of(two.a).outside == model::Outside::yes);
}

TEST_CASE("the connection ID tells two relays, those online first") {
    Two two;
    CHECK(told_by(two.a).empty());
    for (std::uint8_t number = 1; number <= 3; ++number) REQUIRE(add(two.a, number));
    CHECK(told_by(two.a) == std::vector{1, 2});
    hear(two.a, 3, net::RelayState::online);
    CHECK(told_by(two.a) == std::vector{3, 1});
    hear(two.a, 1, net::RelayState::offline, "Gone.");
    CHECK(told_by(two.a) == std::vector{3, 2});
}

TEST_CASE("contacts learn of other relays, and keep them behind all other addresses") {
    Friends two;
    const auto said = [&] { return two.a.host().endpoint().stats().messages_out; };
    const auto before = said();
    REQUIRE(add(two.a, 1));
    two.network.run_for(1s);
    CHECK(said() > before);
    const auto after = said();
    hear(two.a, 1, net::RelayState::online);  // nothing else to tell
    two.network.run_for(1s);
    CHECK(two.b.peer(two.a)->path == model::PathKind::direct);
    CHECK(said() == after);
}

TEST_CASE("a session through a relay is shown as one, under the relay's name") {
    Friends two;
    CHECK(two.a.peer(two.b)->path == model::PathKind::direct);
    go_through_relay(two, true);
    CHECK(two.a.peer(two.b)->path == model::PathKind::relay);
    CHECK(two.a.peer(two.b)->address == "relay.example.org:4720");
    // The search for a direct path goes on, and that it finds none is no trouble.
    const crypto::Fingerprint bob{two.b.id().bytes};
    two.a.node().on_dialling(bob);
    two.a.node().on_dial_failed(bob, {net::Ending::Reason::timed_out, "No answer."}, 1s);
    CHECK(two.a.peer(two.b)->last_error.empty());
    CHECK(two.a.presence(two.b) == model::Presence::online);
    two.a.node().on_session_down(bob, {net::Ending::Reason::replaced, ""});
    two.a.node().on_session_up(session_of(two.b, {{192, 0, 2, 2}, 4711, 0}));
    CHECK(two.a.peer(two.b)->path == model::PathKind::direct);
    CHECK(two.a.peer(two.b)->address == "192.0.2.2:4711");
}

TEST_CASE("a session through a relay says nothing of where we are") {
    Friends two;
    go_through_relay(two, false);
    const crypto::Fingerprint bob{two.b.id().bytes};
    two.a.node().on_message(bob, net::Observed{{203, 0, 113, 9}, 4711});
    two.a.node().on_message(bob, net::Observed{crypto::place_of(relay(9)), 4720});
    const auto status = status_of(two.a);
    CHECK(status.public_address.find("203.0.113.9") == std::string::npos);
    CHECK(status.outside_text.find("has connected") == std::string::npos);
}

TEST_CASE("a stranger who comes through a relay is shown so") {
    Two two;
    const crypto::Fingerprint bob{two.b.id().bytes};
    two.a.node().on_session_up(session_of(two.b, {crypto::place_of(relay(9)), relay(9).port, 0}));
    two.a.node().on_message(bob, net::ContactRequest{"bob", "hello", {}, {relay_candidate(9)}});
    REQUIRE(two.until([&] { return two.a.peer(two.b).has_value(); }));
    CHECK(two.a.peer(two.b)->path == model::PathKind::relay);
}
