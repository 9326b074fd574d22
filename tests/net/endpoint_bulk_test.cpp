// SPDX-License-Identifier: MIT
//
// Connections of their own for runs of files: made on real sockets, refused, given up.
#include <catch2/catch_test_macros.hpp>

#include "net/bulk_door.hpp"
#include "net/framing.hpp"
#include "tests/net/raw_socket.hpp"
#include "tests/net/real_node.hpp"
#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using net::Ending;

namespace {

constexpr auto patience = 5s;

net::RunId run_of(std::uint8_t number) {
    net::RunId run{};
    run.fill(number);
    return run;
}

/// Alice has dialled Bob.
struct RealPair {
    RealPair() {
        bob.listen();
        introduce(alice, bob, {bob.address()});
        if (!alice.wait_until([&] { return alice.listener.up.contains(bob.id()); }, patience) ||
            !bob.wait_until([&] { return bob.listener.up.contains(alice.id()); }, patience))
            throw std::runtime_error("no session");
    }
    void expect(std::uint8_t run) {
        bob.run([&] { bob.endpoint->expect_bulk(alice.id(), run_of(run)); });
    }
    void open(std::uint8_t run) {
        alice.run([&] { alice.endpoint->open_bulk(bob.id(), run_of(run)); });
    }
    bool linked(std::uint8_t run) {
        const auto there = [&](RealNode& node) {
            return node.wait_until([&] { return node.listener.bulk.contains(run_of(run)); },
                                   patience);
        };
        return there(alice) && there(bob);
    }
    net::BulkLink take(RealNode& node, std::uint8_t run) {
        return std::move(node.listener.bulk.extract(run_of(run)).mapped());
    }
    RealNode alice{"alice"};
    RealNode bob{"bob"};
};

/// All of `size` bytes; the sockets do not block.
crypto::Bytes read_all(const net::BulkSocket& socket, std::size_t size) {
    crypto::Bytes bytes = socket.early();
    while (bytes.size() < size) {
        pollfd waiting{socket.get(), POLLIN, 0};
        if (::poll(&waiting, 1, 5000) <= 0) break;
        std::uint8_t buffer[4096];
        const auto got = ::recv(socket.get(), buffer, sizeof buffer, 0);
        if (got <= 0) break;
        bytes.insert(bytes.end(), buffer, buffer + got);
    }
    return bytes;
}

}  // namespace

