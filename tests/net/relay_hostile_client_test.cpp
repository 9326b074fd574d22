// SPDX-License-Identifier: MIT
//
// An honest relay and clients that are not: they flood, guess, hold, enumerate and do not read.
// What they cost is bounded, and others go on.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <set>

#include "net/framing.hpp"
#include "net/message_codec.hpp"
#include "net/relay/knock.hpp"
#include "tests/net/sim_pair.hpp"
#include "tests/support/relay_crowd.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

/// One machine of theirs: an address of its own.
struct Machine {
    Machine(sim::SimNetwork& network, const sim::SimHost& relay, std::uint8_t number)
        : host(network, sim::test_identity("mallory"), number),
          crowd(sim::test_identity("mallory").bundle(), {host, host, host.clock(), host.random()},
                relay.relay_address(), relay.address(), number * 10'000U) {
        host.start_with(crowd);
    }
    sim::SimHost host;
    RelayCrowd crowd;
};

CircuitKnock knock_at(const Fingerprint& peer, std::uint64_t request = 1) {
    return {request, peer.bytes, {}};
}

struct Hostile {
    explicit Hostile(const RelayLimits& limits = {})
        : relay(network, sim::test_identity("carol"), 9), machine(network, relay, 66) {
        relay.start_relay({}, limits);
    }
    std::size_t join(Machine& at) {
        const auto client = at.crowd.add();
        REQUIRE(network.run_until([&] { return at.crowd.at(client).up; }, 5s));
        return client;
    }
    std::size_t join() { return join(machine); }
    [[nodiscard]] RelayStats stats() { return relay.relay().stats(); }
    template <typename M>
    [[nodiscard]] std::vector<M> heard(std::size_t client) {
        std::vector<M> found;
        for (const auto& entry : machine.crowd.at(client).heard) {
            if (const auto* message = std::get_if<M>(&entry.message)) found.push_back(*message);
        }
        return found;
    }
    /// A connection that shows this ticket and says more behind it.
    LinkId enter(ByteView ticket, ByteView more = {}) {
        const auto link = machine.crowd.open();
        REQUIRE(network.run_until([&] { return machine.crowd.raw(link).up; }, 5s));
        Bytes frame;
        append_frame(frame, ticket);
        frame.insert(frame.end(), more.begin(), more.end());
        machine.host.send(link, frame);
        return link;
    }
    /// Both ends of a circuit between two clients of theirs.
    std::pair<LinkId, LinkId> circuit(std::size_t caller, std::size_t callee) {
        const auto calls = heard<CircuitCall>(callee).size();
        const auto readies = heard<CircuitReady>(caller).size();
        machine.crowd.say(caller, knock_at(machine.crowd.id(callee)));
        REQUIRE(network.run_until([&] { return heard<CircuitCall>(callee).size() > calls; }, 5s));
        const auto to = enter(heard<CircuitCall>(callee).back().ticket);
        REQUIRE(
            network.run_until([&] { return heard<CircuitReady>(caller).size() > readies; }, 5s));
        const auto joined = stats().circuits_joined;
        const auto from = enter(heard<CircuitReady>(caller).back().ticket);
        REQUIRE(network.run_until([&] { return stats().circuits_joined > joined; }, 5s));
        return {from, to};
    }

    sim::SimNetwork network{11};
    sim::SimHost relay;
    Machine machine;
};

/// Two honest people who meet through the relay.
struct Honest {
    explicit Honest(Hostile& hostile)
        : network(hostile.network), a(network, "alice", 1), b(network, "bob", 2) {
        network.set_partitioned(a.host, b.host, true);
        const auto address = hostile.relay.relay_address();
        b.host.relays().set_relays({address});
        make_contacts(a, b, false, false);
        Route route = contact_route(b, 0xA0, 0xB0, true);
        route.addresses = {{crypto::place_of(address), address.port, 0}};
        a.endpoint().set_route(route);
    }
    bool meet(std::chrono::milliseconds limit) {
        return network.run_until([&] { return a.sees(b) && b.sees(a); }, limit);
    }
    bool talk(std::chrono::milliseconds limit) {
        const auto before = b.listener.messages.size();
        a.endpoint().send(b.id(), text_message("still there?"));
        return network.run_until([&] { return b.listener.messages.size() > before; }, limit);
    }
    sim::SimNetwork& network;
    Peer a, b;
};

}  // namespace

