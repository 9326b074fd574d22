// SPDX-License-Identifier: MIT
//
// Asking addresses who is there, against scripted ends.
#include "net/asker.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace {

class ScriptedTransport final : public Transport {
public:
    LinkId dial(const SocketAddress& to) override {
        dialled.push_back(to);
        open.insert({++last, to});
        return last;
    }
    void send(LinkId link, Bytes bytes) override { sent[link] = std::move(bytes); }
    [[nodiscard]] std::size_t backlog(LinkId) const override { return 0; }
    void set_reading(LinkId, bool) override {}
    void close(LinkId link, bool) override { open.erase(link); }

    std::vector<SocketAddress> dialled;
    std::map<LinkId, SocketAddress> open;
    std::map<LinkId, Bytes> sent;
    LinkId last = 0;
};

SocketAddress at(std::uint8_t host) { return {{192, 0, 2, host}, 4711, 0}; }

Bytes framed(std::size_t size, std::uint8_t value) {
    Bytes frame;
    append_frame(frame, Bytes(size, value));
    return frame;
}

struct Fixture {
    ScriptedTransport transport;
    Timing timing;
    Asker asker{transport, timing};
    std::vector<tl::expected<Bytes, Ending>> results;
    const Bytes probe = Bytes(crypto::beacon_size, 0x11);

    void ask(std::vector<SocketAddress> addresses) {
        asker.ask(
            std::move(addresses), probe,
            [this](auto result) { results.push_back(std::move(result)); }, 0ms);
    }
};

}  // namespace

TEST_CASE("addresses are asked one after the other, and the first answer counts") {
    Fixture f;
    f.ask({at(1), at(2), at(3)});
    CHECK(f.transport.dialled.empty());
    CHECK(f.asker.tick(0ms) == 250ms);
    CHECK(f.transport.dialled.size() == 1);
    (void)f.asker.tick(249ms);
    CHECK(f.transport.dialled.size() == 1);
    (void)f.asker.tick(250ms);
    REQUIRE(f.transport.dialled.size() == 2);
    f.asker.on_closed(1, Ending::Reason::refused);  // the next one does not wait
    (void)f.asker.tick(251ms);
    REQUIRE(f.transport.dialled.size() == 3);
    f.asker.on_dialled(2);
    f.asker.on_dialled(3);
    CHECK(f.transport.sent.at(3) == framed(crypto::beacon_size, 0x11));
    const Bytes answer = framed(crypto::beacon_size, 0x22);
    f.asker.on_data(3, ByteView(answer).first(100));
    f.asker.on_data(3, ByteView(answer).subspan(100));
    CHECK(f.results.empty());  // not from inside
    CHECK(f.asker.tick(300ms) == std::chrono::milliseconds::max());
    REQUIRE(f.results.size() == 1);
    CHECK(f.results[0] == Bytes(crypto::beacon_size, 0x22));
    CHECK(f.transport.open.size() == 1);  // the refused one; the transport closed that itself
    CHECK(f.asker.links() == 0);
}

TEST_CASE("why nobody answered is told for people") {
    Fixture f;
    std::string words;
    Ending::Reason reason{};
    f.ask({at(1), at(2)});
    (void)f.asker.tick(0ms);
    (void)f.asker.tick(250ms);
    SECTION("nobody listens") {
        f.asker.on_closed(1, Ending::Reason::unreachable);
        f.asker.on_closed(2, Ending::Reason::refused);
        reason = Ending::Reason::refused;
        words = "Nobody is listening at 192.0.2.2:4711";
    }
    SECTION("closed without a word") {
        f.asker.on_dialled(1);
        f.asker.on_closed(2, Ending::Reason::refused);
        f.asker.on_closed(1, Ending::Reason::lost);
        reason = Ending::Reason::not_admitted;
        words = "Somebody listens at 192.0.2.1:4711 but did not answer";
    }
    SECTION("another size") {
        f.asker.on_dialled(1);
        f.asker.on_closed(2, Ending::Reason::refused);
        f.asker.on_data(1, framed(crypto::beacon_size - 1, 0));
        reason = Ending::Reason::protocol_error;
        words = "What listens at 192.0.2.1:4711 is not Kith";
    }
    SECTION("something else") {
        f.asker.on_dialled(1);
        f.asker.on_closed(2, Ending::Reason::refused);
        f.asker.on_data(1, Bytes{'S', 'S', 'H', '-', '2', '.', '0'});
        reason = Ending::Reason::protocol_error;
        words = "What listens at 192.0.2.1:4711 is not Kith";
    }
    SECTION("nothing at all, for as long as a dial may take") {
        f.asker.on_dialled(2);
        CHECK(f.asker.tick(9'999ms) == f.timing.dial);
        CHECK(f.results.empty());
        (void)f.asker.tick(10s);
        reason = Ending::Reason::not_admitted;
        words = "Somebody listens at 192.0.2.2:4711";
    }
    (void)f.asker.tick(10s);
    REQUIRE(f.results.size() == 1);
    REQUIRE_FALSE(f.results[0].has_value());
    CHECK(f.results[0].error().reason == reason);
    CHECK(f.results[0].error().text.starts_with(words));
    CHECK(f.asker.links() == 0);
}

TEST_CASE("questions have bounds") {
    Fixture f;
    SECTION("eight at a time, sixteen addresses each") {
        for (std::size_t i = 0; i < Endpoint::asks_max + 1; ++i)
            f.ask(std::vector<SocketAddress>(20, at(9)));
        for (auto now = 0ms; now < 9s; now += 50ms) (void)f.asker.tick(now);
        REQUIRE(f.results.size() == 1);
        CHECK(f.results[0].error().reason == Ending::Reason::closed_here);
        CHECK(f.asker.links() == Endpoint::asks_max * 16);
        (void)f.asker.tick(10s);
        CHECK(f.results.size() == Endpoint::asks_max + 1);
        CHECK(f.transport.open.empty());
    }
    SECTION("no address") {
        f.ask({});
        (void)f.asker.tick(0ms);
        CHECK(f.results.at(0).error().reason == Ending::Reason::no_addresses);
    }
    SECTION("nobody is called after the end") {
        f.ask({at(1)});
        (void)f.asker.tick(0ms);
        f.asker.stop();
        CHECK(f.transport.open.empty());
        (void)f.asker.tick(11s);
        CHECK(f.results.empty());
    }
    SECTION("who is called may ask again") {
        f.asker.ask(
            {}, f.probe, [&](const auto&) { f.ask({at(1)}); }, 0ms);
        (void)f.asker.tick(0ms);
        (void)f.asker.tick(0ms);
        CHECK(f.transport.dialled.size() == 1);
    }
}