TEST_CASE("a run gets a connection of its own, with keys that fit together") {
    RealPair pair;
    CHECK(pair.alice.on_loop([&] { return pair.alice.endpoint->initiated(pair.bob.id()); }));
    CHECK_FALSE(pair.bob.on_loop([&] { return pair.bob.endpoint->initiated(pair.alice.id()); }));
    pair.expect(1);
    pair.open(1);
    REQUIRE(pair.linked(1));
    net::BulkLink here = pair.take(pair.alice, 1);
    net::BulkLink there = pair.take(pair.bob, 1);
    CHECK(here.keys.send == there.keys.receive);
    CHECK(here.keys.receive == there.keys.send);
    CHECK(here.keys.send != here.keys.receive);
    CHECK(here.keys.rekey == there.keys.rekey);
    CHECK(here.keys.handshake_hash == there.keys.handshake_hash);

    crypto::SystemRandom random;
    crypto::RecordChannel from(here.side, std::move(here.keys), random);
    crypto::RecordChannel to(there.side, std::move(there.keys), random);
    const crypto::Bytes said{1, 2, 3};
    const auto frame = from.seal(said, 0ms).value();
    REQUIRE(::send(here.socket.get(), frame.data(), frame.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(frame.size()));
    const auto arrived = read_all(there.socket, frame.size());
    REQUIRE(arrived == frame);
    CHECK(to.open(crypto::ByteView(arrived).subspan(4), 0ms)->payload == said);

    // The session goes on beside it, and does not end with it.
    pair.alice.run([&] {
        net::Text text;
        text.text = "still here";
        pair.alice.endpoint->send(pair.bob.id(), text);
    });
    CHECK(pair.bob.wait_until([&] { return !pair.bob.listener.messages.empty(); }, patience));
}

TEST_CASE("what is said behind the ticket at once is not lost") {
    RealPair pair;
    // Many at a time, so that some tickets arrive together with what follows them.
    for (std::uint8_t run = 1; run <= 20; ++run) pair.expect(run);
    for (std::uint8_t run = 1; run <= 20; ++run) {
        pair.open(run);
        REQUIRE(pair.alice.wait_until(
            [&] { return pair.alice.listener.bulk.contains(run_of(run)); }, patience));
        const crypto::Bytes said(100, run);
        const int file = pair.alice.listener.bulk.at(run_of(run)).socket.get();
        CHECK(::send(file, said.data(), said.size(), MSG_NOSIGNAL) == 100);
    }
    for (std::uint8_t run = 1; run <= 20; ++run) {
        REQUIRE(pair.linked(run));
        CHECK(read_all(pair.take(pair.bob, run).socket, 100) == crypto::Bytes(100, run));
    }
}

TEST_CASE("keys differ between runs and between sessions") {
    RealPair pair;
    for (const std::uint8_t run : {1, 2}) {
        pair.expect(run);
        pair.open(run);
        REQUIRE(pair.linked(run));
    }
    const auto first = pair.take(pair.alice, 1);
    CHECK(first.keys.send != pair.take(pair.alice, 2).keys.send);
    RealPair again;
    again.expect(1);
    again.open(1);
    REQUIRE(again.linked(1));
    CHECK(first.keys.send != again.take(again.alice, 1).keys.send);
}

TEST_CASE("tickets nobody expects are dropped, and used ones are worth nothing") {
    RealPair pair;
    pair.expect(1);
    crypto::Bytes frame;
    net::append_frame(frame, crypto::Bytes(net::bulk_ticket_size, 7));
    for (int i = 0; i < 20; ++i) {
        RawSocket stranger;
        REQUIRE(stranger.connect(pair.bob.port, static_cast<std::uint8_t>(i + 2)));
        REQUIRE(stranger.send(frame));
        CHECK(stranger.closed_within(5000));
    }
    // Not expected by the other side (any more): it hangs up, and this side notices.
    pair.open(2);
    REQUIRE(pair.alice.wait_until([&] { return pair.alice.listener.bulk.contains(run_of(2)); },
                                  patience));
    CHECK(read_all(pair.take(pair.alice, 2).socket, 1).empty());
    pair.open(1);
    REQUIRE(pair.linked(1));
    pair.open(1);
    REQUIRE(pair.alice.wait_until([&] { return !pair.alice.listener.bulk.empty(); }, patience));
    CHECK_FALSE(pair.bob.wait_until([&] { return pair.bob.listener.bulk.size() > 1; }, 100ms));
    CHECK(pair.bob.on_loop([&] { return pair.bob.endpoint->stats().links; }) == 1);
}

TEST_CASE("runs that find no way, no time or no session fail on both sides") {
    sim::SimNetwork network(1);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 20s));
    const auto failed = [](const Peer& peer, std::uint8_t run) {
        for (const auto& [id, reason] : peer.listener.bulk_failures) {
            if (id == run_of(run)) return true;
        }
        return false;
    };

    SECTION("nobody listens there") {
        bob.host.listening = false;
        alice.endpoint().open_bulk(bob.id(), run_of(1));
        REQUIRE(network.run_until([&] { return failed(alice, 1); }, 20s));
    }
    SECTION("nobody comes") {
        bob.endpoint().expect_bulk(alice.id(), run_of(1));
        CHECK_FALSE(network.run_until([&] { return failed(bob, 1); }, 14s));
        REQUIRE(network.run_until([&] { return failed(bob, 1); }, 20s));
    }
    SECTION("the session ends meanwhile") {
        bob.endpoint().expect_bulk(alice.id(), run_of(1));
        network.cut(alice.host, bob.host);
        REQUIRE(network.run_until([&] { return failed(bob, 1); }, 1s));
    }
    SECTION("there is no session") {
        alice.endpoint().disconnect(bob.id(), net::GoodbyeReason::closing);
        REQUIRE(network.run_until([&] { return !alice.sees(bob); }, 5s));
        alice.endpoint().open_bulk(bob.id(), run_of(1));
        bob.endpoint().expect_bulk(alice.id(), run_of(2));
        REQUIRE(network.run_until([&] { return failed(alice, 1) && failed(bob, 2); }, 1s));
    }
    SECTION("too many are expected") {
        for (std::uint8_t run = 0; run <= net::BulkDoor::waiting_max; ++run)
            bob.endpoint().expect_bulk(alice.id(), run_of(run));
        REQUIRE(network.run_until([&] { return failed(bob, net::BulkDoor::waiting_max); }, 1s));
        CHECK_FALSE(failed(bob, 0));
    }
    SECTION("forgotten ones are not reported") {
        bob.endpoint().expect_bulk(alice.id(), run_of(1));
        bob.endpoint().forget_bulk(run_of(1));
        network.run_for(20s);
        CHECK(bob.listener.bulk_failures.empty());
    }
}

TEST_CASE("files in the session leave room for what people say") {
    sim::SimNetwork network(1);
    network.set_latency(1ms, 5ms);
    Peer alice(network, "alice", 1);
    Peer bob(network, "bob", 2);
    make_contacts(alice, bob, true, false);
    REQUIRE(network.run_until([&] { return alice.sees(bob) && bob.sees(alice); }, 20s));
    bob.host.set_frozen(true);
    std::size_t sent = 0;
    while (alice.endpoint().bulk_room(bob.id()) > 0 && sent < 10'000) {
        alice.endpoint().send(bob.id(), net::BulkData{run_of(1), crypto::Bytes(1000)});
        ++sent;
        alice.endpoint().flush();
    }
    CHECK(sent < 10'000);
    CHECK(alice.listener.drained == 0);
    bob.host.set_frozen(false);
    REQUIRE(network.run_until([&] { return alice.listener.drained > 0; }, 5s));
    CHECK(alice.endpoint().bulk_room(bob.id()) > 0);
}