TEST_CASE("hostile client: who floods with knocks hears busy, then nothing") {
    Hostile f;
    const auto flooder = f.join(), callee = f.join(), other = f.join();
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        f.machine.crowd.say(flooder, knock_at(f.machine.crowd.id(callee), i));
        if (i % 50 == 0) f.network.run_for(1ms);  // a record of a client has at most 8 KiB
    }
    f.network.run_for(1s);
    const auto busy = f.heard<CircuitRefusal>(flooder);
    CHECK(busy.size() >= 200);
    CHECK(busy.size() <= 250);
    for (const auto& refusal : busy) {
        CHECK(refusal.reason == CircuitReason::busy);
        CHECK(refusal.retry_after_s == 2);
    }
    CHECK(f.machine.crowd.at(flooder).ended);
    CHECK(f.heard<CircuitCall>(callee).size() <= 16);
    CHECK(f.stats().clients == 2);
    f.machine.crowd.say(other, knock_at(f.machine.crowd.id(callee)));
    const auto calls = f.heard<CircuitCall>(callee).size();
    CHECK(f.network.run_until([&] { return f.heard<CircuitCall>(callee).size() > calls; }, 1s));
    f.network.run_for(20s);
    CHECK(f.stats().circuits == 0);
}

TEST_CASE("hostile client: tickets cannot be guessed, and trying leaves nothing") {
    Hostile f;
    Honest honest(f);
    REQUIRE(honest.meet(10s));
    const auto before = f.stats().links;
    std::set<LinkId> links;
    for (int round = 0; round < 100; ++round) {
        for (int i = 0; i < 10; ++i) {
            const auto link = f.machine.crowd.open();
            links.insert(link);
            f.network.after(60ms, [&f, link] {
                Bytes frame;
                append_frame(frame, f.machine.host.random().array<64>());
                f.machine.host.send(link, frame);
            });
        }
        f.network.run_for(100ms);
    }
    CHECK(honest.talk(1s));
    f.network.run_for(1s);
    CHECK(f.machine.crowd.raws_open() == 0);
    CHECK(f.stats().links == before);
    CHECK(f.stats().circuits == 1);
    for (const auto link : links) CHECK(f.machine.crowd.raw(link).heard.empty());
}

TEST_CASE("hostile client: half-open connections displace each other and nobody else") {
    Hostile f;
    Honest honest(f);
    REQUIRE(honest.meet(10s));
    std::vector<std::unique_ptr<Machine>> machines;
    for (std::uint8_t i = 0; i < 6; ++i)
        machines.push_back(std::make_unique<Machine>(f.network, f.relay, 100 + i));
    std::size_t most = 0;
    const auto flood = [&](std::size_t each) {
        for (const auto& machine : machines) {
            for (std::size_t i = 0; i < each; ++i) machine->crowd.open();
        }
        f.network.run_for(100ms);
        most = std::max(most, f.stats().handshakes);
    };
    for (int round = 0; round < 10; ++round) flood(50);
    CHECK(f.stats().handshakes >= 900);
    const auto late = f.machine.crowd.add();
    for (int round = 0; round < 50; ++round) flood(15);
    CHECK(most <= 1024);
    CHECK(f.machine.crowd.at(late).up);
    CHECK(honest.talk(1s));
    CHECK(honest.a.listener.downs.empty());
    f.network.run_for(15s);
    CHECK(f.stats().handshakes == 0);
    CHECK(f.stats().links == f.stats().clients + 2 * f.stats().circuits_joined);
}

