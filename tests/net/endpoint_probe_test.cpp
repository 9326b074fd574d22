// SPDX-License-Identifier: MIT
//
// Probes at an endpoint's door: answered, refused, of the wrong size, too many.
#include <catch2/catch_test_macros.hpp>

#include "net/framing.hpp"
#include "tests/net/raw_socket.hpp"
#include "tests/net/real_node.hpp"
#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;
using net::Ending;

namespace {

class Responder final : public net::ProbeResponder {
public:
    std::optional<net::Bytes> answer_probe(net::ByteView probe,
                                           const net::SocketAddress& from) override {
        ++asked;
        last_from = from;
        if (!answers) return std::nullopt;
        return net::Bytes(probe.rbegin(), probe.rend());
    }
    int asked = 0;
    bool answers = true;
    net::SocketAddress last_from;
};

net::Bytes numbered(std::size_t size) {
    net::Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return bytes;
}

struct Fixture {
    Fixture() {
        bob.endpoint().set_probe_responder(&responder);
        network.set_partitioned(alice.host, silent.host, true);
    }
    void ask(std::vector<net::SocketAddress> addresses, std::size_t size = crypto::beacon_size) {
        alice.endpoint().ask(std::move(addresses), numbered(size),
                             [this](auto result) { results.push_back(std::move(result)); });
    }
    [[nodiscard]] bool wait(std::chrono::milliseconds limit) {
        return network.run_until([this] { return !results.empty(); }, limit);
    }

    sim::SimNetwork network{1};
    Peer alice{network, "alice", 1};
    Peer bob{network, "bob", 2};
    Peer silent{network, "carol", 3};
    Responder responder;
    std::vector<tl::expected<net::Bytes, Ending>> results;
};

}  // namespace

TEST_CASE("a probe is answered and the link closes") {
    Fixture f;
    f.ask({f.silent.host.address(), f.bob.host.address()});
    REQUIRE(f.wait(1s));
    const auto probe = numbered(crypto::beacon_size);
    CHECK(f.results[0] == net::Bytes(probe.rbegin(), probe.rend()));
    CHECK(f.responder.asked == 1);
    CHECK(f.responder.last_from == f.alice.host.address());
    f.network.run_for(2s);
    CHECK(f.alice.host.links() == 0);
    CHECK(f.bob.host.links() == 0);
    CHECK(f.bob.endpoint().stats().links == 0);
    CHECK(f.bob.host.decryptions == 0);
    CHECK(f.bob.listener.ups.empty());
    CHECK(f.results.size() == 1);
}

TEST_CASE("a probe that is not answered ends in silence") {
    Fixture f;
    SECTION("no responder") { f.bob.endpoint().set_probe_responder(nullptr); }
    SECTION("the responder does not want to") { f.responder.answers = false; }
    f.ask({f.bob.host.address()});
    REQUIRE(f.wait(1s));
    REQUIRE_FALSE(f.results[0].has_value());
    CHECK(f.results[0].error().reason == Ending::Reason::not_admitted);
    CHECK(f.bob.host.links() == 0);
}

TEST_CASE("a first frame of another size is no probe") {
    Fixture f;
    f.ask({f.bob.host.address()}, crypto::beacon_size - 1);
    f.ask({f.bob.host.address()}, crypto::beacon_size + 1);
    REQUIRE(f.network.run_until([&] { return f.results.size() == 2; }, 1s));
    CHECK(f.responder.asked == 0);
    for (const auto& result : f.results)
        CHECK(result.error().reason == Ending::Reason::not_admitted);
}

TEST_CASE("nobody there: told after the time of a dial") {
    Fixture f;
    f.ask({f.silent.host.address()});
    REQUIRE(f.wait(net::limits::dial_timeout + 100ms));
    CHECK(f.results[0].error().reason == Ending::Reason::timed_out);
    CHECK(f.results[0].error().text.find("192.0.2.3:4711") != std::string::npos);
}

TEST_CASE("a flood of probes gets few answers, and a contact connects meanwhile") {
    Fixture f;
    Peer mallory(f.network, "mallory", 4);
    make_contacts(f.alice, f.bob, false, false);
    int unanswered = 0;
    for (int round = 0; round < 250; ++round) {
        for (std::size_t i = 0; i < net::Endpoint::asks_max; ++i) {
            mallory.endpoint().ask({f.bob.host.address()}, numbered(crypto::beacon_size),
                                   [&](auto result) { unanswered += result ? 0 : 1; });
        }
        f.network.run_for(40ms);
        if (round == 125) f.alice.endpoint().connect(f.bob.id());
    }
    CHECK(f.alice.sees(f.bob));
    CHECK(f.responder.asked <= 5 + 10 * 20);  // 10 s at the rate of an address
    CHECK(f.responder.asked >= 100);
    CHECK(unanswered > 1000);
    f.network.run_for(12s);
    CHECK(f.bob.endpoint().stats().links == 1);
}

TEST_CASE("probes over real links: one each, whatever is sent behind it") {
    RealNode bob("bob");
    Responder responder;
    bob.run([&] { bob.endpoint->set_probe_responder(&responder); });
    bob.listen();
    net::Bytes two;
    for (int i = 0; i < 2; ++i) net::append_frame(two, numbered(crypto::beacon_size));
    RawSocket socket;
    REQUIRE(socket.connect(bob.port));
    REQUIRE(socket.send(two));
    CHECK(socket.closed_within(5000));
    CHECK(bob.on_loop([&] { return responder.asked; }) == 1);

    RealNode alice("alice");
    std::promise<tl::expected<net::Bytes, Ending>> answered;
    alice.run([&] {
        alice.endpoint->ask({bob.address()}, numbered(crypto::beacon_size),
                            [&](auto result) { answered.set_value(std::move(result)); });
    });
    auto answer = answered.get_future();
    REQUIRE(answer.wait_for(10s) == std::future_status::ready);
    CHECK(answer.get().has_value());
    bob.run([&] { bob.endpoint->set_probe_responder(nullptr); });
}
