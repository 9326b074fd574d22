// SPDX-License-Identifier: MIT
//
// Honest people and a relay that is not. It can keep them apart; it cannot make them believe
// anything, and when it does its work again, or there is a direct way, they find each other.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "tests/net/sim_pair.hpp"
#include "tests/support/hostile_relay.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

struct Betrayed {
    explicit Betrayed(std::uint64_t seed = 5)
        : network(seed),
          a(network, "alice", 1),
          b(network, "bob", 2),
          c(network, "carol", 3),
          machine(network, sim::test_identity("mallory"), 9),
          relay(sim::test_identity("mallory").bundle(),
                {machine, machine, machine.clock(), machine.random()}) {
        machine.start_with(relay);
        for (Peer* one : {&a, &c}) network.set_partitioned(one->host, b.host, true);
        b.host.relays().set_relays({machine.relay_address()});
        make_contacts(a, b, false, false);
        b.endpoint().set_route(contact_route(c, 0xB1, 0xC0, false));
        REQUIRE(network.run_until([&] { return relay.has(b.id()); }, 5s));
    }
    [[nodiscard]] SocketAddress place() const {
        const auto address = machine.relay_address();
        return {crypto::place_of(address), address.port, 0};
    }
    /// Alice keeps connected to Bob; Carol, too, with tokens of her own.
    void let_alice_call() { call(a, contact_route(b, 0xA0, 0xB0, true)); }
    void let_carol_call() { call(c, contact_route(b, 0xC0, 0xB1, true)); }
    void call(Peer& who, Route route) {
        route.addresses.push_back(place());
        who.endpoint().set_route(route);
    }
    bool meet(std::chrono::milliseconds limit = 20s) {
        return network.run_until([&] { return a.sees(b) && b.sees(a); }, limit);
    }
    bool says(Peer& from, const std::string& text, std::chrono::milliseconds limit = 5s) {
        const auto before = b.listener.messages.size();
        from.endpoint().send(b.id(), text_message(text));
        return network.run_until([&] { return b.listener.messages.size() > before; }, limit);
    }
    [[nodiscard]] std::size_t circuits_of_b() const {
        return network.links_between(b.host, machine) - 1;  // without its line
    }
    bool direct(std::chrono::milliseconds limit = 330s) {
        network.set_partitioned(a.host, b.host, false);
        return network.run_until(
            [&] { return a.sees(b) && !a.listener.up.at(b.id()).relayed && b.sees(a); }, limit);
    }

    sim::SimNetwork network;
    Peer a, b, c;
    sim::SimHost machine;
    HostileRelay relay;
};

/// Numbered texts from Alice to Bob and back, whenever they see each other.
struct Chatter {
    explicit Chatter(Betrayed& there) : f(there) {}
    void run_for(std::chrono::milliseconds time) {
        const auto end = f.network.clock().monotonic() + time;
        while (f.network.clock().monotonic() < end) {
            say(f.a, f.b), say(f.b, f.a);
            f.network.run_for(50ms);
        }
    }
    void say(Peer& from, Peer& to) {
        if (from.sees(to)) from.endpoint().send(to.id(), text_message(std::to_string(++last)));
    }
    /// Each number at most once, and later ones later.
    static bool in_order(const Peer& receiver) {
        int before = 0;
        for (const auto& [peer, message] : receiver.listener.messages) {
            const int number = std::stoi(std::get<Text>(message).text);
            if (number <= before) return false;
            before = number;
        }
        return before > 0;
    }
    Betrayed& f;
    int last = 0;
};

enum class Mischief { drop, repeat, swap, change, delay, inject };