TEST_CASE("hostile client: a circuit whose reader never reads holds little, and others go on") {
    Hostile f;
    Honest honest(f);
    REQUIRE(honest.meet(10s));
    const auto a = f.join(), b = f.join();
    const auto [from, to] = f.circuit(a, b);
    f.machine.host.set_reading(to, false);
    f.relay.backlog_peak = 0;
    f.machine.host.send(from, Bytes(10 << 20, 0x55));
    f.network.run_for(5s);
    CHECK(honest.talk(1s));
    CHECK(f.relay.backlog_peak >= 256 << 10);
    CHECK(f.relay.backlog_peak <= (256 + 64) << 10);
    // What goes the other way keeps it, and it costs no more.
    for (int i = 0; i < 10; ++i) {
        f.machine.host.send(to, Bytes(100, 0x66));
        f.network.run_for(20s);
    }
    CHECK(f.stats().circuits_joined == 2);
    CHECK(f.relay.backlog_peak <= (256 + 64) << 10);
    f.network.run_for(61s);
    CHECK(f.stats().circuits_joined == 1);
    CHECK(honest.talk(1s));
}

TEST_CASE("hostile client: who does not read its session is cut, and holds little till then") {
    RelayLimits limits;
    limits.client_backlog_max = 4 << 10;
    limits.calls_per_second = 1e6;
    limits.call_burst = 1e6;
    limits.knocks_per_second = 1e6;
    limits.knock_burst = 1e6;
    limits.knocks_waiting = 1e6;
    limits.circuits.per_person_max = 1e6;
    limits.circuits.circuits_max = 1e6;
    Hostile f(limits);
    Machine deaf(f.network, f.relay, 77);
    const auto victim = f.join(deaf), caller = f.join();
    deaf.host.set_frozen(true);
    f.relay.backlog_peak = 0;
    std::uint64_t request = 0;
    for (int round = 0; round < 100 && f.stats().clients == 2; ++round) {
        for (int i = 0; i < 50; ++i)
            f.machine.crowd.say(caller, knock_at(deaf.crowd.id(victim), ++request));
        f.network.run_for(100ms);
    }
    CHECK(f.stats().clients == 1);
    CHECK(f.relay.backlog_peak <= (4 << 10) + (64 << 10));
    CHECK_FALSE(f.machine.crowd.at(caller).ended);
}

TEST_CASE("hostile client: nobody and somebody who does not answer look the same") {
    RelayLimits limits;
    limits.circuits.per_person_max = 8;
    Hostile f(limits);
    f.network.set_latency(5ms, 5ms);
    const auto spy = f.join(), silent = f.join(), full = f.join(), friends = f.join();
    for (int i = 0; i < 8; ++i) f.circuit(friends, full);
    f.network.run_for(1s);

    const std::vector<Fingerprint> targets{f.machine.crowd.id(silent), f.machine.crowd.id(full),
                                           f.machine.crowd.id(spy), f.relay.fingerprint(),
                                           Fingerprint{f.machine.host.random().array<32>()}};
    for (std::size_t i = 0; i < targets.size(); ++i)
        f.machine.crowd.say(spy, knock_at(targets[i], i));
    f.network.run_for(10s);
    const auto& heard = f.machine.crowd.at(spy).heard;
    REQUIRE(heard.size() == targets.size());
    for (const auto& entry : heard) {
        auto refusal = std::get<CircuitRefusal>(entry.message);
        CHECK(refusal.reason == CircuitReason::absent);
        CHECK(refusal.retry_after_s == 0);
        CHECK(entry.at == heard.front().at);
    }
    CHECK(f.heard<CircuitCall>(silent).size() == 1);
    CHECK(f.heard<CircuitCall>(full).size() == 8);
}

