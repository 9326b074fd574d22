// SPDX-License-Identifier: MIT
//
// How sessions end when the network goes, and how soon they are back.
#include <catch2/catch_test_macros.hpp>
#include <deque>

#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using net::Ending;

namespace {

constexpr auto tick = 100ms;  ///< what timers and the way of the last byte may add

/// A sender as the node is one: what was not acknowledged is sent again in the next session.
class Outbox {
public:
    Outbox(Peer& self, Peer& peer) : self_(self), peer_(peer) {
        self.listener.when_up = [this](const net::SessionInfo&) {
            for (const int number : waiting_) send(number);
        };
        self.listener.when_message = [this](const net::Fingerprint&, const net::Message& message) {
            if (const auto* ack = std::get_if<net::Ack>(&message)) {
                std::erase(waiting_, number_of(ack->ids.at(0)));
            } else if (const auto* text = std::get_if<net::Text>(&message)) {
                self_.endpoint().send(peer_.id(), net::Ack{{text->id}});
                const int number = std::stoi(text->text);
                if (heard_.empty() || number > heard_.back()) heard_.push_back(number);
            }
        };
    }
    void say() {
        waiting_.push_back(++last_);
        send(last_);
    }
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    [[nodiscard]] int said() const { return last_; }
    /// Every number from 1 on, once each.
    [[nodiscard]] bool heard_all_of(const Outbox& other) const {
        for (std::size_t i = 0; i < heard_.size(); ++i) {
            if (heard_[i] != static_cast<int>(i) + 1) return false;
        }
        return static_cast<int>(heard_.size()) == other.said();
    }

private:
    static int number_of(const net::MessageId& id) { return id[0] << 8 | id[1]; }
    void send(int number) {
        net::Text text = text_message(std::to_string(number));
        text.id[0] = static_cast<std::uint8_t>(number >> 8);
        text.id[1] = static_cast<std::uint8_t>(number);
        self_.endpoint().send(peer_.id(), text);
    }

    Peer& self_;
    Peer& peer_;
    std::deque<int> waiting_;
    std::vector<int> heard_;
    int last_ = 0;
};

struct Pair {
    explicit Pair(std::uint64_t seed, bool both_dial = true) : network(seed) {
        make_contacts(alice, bob, true, both_dial);
    }
    [[nodiscard]] bool together() const { return alice.sees(bob) && bob.sees(alice); }
    [[nodiscard]] bool wait_together(std::chrono::milliseconds limit) {
        return network.run_until([this] { return together(); }, limit);
    }
    std::chrono::milliseconds random(std::chrono::milliseconds below) {
        return std::chrono::milliseconds(network.random()() %
                                         static_cast<std::uint64_t>(below.count()));
    }

    sim::SimNetwork network;
    Peer alice{network, "alice", 1};
    Peer bob{network, "bob", 2};
};

}  // namespace

TEST_CASE(
    "a cable pulled is noticed within 15 s, the session is back within 5 s, nothing is lost") {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        Pair pair(seed, seed % 2 == 0);
        Outbox alice(pair.alice, pair.bob);
        Outbox bob(pair.bob, pair.alice);
        const auto talk = [&](std::chrono::milliseconds duration) {
            for (const auto end = pair.network.clock().monotonic() + duration;
                 pair.network.clock().monotonic() < end;) {
                pair.network.run_for(pair.random(3s) + 1ms);
                alice.say();
                bob.say();
            }
        };
        REQUIRE(pair.wait_together(5s));
        for (int round = 0; round < 3; ++round) {
            talk(11s);
            pair.network.set_partitioned(pair.alice.host, pair.bob.host, true);
            REQUIRE(pair.network.run_until(
                [&] { return !pair.alice.sees(pair.bob) && !pair.bob.sees(pair.alice); },
                net::limits::silence_max + tick));
            CHECK(pair.alice.listener.downs.back().second.reason == Ending::Reason::lost);
            talk(pair.random(round == 0 ? 9min : 30s) + 1ms);
            pair.network.set_partitioned(pair.alice.host, pair.bob.host, false);
            REQUIRE(pair.wait_together(5s));
        }
        talk(2s);
        REQUIRE(pair.network.run_until([&] { return alice.empty() && bob.empty(); }, 5s));
        CHECK(alice.heard_all_of(bob));
        CHECK(bob.heard_all_of(alice));
    }
}