/// What a relay does to one in thirty pieces that pass.
struct Mangler {
    Mangler(Betrayed& there, Mischief what) : f(there), mischief(what) {
        f.relay.on_bytes = [this](LinkId to, Bytes bytes) { pass(to, std::move(bytes)); };
    }
    void pass(LinkId to, Bytes bytes) {
        passed.emplace_back(bytes);
        if (passed.size() > 200) passed.erase(passed.begin());
        if (mischief == Mischief::delay) return later(to, std::move(bytes));
        if (f.network.random()() % 30 != 0) return out(to, std::move(bytes));
        ++strikes;
        if (mischief == Mischief::drop) return;
        if (mischief == Mischief::change) bytes[f.network.random()() % bytes.size()] ^= 0x10;
        if (mischief == Mischief::swap) return void(held.emplace(to, std::move(bytes)));
        if (mischief == Mischief::inject)
            f.relay.give(to, passed[f.network.random()() % passed.size()]);
        if (mischief == Mischief::repeat) f.relay.give(to, bytes);
        out(to, std::move(bytes));
    }
    void out(LinkId to, Bytes bytes) {
        f.relay.give(to, std::move(bytes));
        const auto found = held.find(to);
        if (found == held.end()) return;
        f.relay.give(to, std::move(found->second));
        held.erase(found);
    }
    /// In order, and up to 30 s late: longer than any deadline.
    void later(LinkId to, Bytes bytes) {
        const auto now = f.network.clock().monotonic();
        auto& at = release[to];
        const bool strike = f.network.random()() % 300 == 0;
        strikes += strike ? 1 : 0;
        at = std::max(at, now + (strike ? 30'000ms : 1ms));
        f.network.after(at - now, [this, to, late = std::move(bytes)] { f.relay.give(to, late); });
    }
    Betrayed& f;
    Mischief mischief;
    int strikes = 0;
    std::vector<Bytes> passed;
    std::map<LinkId, Bytes> held;
    std::map<LinkId, std::chrono::milliseconds> release;
};

CircuitCall call_with(const HostileRelay::Knock& knock, const CircuitTicket& ticket) {
    return {ticket, knock.caller.bytes, knock.message.proof};
}

}  // namespace

TEST_CASE("hostile relay: whatever it does to the bytes, nothing wrong is delivered") {
    const auto mischief = GENERATE(Mischief::drop, Mischief::repeat, Mischief::swap,
                                   Mischief::change, Mischief::delay, Mischief::inject);
    const auto seed = GENERATE(range(1, 5));
    INFO("mischief " << static_cast<int>(mischief) << ", seed " << seed);
    Betrayed f(static_cast<std::uint64_t>(seed));
    Chatter chatter(f);
    Mangler mangler(f, mischief);
    f.let_alice_call();
    chatter.run_for(180s);
    CHECK(mangler.strikes > 0);
    CHECK(Chatter::in_order(f.a));
    CHECK(Chatter::in_order(f.b));
    for (const auto& [peer, ending] : f.a.listener.downs) {
        INFO(ending.text);
        CHECK((ending.reason == Ending::Reason::lost || ending.reason == Ending::Reason::replaced ||
               ending.reason == Ending::Reason::peer_left ||
               ending.reason == Ending::Reason::protocol_error));
    }
    f.relay.on_bytes = nullptr;
    REQUIRE(f.network.run_until([&] { return f.a.sees(f.b) && f.b.sees(f.a); }, 120s));
    f.network.run_for(35s);
    REQUIRE(f.meet(120s));
    CHECK(f.says(f.a, std::to_string(++chatter.last)));
    CHECK(Chatter::in_order(f.b));
    CHECK(f.circuits_of_b() == 1);
    CHECK(f.direct());
    f.network.run_for(5s);
    CHECK(f.circuits_of_b() == 0);
    CHECK(f.relay.circuit_links() == 0);
}

TEST_CASE("hostile relay: what was said is not heard again") {
    Betrayed f;
    std::map<LinkId, Bytes> said;
    f.relay.on_bytes = [&](LinkId to, Bytes bytes) {
        said[to].insert(said[to].end(), bytes.begin(), bytes.end());
        f.relay.give(to, std::move(bytes));
    };
    f.let_alice_call();
    REQUIRE(f.meet());
    REQUIRE(f.says(f.a, "once"));
    const bool alice_there = GENERATE(true, false);
    if (!alice_there) {
        f.a.host.crash(false);
        REQUIRE(f.network.run_until([&] { return !f.b.sees(f.a); }, 5s));
    }
    const auto ups = f.b.listener.ups.size();
    const auto recorded = said;
    int shown = 0;
    f.relay.on_ticket_shown = [&](LinkId link, const CircuitTicket&) {
        ++shown;
        for (const auto& [to, bytes] : recorded) f.relay.give(link, bytes);
    };
    for (int i = 0; i < 5; ++i) {
        f.relay.say(f.b.id(), call_with(f.relay.knocks.front(), f.relay.new_ticket()));
        f.network.run_for(1s);
    }
    CHECK(shown == 5);  // who knocked once has the right to; the handshake decides
    f.network.run_for(15s);
    CHECK(f.b.listener.messages.size() == 1);
    CHECK(f.b.listener.ups.size() == ups);
    CHECK(f.circuits_of_b() == (alice_there ? 1 : 0));
    if (alice_there) {
        CHECK(f.b.listener.downs.empty());
        CHECK(f.says(f.a, "twice"));
    }
}

/// Holds both ends of two calls until it has all four, and joins them as it likes.
struct Splicer {
    Splicer(Betrayed& there, bool callers_with_each_other)
        : f(there), with_each_other(callers_with_each_other) {
        f.relay.on_knock = [this](const HostileRelay::Knock& knock) {
            const auto ticket = f.relay.new_ticket();
            of_called[ticket] = {knock.caller, knock.message.request};
            f.relay.say(Fingerprint{knock.message.peer}, call_with(knock, ticket));
        };
        f.relay.on_ticket_shown = [this](LinkId link, const CircuitTicket& ticket) {
            shown(link, ticket);
        };
    }
    ~Splicer() {
        f.relay.on_knock = nullptr;
        f.relay.on_ticket_shown = nullptr;
    }
    void shown(LinkId link, const CircuitTicket& ticket) {
        if (const auto found = of_called.find(ticket); found != of_called.end()) {
            const auto theirs = f.relay.new_ticket();
            called[found->second.first] = link;
            of_calling[theirs] = found->second.first;
            f.relay.say(found->second.first, CircuitReady{found->second.second, theirs});
            return;
        }
        calling[of_calling.at(ticket)] = link;
        if (calling.size() == 2 && called.size() == 2) splice();
    }
    void splice() {
        ++spliced;
        const LinkId a = calling.begin()->second, b = std::next(calling.begin())->second;
        const LinkId to_a = called.begin()->second, to_b = std::next(called.begin())->second;
        f.relay.join(a, with_each_other ? b : to_b);
        f.relay.join(with_each_other ? to_b : b, to_a);
        calling.clear(), called.clear();
    }
    Betrayed& f;
    bool with_each_other;
    int spliced = 0;
    std::map<CircuitTicket, std::pair<Fingerprint, std::uint64_t>> of_called;
    std::map<CircuitTicket, Fingerprint> of_calling;
    std::map<Fingerprint, LinkId> calling, called;
};

TEST_CASE("hostile relay: it joins the wrong two, and nobody is taken for another") {
    const bool with_each_other = GENERATE(true, false);
    Betrayed f;
    {
        Splicer splicer(f, with_each_other);
        f.let_alice_call();
        f.let_carol_call();
        for (int second = 0; second < 120; ++second) {
            for (Peer* caller : {&f.a, &f.c}) {
                if (caller->sees(f.b))
                    caller->endpoint().send(f.b.id(), text_message(to_hex(caller->id())));
            }
            f.network.run_for(1s);
        }
        CHECK(splicer.spliced > 0);
        for (const auto& [peer, message] : f.b.listener.messages)
            CHECK(std::get<Text>(message).text == to_hex(peer));
        CHECK_FALSE(f.a.sees(f.c));
        if (with_each_other) CHECK(f.b.listener.ups.empty());
    }
    REQUIRE(f.meet(120s));
    CHECK(f.says(f.a, "it is me"));
}

TEST_CASE("hostile relay: a knock that is shown to somebody else moves nobody") {
    Betrayed f;
    f.c.host.relays().set_relays({f.machine.relay_address()});
    REQUIRE(f.network.run_until([&] { return f.relay.has(f.c.id()); }, 5s));
    f.relay.on_knock = [&](const HostileRelay::Knock& knock) {
        f.relay.say(f.c.id(), call_with(knock, f.relay.new_ticket()));
    };
    f.let_alice_call();
    const auto dials = f.c.host.dials;
    f.network.run_for(60s);
    CHECK(f.relay.knocks.size() > 1);
    CHECK(f.c.host.dials == dials);
    CHECK_FALSE(f.a.sees(f.b));
    f.relay.on_knock = nullptr;
    REQUIRE(f.meet(120s));
}

TEST_CASE("hostile relay: it says that nobody is there, or nothing at all") {
    const bool answers = GENERATE(true, false);
    Betrayed f;
    f.relay.on_knock = [&](const HostileRelay::Knock& knock) {
        if (answers) f.relay.say(knock.caller, CircuitRefusal{knock.message.request, {}, 0});
    };
    f.let_alice_call();
    f.network.run_for(60s);
    REQUIRE_FALSE(f.a.listener.failures.empty());
    for (const auto& failure : f.a.listener.failures) {
        const auto reason = failure.ending.reason;  // of the direct address, too
        CHECK((reason == Ending::Reason::timed_out || reason == Ending::Reason::unreachable));
    }
    CHECK(f.a.host.links() <= 2);  // its line, and perhaps a direct attempt
    SECTION("it does its work again") {
        f.relay.on_knock = nullptr;
        CHECK(f.meet(120s));
    }
    SECTION("there is a direct way") { CHECK(f.direct(120s)); }
}

TEST_CASE("hostile relay: calls that nobody made") {
    Betrayed f;
    f.let_alice_call();
    REQUIRE(f.meet());
    SECTION("made up") {
        const auto dials = f.b.host.dials;
        for (int i = 0; i < 2'000; ++i) {
            CircuitCall call{f.relay.new_ticket(), f.a.id().bytes, {}};
            call.proof.nonce = f.machine.random().array<16>();
            call.proof.mac = f.machine.random().array<32>();
            f.relay.say(f.b.id(), call);
            if (i % 100 == 0) f.network.run_for(100ms);
        }
        f.network.run_for(1s);
        CHECK(f.b.host.dials == dials);
    }
    SECTION("one that was made, again and again") {
        f.relay.on_ticket_shown = [](LinkId, const CircuitTicket&) {};  // and nobody is joined
        const auto dials = f.b.host.dials;
        for (int i = 0; i < 5'000; ++i) {
            f.relay.say(f.b.id(), call_with(f.relay.knocks.front(), f.relay.new_ticket()));
            if (i % 50 == 0) f.network.run_for(100ms);
            if (i % 500 == 0) CHECK(f.b.host.links() <= 2 + RelayTransport::circuits_max);
        }
        const auto allowed = RelayTransport::call_burst + 11 * RelayTransport::calls_per_second;
        CHECK(f.b.host.dials - dials <= static_cast<std::uint64_t>(allowed));
        f.network.run_for(25s);
        CHECK(f.circuits_of_b() == 1);
    }
    CHECK(f.b.listener.downs.empty());
    CHECK(f.b.listener.ups.size() == 1);
    CHECK(f.says(f.a, "still here"));
}

TEST_CASE("hostile relay: two of them do not take the room of an honest one") {
    Betrayed f;
    sim::SimHost second(f.network, sim::test_identity("mallory"), 10);
    HostileRelay other(sim::test_identity("mallory").bundle(),
                       {second, second, second.clock(), second.random()});
    second.start_with(other);
    sim::SimHost honest(f.network, sim::test_identity("carol"), 11);
    honest.start_relay();
    f.b.host.relays().set_relays(
        {f.machine.relay_address(), second.relay_address(), honest.relay_address()});
    f.let_alice_call();
    REQUIRE(f.meet());
    REQUIRE(f.network.run_until([&] { return other.has(f.b.id()); }, 5s));
    const auto knock = f.relay.knocks.front();
    for (HostileRelay* relay : {&f.relay, &other})
        relay->on_ticket_shown = [](LinkId, const CircuitTicket&) {};
    const auto flood = [&](std::chrono::milliseconds time) {
        for (auto end = f.network.clock().monotonic() + time;
             f.network.clock().monotonic() < end && !f.a.sees(f.b);) {
            for (HostileRelay* relay : {&f.relay, &other})
                relay->say(f.b.id(), call_with(knock, relay->new_ticket()));
            f.network.run_for(20ms);
        }
    };
    f.a.endpoint().disconnect(f.b.id(), GoodbyeReason::closing);
    f.a.endpoint().remove_route(f.b.id());
    REQUIRE(f.network.run_until([&] { return !f.a.sees(f.b) && !f.b.sees(f.a); }, 20s));
    flood(15s);
    Route route = contact_route(f.b, 0xA0, 0xB0, true);
    const auto address = honest.relay_address();
    route.addresses = {{crypto::place_of(address), address.port, 0}};
    f.a.endpoint().set_route(route);
    flood(10s);
    CHECK(f.a.sees(f.b));
}

TEST_CASE("hostile relay: calls come from relays of one's own") {
    Betrayed f;
    f.let_alice_call();
    REQUIRE(f.meet());
    const auto dials = f.b.host.dials;
    f.b.host.relays().set_relays({});
    f.relay.on_ticket_shown = [](LinkId, const CircuitTicket&) {};
    for (int i = 0; i < 20; ++i) {
        f.relay.say(f.b.id(), call_with(f.relay.knocks.front(), f.relay.new_ticket()));
        f.network.run_for(100ms);
    }
    CHECK(f.b.host.dials == dials);
    CHECK(f.says(f.a, "still here"));
}

TEST_CASE("hostile relay: who is told to come later does, and not for ever") {
    Betrayed f;
    std::vector<std::chrono::milliseconds> at;
    const std::uint16_t wait = GENERATE(std::uint16_t{20}, std::uint16_t{65'535});
    f.relay.on_knock = [&](const HostileRelay::Knock& knock) {
        at.push_back(f.network.clock().monotonic());
        f.relay.say(knock.caller, CircuitRefusal{knock.message.request, CircuitReason::busy, wait});
    };
    f.let_alice_call();
    f.network.run_for(200s);
    REQUIRE(at.size() > 1);
    for (std::size_t i = 1; i < at.size(); ++i)
        CHECK(at[i] - at[i - 1] >= std::min<std::chrono::milliseconds>(20s, wait * 1s));
    f.relay.on_knock = nullptr;
    CHECK(f.meet(150s));
}

TEST_CASE(
    "hostile relay: tickets for what nobody asked, and messages that are none of its business") {
    Betrayed f;
    f.let_alice_call();
    REQUIRE(f.meet());
    const auto dials = f.a.host.dials;
    const auto request = f.relay.knocks.front().message.request;
    for (const std::uint64_t number : {request, request + 1, std::uint64_t{0}, ~std::uint64_t{0}}) {
        f.relay.say(f.a.id(), CircuitReady{number, f.relay.new_ticket()});
        f.relay.say(f.a.id(), CircuitRefusal{number, CircuitReason::absent, 0});
    }
    f.relay.say(f.a.id(), f.relay.knocks.front().message);
    f.relay.say(f.b.id(), text_message("a word from the relay"));
    f.relay.say(f.b.id(), ContactRequest{"Relay", "hello", {}, {}});
    f.network.run_for(1s);
    CHECK(f.a.host.dials == dials);
    CHECK(f.a.listener.downs.empty());
    CHECK(f.b.listener.messages.empty());
    CHECK(f.says(f.a, "still here"));
}

TEST_CASE("hostile relay: it falls silent in the middle") {
    Betrayed f;
    f.let_alice_call();
    REQUIRE(f.meet());
    f.relay.on_bytes = [](LinkId, const Bytes&) {};
    REQUIRE(f.network.run_until([&] { return !f.a.sees(f.b) && !f.b.sees(f.a); }, 21s));
    CHECK(f.a.listener.downs.back().second.reason == Ending::Reason::lost);
    CHECK(f.b.listener.downs.back().second.reason == Ending::Reason::lost);
    f.network.run_for(60s);
    CHECK(f.circuits_of_b() <= 2);
    CHECK(f.a.listener.ups.size() == 1);
    SECTION("it does its work again") {
        f.relay.on_bytes = nullptr;
        CHECK(f.meet(120s));
        CHECK(f.says(f.a, "there you are"));
    }
    SECTION("there is a direct way") {
        CHECK(f.direct(120s));
        f.network.run_for(30s);
        CHECK(f.circuits_of_b() == 0);
    }
}