TEST_CASE("hostile client: a client has so many circuits, called ones included") {
    RelayLimits limits;
    limits.circuits.per_person_max = 2;
    Hostile f(limits);
    const auto a = f.join(), b = f.join(), c = f.join();
    const auto [from, to] = f.circuit(a, b);
    f.circuit(b, a);
    f.machine.crowd.say(a, knock_at(f.machine.crowd.id(c)));
    REQUIRE(f.network.run_until([&] { return f.heard<CircuitRefusal>(a).size() == 1; }, 1s));
    CHECK(f.heard<CircuitRefusal>(a).back().reason == CircuitReason::busy);
    f.machine.crowd.say(c, knock_at(f.machine.crowd.id(b)));
    REQUIRE(f.network.run_until([&] { return f.heard<CircuitRefusal>(c).size() == 1; }, 6s));
    CHECK(f.heard<CircuitRefusal>(c).back().reason == CircuitReason::absent);

    f.machine.host.close(from, true);
    REQUIRE(f.network.run_until([&] { return f.stats().circuits == 1; }, 1s));
    CHECK(f.network.run_until([&, link = to] { return f.machine.crowd.raw(link).closed; }, 1s));
    f.circuit(a, c);
}

TEST_CASE("hostile client: when all circuits are taken everybody hears busy, whoever is called") {
    RelayLimits limits;
    limits.circuits.circuits_max = 1;
    Hostile f(limits);
    const auto a = f.join(), b = f.join(), c = f.join();
    const auto [from, to] = f.circuit(a, b);
    f.machine.crowd.say(c, knock_at(f.machine.crowd.id(b), 1));
    f.machine.crowd.say(c, knock_at({f.machine.host.random().array<32>()}, 2));
    f.network.run_for(100ms);
    const auto refusals = f.heard<CircuitRefusal>(c);
    REQUIRE(refusals.size() == 2);
    for (const auto& refusal : refusals) {
        CHECK(refusal.reason == CircuitReason::busy);
        CHECK(refusal.retry_after_s == 2);
    }
    f.machine.host.close(from, true);
    REQUIRE(f.network.run_until([&] { return f.stats().circuits == 0; }, 1s));
    f.circuit(c, b);
}

TEST_CASE("hostile client: more clients and connections than there may be") {
    RelayLimits limits;
    SECTION("clients in all") {
        limits.clients_max = 2;
        Hostile f(limits);
        f.join(), f.join();
        const auto third = f.machine.crowd.add();
        f.network.run_for(2s);
        CHECK(f.machine.crowd.at(third).ended);
        CHECK(f.stats().clients == 2);
        CHECK(f.stats().links == 2);
        CHECK(f.stats().turned_away == 1);
    }
    SECTION("connections of one address") {
        limits.door.links_per_address = 3;
        Hostile f(limits);
        for (int i = 0; i < 5; ++i) f.machine.crowd.add();
        f.network.run_for(2s);
        CHECK(f.machine.crowd.up() == 3);
        CHECK(f.stats().turned_away == 2);
        Machine elsewhere(f.network, f.relay, 67);
        f.join(elsewhere);
    }
}

TEST_CASE("hostile client: of a call whose caller has left nothing is remembered") {
    Hostile f;
    const auto caller = f.join(), callee = f.join();
    f.machine.crowd.say(caller, knock_at(f.machine.crowd.id(callee)));
    REQUIRE(f.network.run_until([&] { return !f.heard<CircuitCall>(callee).empty(); }, 5s));
    f.machine.crowd.at(caller).session->leave(GoodbyeReason::closing,
                                              ending_of(Ending::Reason::closed_here));
    REQUIRE(f.network.run_until([&] { return f.stats().clients == 1; }, 5s));
    const auto ticket = f.heard<CircuitCall>(callee).back().ticket;
    const auto link = f.enter(ticket);
    REQUIRE(f.network.run_until([&] { return f.machine.crowd.raw(link).closed; }, 5s));
    CHECK(f.stats().links == 1);
    f.machine.crowd.say(callee, CircuitWhence{ticket});
    f.network.run_for(1s);
    CHECK(f.heard<CircuitSeen>(callee).empty());
}