TEST_CASE("the session is back within 5 s when a contact has many addresses that do not answer") {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        CAPTURE(seed);
        Pair pair(seed, false);
        const Peer elsewhere(pair.network, "carol", 3);
        pair.network.set_partitioned(pair.alice.host, elsewhere.host, true);
        auto route = contact_route(pair.bob, 0xA0, 0xB0, true);
        route.addresses.insert(route.addresses.begin(), seed % 11, elsewhere.host.address());
        pair.alice.endpoint().set_route(route);
        REQUIRE(pair.wait_together(6s));
        pair.network.run_for(15s);
        pair.network.set_partitioned(pair.alice.host, pair.bob.host, true);
        pair.network.run_for(20s + pair.random(60s));
        pair.network.set_partitioned(pair.alice.host, pair.bob.host, false);
        REQUIRE(pair.wait_together(5s));
    }
}

TEST_CASE("after ten minutes the attempts become rare, after a goodbye they are from the start") {
    Pair pair(1, false);
    REQUIRE(pair.wait_together(5s));
    pair.network.run_for(3min);
    const auto dials_in = [&](std::chrono::milliseconds duration) {
        const auto before = pair.alice.host.dials;
        pair.network.run_for(duration);
        return pair.alice.host.dials - before;
    };
    SECTION("lost") {
        pair.bob.host.crash(true);
        pair.network.run_for(16s);
        const auto quick = dials_in(9min);
        CHECK(quick >= 9 * 60 / 4);
        CHECK(quick <= 9 * 60 / 2);
        pair.network.run_for(2min);
        CHECK(dials_in(10min) <= 20);
    }
    SECTION("left") {
        pair.bob.endpoint().shut_down();
        pair.network.run_for(2s);
        pair.bob.host.crash(true);
        CHECK(dials_in(9min) <= 20);
    }
}

TEST_CASE("a change of the network finds out which sessions are dead, and spares the others") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CAPTURE(seed);
        Pair pair(seed, false);
        Peer carol(pair.network, "carol", 3);
        make_contacts(pair.alice, carol, true, false);
        carol.endpoint().set_route(contact_route(pair.alice, 0xB0, 0xA0, false));
        pair.alice.endpoint().set_route(contact_route(carol, 0xA1, 0xB0, true));
        REQUIRE(pair.wait_together(5s));
        REQUIRE(pair.network.run_until([&] { return pair.alice.sees(carol); }, 5s));
        pair.network.run_for(10s + pair.random(5s));
        // Bob's side of the link is gone without a word, as after a sleep.
        pair.network.set_partitioned(pair.alice.host, pair.bob.host, true);
        pair.bob.endpoint().send(pair.alice.id(), text_message("into the void"));
        pair.network.run_for(1s);
        pair.network.set_partitioned(pair.alice.host, pair.bob.host, false);
        const auto changed = pair.network.clock().monotonic();
        for (int i = 0; i < 4; ++i) {  // changes come in bunches
            pair.alice.endpoint().network_changed();
            pair.network.run_for(500ms);
        }
        const auto gone = [&] { return !pair.alice.listener.downs.empty(); };
        if (!gone()) {
            REQUIRE(pair.network.run_until(gone, net::limits::probe_deadline));
            CHECK(pair.network.clock().monotonic() - changed <= net::limits::probe_deadline + tick);
        }
        REQUIRE(pair.wait_together(5s));
        CHECK(pair.alice.listener.downs.size() == 1);
        CHECK(pair.alice.sees(carol));
        CHECK(carol.listener.downs.empty());
        pair.network.run_for(20s);
        CHECK(pair.alice.sees(carol));
    }
}

TEST_CASE("a session that is not read is not probed to death") {
    Pair pair(2);
    REQUIRE(pair.wait_together(5s));
    pair.alice.endpoint().set_reading(pair.bob.id(), false);
    pair.alice.endpoint().network_changed();
    pair.network.run_for(10s);
    CHECK(pair.together());
    pair.alice.endpoint().set_reading(pair.bob.id(), true);
    pair.network.run_for(10s);
    CHECK(pair.alice.listener.downs.empty());
}

TEST_CASE("a change of the network begins an attempt anew that waits for the old one") {
    Pair pair(3, false);
    pair.network.set_partitioned(pair.alice.host, pair.bob.host, true);
    pair.network.run_for(2s);
    CHECK(pair.alice.host.dials == 1);
    pair.network.set_partitioned(pair.alice.host, pair.bob.host, false);
    pair.alice.endpoint().network_changed();
    REQUIRE(pair.wait_together(500ms));
    CHECK(pair.alice.host.dials == 2);
    CHECK(pair.alice.listener.failures.empty());
}

