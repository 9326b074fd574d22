// SPDX-License-Identifier: MIT
//
// Endpoints on real loopback sockets.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "crypto/handshake.hpp"
#include "net/descriptor_limit.hpp"
#include "net/framing.hpp"
#include "net/limits.hpp"
#include "tests/net/raw_socket.hpp"
#include "tests/net/real_node.hpp"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using net::Ending;

namespace {

net::Text text_message(std::string text) {
    net::Text message;
    message.id.fill(9);
    message.text = std::move(text);
    return message;
}

// Sanitizers keep books about memory in memory.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool memory_counts = false;
#else
constexpr bool memory_counts = true;
#endif

std::size_t resident_kib() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        if (word == "VmRSS:") break;
    }
    std::size_t kib = 0;
    status >> kib;
    return kib;
}

/// A port nobody listens on: taken and given back.
std::uint16_t free_port() {
    RealNode node("mallory");
    return node.listen();
}

}  // namespace

TEST_CASE("two nodes meet over TCP and exchange messages") {
    RealNode alice("alice");
    RealNode bob("bob");
    bob.listen();
    introduce(alice, bob, {bob.address()});
    REQUIRE(alice.wait_until([&] { return alice.listener.up.contains(bob.id()); }, 5s));
    REQUIRE(bob.wait_until([&] { return bob.listener.up.contains(alice.id()); }, 5s));
    alice.run([&] {
        for (int i = 0; i < 200; ++i) {
            alice.endpoint->send(bob.id(),
                                 text_message(std::to_string(i) + std::string(10'000, 'x')));
        }
    });
    REQUIRE(bob.wait_until([&] { return bob.listener.messages.size() == 200; }, 5s));
    bob.run([&] { bob.endpoint->send(alice.id(), net::Ack{}); });
    REQUIRE(alice.wait_until([&] { return alice.listener.messages.size() == 1; }, 5s));
    bob.run([&] {
        for (std::size_t i = 0; i < 200; ++i) {
            const auto& text = std::get<net::Text>(bob.listener.messages[i].second).text;
            CHECK(static_cast<std::size_t>(std::stoi(text)) == i);
        }
    });
    CHECK(alice.on_loop([&] { return alice.endpoint->stats().bytes_out; }) > 2'000'000);
}

TEST_CASE("a goodbye arrives although the process ends") {
    RealNode alice("alice");
    {
        RealNode bob("bob");
        bob.listen();
        introduce(alice, bob, {bob.address()});
        REQUIRE(alice.wait_until([&] { return alice.listener.up.contains(bob.id()); }, 5s));
        REQUIRE(bob.wait_until([&] { return bob.listener.up.contains(alice.id()); }, 5s));
        bob.run([&] { bob.endpoint->send(alice.id(), text_message("going")); });
    }
    REQUIRE(alice.wait_until([&] { return !alice.listener.downs.empty(); }, 20s));
    CHECK(alice.listener.messages.size() == 1);
    CHECK(alice.listener.downs[0].second.reason == Ending::Reason::peer_left);
}

TEST_CASE("addresses are tried until one answers") {
    RealNode alice("alice");
    RealNode bob("bob");
    bob.listen();
    const auto dead = free_port();
    introduce(alice, bob,
              {{{127, 0, 0, 1}, dead, 0},
               {{255, 255, 255, 255}, 1, 0},
               {{127, 0, 0, 2}, dead, 0},
               bob.address()});
    REQUIRE(alice.wait_until([&] { return alice.listener.up.contains(bob.id()); }, 5s));
    CHECK(alice.listener.failures.empty());
}

TEST_CASE("a refused dial says where nobody listens") {
    RealNode alice("alice");
    RealNode bob("bob");
    const auto dead = free_port();
    introduce(alice, bob, {{{127, 0, 0, 1}, dead, 0}});
    REQUIRE(alice.wait_until([&] { return !alice.listener.failures.empty(); }, 5s));
    const auto& failure = alice.listener.failures[0];
    CHECK(failure.ending.reason == Ending::Reason::refused);
    CHECK(failure.ending.text.find("127.0.0.1:" + std::to_string(dead)) != std::string::npos);
    CHECK(failure.retry_in > 0ms);
}

TEST_CASE("listening: one port for all addresses, errors are sentences") {
    RealNode alice("alice");
    const auto port = alice.listen({});
    const auto bound = alice.on_loop([&] { return alice.driver->listening(); });
    REQUIRE_FALSE(bound.empty());
    for (const auto& address : bound) CHECK(address.port == port);
    const auto reachable = alice.on_loop([&] { return alice.driver->reachable_addresses(); });
    REQUIRE_FALSE(reachable.empty());
    for (const auto& address : reachable) {
        CHECK(address.port == port);
        CHECK(std::any_of(address.address.begin(), address.address.end(),
                          [](auto b) { return b != 0; }));
    }

    RealNode bob("bob");
    const auto taken = bob.on_loop([&] { return bob.driver->listen({{"127.0.0.1"}, port}); });
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error().find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
    CHECK(taken.error().find("in use") != std::string::npos);
    const auto nonsense = bob.on_loop([&] { return bob.driver->listen({{"localhost"}, 0}); });
    CHECK_FALSE(nonsense.has_value());
    const auto again = bob.on_loop([&] {
        return bob.driver->listen({{"127.0.0.1", "127.0.0.2"}, 0});
    });
    REQUIRE(again.has_value());
    CHECK(bob.on_loop([&] { return bob.driver->listening().size(); }) == 2);
}

TEST_CASE("a contact connects through a flood of half-open connections") {
    net::raise_descriptor_limit(8192);
    RealNode alice("alice");
    RealNode bob("bob");
    const auto port = bob.listen();
    const auto memory_before = resident_kib();
    std::vector<RawSocket> flood(2000);
    for (std::size_t i = 0; i < flood.size(); ++i) {
        // From many addresses, the contact's own among them.
        REQUIRE(flood[i].connect(port, static_cast<std::uint8_t>(1 + i % 100)));
        if (i % 2 == 0) (void)flood[i].send(crypto::Bytes{0, 0, 8});  // the start of a length
    }
    const auto start = std::chrono::steady_clock::now();
    introduce(alice, bob, {bob.address()});
    REQUIRE(alice.wait_until([&] { return alice.listener.up.contains(bob.id()); }, 20s));
    // Compared by a reader, not asserted: the promise is 2 s, the machine that runs this may be
    // busy.
    const auto took = std::chrono::steady_clock::now() - start;
    if (took > 2s) WARN("took " << std::chrono::duration<double>(took).count() << " s");
    CHECK(bob.on_loop([&] { return bob.endpoint->stats().links; }) <=
          net::limits::links_in_handshake + 1);
    // Both ends of 2,000 connections live in this process; ours are 1,024.
    if (memory_counts) CHECK(resident_kib() < memory_before + 16 * 1024);
}

TEST_CASE("a contact connects through a flood of first messages with a good invite token") {
    net::raise_descriptor_limit(8192);
    RealNode alice("alice");
    RealNode bob("bob");
    const auto port = bob.listen();
    crypto::SystemRandom random;
    const auto mallory = test_identity("mallory").bundle();
    crypto::Initiator initiator(mallory, {bob.id(), {bob.invite.begin(), bob.invite.end()}},
                                random);
    crypto::Bytes m1;
    net::append_frame(m1, initiator.start());
    std::vector<RawSocket> flood(1000);
    for (std::size_t i = 0; i < flood.size(); ++i) {
        // All from the contact's own address: its rate is used up.
        REQUIRE(flood[i].connect(port));
        (void)flood[i].send(m1);
        if (i == flood.size() / 2) introduce(alice, bob, {bob.address()});
    }
    REQUIRE(alice.wait_until([&] { return alice.listener.up.contains(bob.id()); }, 20s));
    // The strangers beyond the rate were closed after one HMAC, without an answer.
    CHECK(flood.back().closed_within(2000));
    const auto stats = bob.on_loop([&] { return bob.endpoint->stats(); });
    CHECK(stats.links < net::limits::half_open_per_address);
    CHECK(stats.sessions == 1);
}

TEST_CASE("a contact connects while a recording of its first message is played back") {
    net::raise_descriptor_limit(8192);
    RealNode alice("alice");
    RealNode bob("bob");
    const auto port = bob.listen();
    introduce(alice, bob, {});
    crypto::SystemRandom random;
    crypto::Initiator initiator(test_identity("alice").bundle(),
                                {bob.id(), crypto::Bytes(16, 0xB2)}, random);
    crypto::Bytes m1;
    net::append_frame(m1, initiator.start());
    std::vector<RawSocket> flood(1100);
    for (auto& link : flood) {
        REQUIRE(link.connect(port));
        (void)link.send(m1);
    }
    introduce(alice, bob, {bob.address()});
    REQUIRE(alice.wait_until([&] { return alice.listener.up.contains(bob.id()); }, 20s));
    CHECK(flood.back().closed_within(2000));
    // Only the first one got an answer.
    CHECK(bob.on_loop([&] { return bob.endpoint->stats().links; }) <= 2);
}

TEST_CASE("slow bytes end at the deadline of the handshake, nonsense at once") {
    net::Timing timing;
    timing.handshake = 300ms;
    RealNode bob("bob", timing);
    const auto port = bob.listen();
    RawSocket silent;
    RawSocket slow;
    RawSocket nonsense;
    RawSocket too_long;
    RawSocket no_token;
    REQUIRE(silent.connect(port));
    REQUIRE(slow.connect(port));
    REQUIRE(slow.send(crypto::Bytes{0, 0, 5, 1, 'K'}));
    REQUIRE(nonsense.connect(port));
    REQUIRE(nonsense.send(crypto::view("GET / HTTP/1.1\r\n\r\n")));
    REQUIRE(too_long.connect(port));
    REQUIRE(too_long.send(crypto::Bytes{0, 0, 0x10, 1}));
    REQUIRE(no_token.connect(port));
    crypto::Bytes m1(1300, 7);
    m1[0] = m1[1] = 0, m1[2] = 5, m1[3] = 0x10;
    REQUIRE(no_token.send(m1));
    CHECK(nonsense.closed_within(2000));
    CHECK(too_long.closed_within(2000));
    CHECK(no_token.closed_within(2000));
    CHECK(silent.closed_within(2000));
    CHECK(slow.closed_within(2000));
}

TEST_CASE("a reader that pauses bounds the sender's memory") {
    RealNode alice("alice");
    RealNode bob("bob");
    bob.listen();
    introduce(alice, bob, {bob.address()});
    REQUIRE(alice.wait_until([&] { return alice.listener.up.contains(bob.id()); }, 5s));
    REQUIRE(bob.wait_until([&] { return bob.listener.up.contains(alice.id()); }, 5s));
    bob.run([&] { bob.endpoint->set_reading(alice.id(), false); });
    const auto memory_before = resident_kib();
    // Sends without looking at what send() says: cut at session_backlog_max.
    for (int i = 0; i < 2000; ++i) {
        alice.run([&] { alice.endpoint->send(bob.id(), text_message(std::string(60'000, 'x'))); });
        if (!alice.on_loop([&] { return alice.endpoint->has_session(bob.id()); })) break;
    }
    REQUIRE(alice.wait_until([&] { return !alice.listener.downs.empty(); }, 5s));
    if (memory_counts)
        CHECK(resident_kib() < memory_before + 3 * (net::limits::session_backlog_max >> 10));
}