TEST_CASE("hostile client: how much room is left says nothing about who is there") {
    RelayLimits limits;
    limits.circuits.per_person_max = 4;
    Hostile f(limits);
    const auto spy = f.join(), target = f.join(), accomplice = f.join();
    for (int i = 0; i < 3; ++i) f.circuit(spy, accomplice);
    const Fingerprint nobody{f.machine.host.random().array<32>()};
    const bool there = GENERATE(true, false);
    f.machine.crowd.say(spy, knock_at(there ? f.machine.crowd.id(target) : nobody, 100));
    f.network.run_for(1s);
    f.machine.crowd.say(spy, knock_at(nobody, 101));
    f.network.run_for(1s);
    const auto refusals = f.heard<CircuitRefusal>(spy);
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0].request == 101);
    CHECK(refusals[0].reason == CircuitReason::busy);
    f.network.run_for(5s);
    CHECK(f.heard<CircuitRefusal>(spy).size() == 2);
    f.circuit(spy, target);
}

TEST_CASE("hostile client: who comes again has not knocked less") {
    RelayLimits limits;
    limits.knocks_waiting = 1'000;
    Hostile f(limits);
    const auto callee = f.join();
    Machine other(f.network, f.relay, 77);
    int sent = 0;
    for (int round = 0; round < 10; ++round) {
        RelayCrowd again(sim::test_identity("mallory").bundle(),
                         {other.host, other.host, other.host.clock(), other.host.random()},
                         f.relay.relay_address(), f.relay.address(), 1'000'000);
        other.host.crash(false);
        other.host.start_with(again);
        const auto client = again.add();
        REQUIRE(f.network.run_until([&] { return again.at(client).up; }, 5s));
        for (int i = 0; i < 40; ++i, ++sent)
            again.say(client, knock_at(f.machine.crowd.id(callee), static_cast<std::uint64_t>(i)));
        f.network.run_for(100ms);
        other.host.crash(false);
    }
    CHECK(sent == 400);
    CHECK(f.heard<CircuitCall>(callee).size() <= 40 + 5 * 5);
}

TEST_CASE("relay: nobody answers an address probe through it") {
    class Responder final : public ProbeResponder {
    public:
        std::optional<Bytes> answer_probe(ByteView probe, const SocketAddress&) override {
            ++asked;
            return Bytes(probe.begin(), probe.end());
        }
        int asked = 0;
    };
    Hostile f;
    Responder responder;
    Peer bob(f.network, "bob", 2);
    bob.endpoint().set_probe_responder(&responder);
    bob.host.relays().set_relays({f.relay.relay_address()});
    const auto spy = f.join();
    REQUIRE(f.network.run_until([&] { return f.stats().clients == 2; }, 5s));

    // Even one whom Bob's connection ID lets in.
    auto knock = knock_at(bob.id());
    knock.proof = make_proof({f.relay.fingerprint(), f.machine.crowd.id(spy), bob.id()}, bob.invite,
                             f.machine.host.random());
    f.machine.crowd.say(spy, knock);
    REQUIRE(f.network.run_until([&] { return !f.heard<CircuitReady>(spy).empty(); }, 5s));
    Bytes probe;
    append_frame(probe, Bytes(crypto::beacon_size, 0x42));
    const auto link = f.enter(f.heard<CircuitReady>(spy).back().ticket, probe);
    CHECK(f.network.run_until([&] { return f.machine.crowd.raw(link).closed; }, 5s));
    CHECK(f.machine.crowd.raw(link).heard.empty());
    CHECK(responder.asked == 0);
    f.network.run_for(2s);
    CHECK(bob.host.links() == 1);
}