TEST_CASE("new addresses of a contact disturb no session and are dialled at once without one") {
    sim::SimNetwork network(4);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    Peer carol(network, "carol", 3);  // an old address of bob that does not answer
    network.set_partitioned(alice.host, carol.host, true);
    bob.endpoint().set_route(contact_route(alice, 0xB0, 0xA0, false));
    auto old = contact_route(bob, 0xA0, 0xB0, true);
    old.addresses = {carol.host.address()};
    auto found = old;
    found.addresses = {bob.host.address(), carol.host.address()};
    alice.endpoint().set_route(old);

    SECTION("while an attempt runs: they join it") {
        network.run_for(3s);
        CHECK(alice.host.dials == 1);
        alice.endpoint().set_route(found);
        REQUIRE(network.run_until([&] { return alice.sees(bob); }, 500ms));
        CHECK(alice.host.dials == 2);
        CHECK(alice.listener.dialling.size() == 1);
        CHECK(alice.listener.failures.empty());
        alice.endpoint().set_route(old);
        network.run_for(20s);
        CHECK(alice.listener.downs.empty());
        CHECK(alice.host.dials == 2);
    }
    SECTION("between two attempts: a new one begins") {
        network.run_for(100s);
        const auto attempts = alice.listener.dialling.size();
        REQUIRE(network.run_until([&] { return alice.listener.failures.size() == attempts; }, 20s));
        alice.endpoint().set_route(found);
        REQUIRE(network.run_until([&] { return alice.sees(bob); }, 500ms));
    }
    SECTION("none is left: the attempt ends, the next address is dialled") {
        network.run_for(3s);
        old.addresses.clear();
        alice.endpoint().set_route(old);
        network.run_for(12s);
        CHECK(alice.listener.failures.front().ending.reason == Ending::Reason::timed_out);
        CHECK(alice.listener.failures.back().ending.reason == Ending::Reason::no_addresses);
        alice.endpoint().set_route(found);
        REQUIRE(network.run_until([&] { return alice.sees(bob); }, 500ms));
    }
    SECTION("whoever was sent away on purpose stays away") {
        alice.endpoint().disconnect(bob.id(), net::GoodbyeReason::closing);
        alice.endpoint().set_route(found);
        network.run_for(60s);
        CHECK_FALSE(alice.sees(bob));
        alice.endpoint().connect(bob.id());
        REQUIRE(network.run_until([&] { return alice.sees(bob); }, 500ms));
    }
}

TEST_CASE("more contacts than may be dialled at once: everybody gets a turn") {
    sim::SimNetwork network(5);
    Peer alice(network, "alice", 1);
    Peer nobody(network, "mallory", 4);
    network.set_partitioned(alice.host, nobody.host, true);
    std::set<net::Fingerprint> contacts;
    for (std::size_t i = 0; i < 4 * net::limits::dials_at_once; ++i) {
        net::Fingerprint peer;
        peer.bytes[0] = static_cast<std::uint8_t>(i);
        peer.bytes[9] = 1;
        contacts.insert(peer);
        alice.endpoint().set_route(
            {peer, net::Bytes(16, 1), std::nullopt, {nobody.host.address()}, true});
    }
    network.run_for(4 * net::limits::dial_timeout);
    const std::set<net::Fingerprint> dialled(alice.listener.dialling.begin(),
                                             alice.listener.dialling.end());
    CHECK(dialled == contacts);
}

TEST_CASE("who dialled hears once where the other side sees them, and only they") {
    Pair pair(6, false);
    REQUIRE(pair.wait_together(5s));
    const auto& told = pair.alice.listener.observed;
    REQUIRE(pair.network.run_until([&] { return !told.empty(); }, 1s));
    CHECK(told[0].first == pair.bob.id());
    CHECK(told[0].second.address == pair.alice.host.address().address);
    CHECK(told[0].second.port == pair.alice.host.address().port);

    pair.bob.endpoint().send(pair.alice.id(), net::Observed{{203, 0, 113, 1}, 1});
    pair.alice.endpoint().send(pair.bob.id(), net::Observed{{203, 0, 113, 1}, 1});
    pair.alice.endpoint().send(pair.bob.id(), net::Presence{1, "away"});
    pair.bob.endpoint().send(pair.alice.id(), net::Presence{0, ""});
    pair.network.run_for(1s);
    CHECK(told.size() == 1);
    CHECK(pair.bob.listener.observed.empty());
    CHECK(std::get<net::Presence>(pair.bob.listener.messages.at(0).second).status == "away");
    CHECK(std::get<net::Presence>(pair.alice.listener.messages.at(0).second).state == 0);
    CHECK(pair.alice.endpoint().stats().messages_in == 1);
    CHECK(pair.alice.listener.up.at(pair.bob.id()).signer == pair.bob.host.signer());
    CHECK(pair.bob.listener.up.at(pair.alice.id()).signer == pair.alice.host.signer());
}
