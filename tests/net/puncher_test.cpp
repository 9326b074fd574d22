// SPDX-License-Identifier: MIT
//
// The puncher alone: what it says and dials, and what nobody can make it do.
#include "net/relay/puncher.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <variant>

#include "tests/support/deterministic_random.hpp"

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace {

const SocketAddress here{{203, 0, 113, 1}, 40'000, 0};
const SocketAddress there{{203, 0, 113, 2}, 50'000, 0};
constexpr LinkId circuit = 7;

class World final : public Transport, public Puncher::Host {
public:
    LinkId dial(const SocketAddress&) override { return 0; }
    LinkId dial_beside(LinkId link, const SocketAddress& to) override {
        beside = link;
        dialled.push_back(to);
        return 100 + dialled.size();
    }
    bool ask_whence(LinkId) override {
        ++asked;
        return relay_is_there;
    }
    void send(LinkId, Bytes) override {}
    [[nodiscard]] std::size_t backlog(LinkId) const override { return 0; }
    void set_reading(LinkId, bool) override {}
    void close(LinkId link, bool) override { closed.push_back(link); }
    void send_punch(const Fingerprint&, const Message& message) override {
        said.push_back(message);
    }
    void on_punched(const Fingerprint&, LinkId link, const SocketAddress&, bool leads) override {
        punched.emplace_back(link, leads);
    }
    [[nodiscard]] LinkId last_link() const { return 100 + dialled.size(); }

    bool relay_is_there = true;
    int asked = 0;
    LinkId beside = 0;
    std::vector<SocketAddress> dialled;
    std::vector<LinkId> closed;
    std::vector<Message> said;
    std::vector<std::pair<LinkId, bool>> punched;
};

struct Fixture {
    /// The clock jumps from one deadline to the next.
    void run_for(Puncher::Milliseconds duration) {
        const auto until = now + duration;
        for (auto next = puncher.tick(now); next <= until; next = puncher.tick(now)) now = next;
        now = until;
    }
    void lead() {
        puncher.on_session(peer, circuit, true, now);
        run_for(Puncher::settling);
        puncher.on_seen(circuit, here, now);
    }
    void follow(const SocketAddress& theirs = there, const SocketAddress& own = here) {
        puncher.on_session(peer, circuit, false, now);
        offered(theirs);
        puncher.on_seen(circuit, own, now);
    }
    void offered(const SocketAddress& theirs, std::uint32_t round = 1) {
        puncher.on_offer(peer, PunchOffer{round, theirs.address, theirs.port}, now);
    }
    template <typename M>
    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(std::ranges::count_if(
            world.said, [](const Message& m) { return std::holds_alternative<M>(m); }));
    }

    const Fingerprint peer{{9}};
    World world;
    test::DeterministicRandom random{1};
    Puncher puncher{world, random, world};
    Puncher::Milliseconds now{1'000'000};
};

}  // namespace

TEST_CASE("puncher: who leads asks the relay, offers, and begins half a round trip after its go") {
    Fixture f;
    f.puncher.on_session(f.peer, circuit, true, f.now);
    CHECK(f.puncher.tick(f.now) == f.now + Puncher::settling);
    CHECK(f.world.asked == 0);
    f.run_for(Puncher::settling);
    CHECK(f.world.asked == 1);
    CHECK(f.world.said.empty());
    f.puncher.on_seen(circuit, here, f.now);
    REQUIRE(f.count<PunchOffer>() == 1);
    const auto offer = std::get<PunchOffer>(f.world.said.back());
    CHECK(SocketAddress{offer.address, offer.port, 0} == here);

    f.run_for(200ms);
    f.offered(there, offer.round);
    REQUIRE(f.count<PunchGo>() == 1);
    CHECK(std::get<PunchGo>(f.world.said.back()).round == offer.round);
    CHECK(f.world.dialled.empty());
    f.run_for(99ms);
    CHECK(f.world.dialled.empty());
    f.run_for(1ms);
    REQUIRE(f.world.dialled == std::vector{there});
    CHECK(f.world.beside == circuit);
    f.puncher.on_dialled(f.world.last_link(), f.now);
    CHECK(f.world.punched == std::vector{std::pair{f.world.last_link(), true}});
    CHECK_FALSE(f.puncher.owns(f.world.last_link()));
    f.puncher.on_session_gone(f.peer);
    CHECK(f.world.closed.empty());  // it is the host's
    CHECK(f.puncher.tick(f.now) == Puncher::Milliseconds::max());
}

TEST_CASE("puncher: who follows answers, and dials on the go and not before") {
    Fixture f;
    f.follow();
    REQUIRE(f.count<PunchOffer>() == 1);
    CHECK(std::get<PunchOffer>(f.world.said.back()).round == 1);
    CHECK(f.world.dialled.empty());
    f.puncher.on_go(f.peer, PunchGo{2}, f.now);  // another round
    CHECK(f.world.dialled.empty());
    f.puncher.on_go(f.peer, PunchGo{1}, f.now);
    CHECK(f.world.dialled == std::vector{there});
    f.puncher.on_dialled(f.world.last_link(), f.now);
    CHECK(f.world.punched == std::vector{std::pair{f.world.last_link(), false}});
}

TEST_CASE("puncher: what is refused is dialled again until the window closes") {
    Fixture f;
    f.follow();
    f.puncher.on_go(f.peer, PunchGo{1}, f.now);
    const auto end = f.now + Puncher::window;
    while (f.now < end) {
        const auto dials = f.world.dialled.size();
        f.puncher.on_closed(f.world.last_link(), f.now);
        f.run_for(Puncher::redial);
        if (f.world.dialled.size() == dials) break;
    }
    CHECK(f.world.dialled.size() == Puncher::dials_max);
    f.run_for(60s);
    CHECK(f.world.dialled.size() == Puncher::dials_max);
}

TEST_CASE("puncher: what stays unanswered is given up, and tried a few times in a session") {
    Fixture f;
    f.lead();
    for (std::uint32_t round = 1; round <= 10; ++round) {
        f.offered(there, round);
        const auto offers = f.count<PunchOffer>();
        for (int i = 0; i < 1'000 && f.count<PunchOffer>() == offers; ++i) f.run_for(1s);
    }
    CHECK(f.world.dialled.size() == Puncher::tries_max);
    CHECK(f.world.closed.size() == Puncher::tries_max);
    CHECK(f.world.asked == 1);
    CHECK(f.puncher.tick(f.now) == Puncher::Milliseconds::max());
}

TEST_CASE("puncher: offers nobody answers become rare, and go on") {
    Fixture f;
    f.lead();
    f.run_for(60 * 60s);
    CHECK(f.count<PunchOffer>() >= 6);
    CHECK(f.count<PunchOffer>() <= 24);
    CHECK(f.world.dialled.empty());
}

TEST_CASE("puncher: without an answer of the relay nothing is offered") {
    Fixture f;
    SECTION("an old relay") {
        f.puncher.on_session(f.peer, circuit, true, f.now);
        f.run_for(60s);
        CHECK(f.world.asked > 1);
    }
    SECTION("no relay") {
        f.world.relay_is_there = false;
        f.puncher.on_session(f.peer, circuit, true, f.now);
        f.run_for(60s);
        CHECK(f.world.asked > 1);
    }
    SECTION("one on this machine") {
        f.puncher.on_session(f.peer, circuit, true, f.now);
        f.run_for(Puncher::settling);
        f.puncher.on_seen(circuit, {{127, 0, 0, 1}, 40'000, 0}, f.now);
        CHECK(f.puncher.tick(f.now) == Puncher::Milliseconds::max());
    }
    SECTION("an answer that was not asked for") {
        f.puncher.on_session(f.peer, circuit, false, f.now);
        f.puncher.on_seen(circuit, here, f.now);
        f.puncher.on_seen(circuit + 1, here, f.now);
    }
    CHECK(f.world.said.empty());
}

TEST_CASE("puncher: a contact that offers and goes without end makes it dial a few times only") {
    Fixture f;
    f.follow();
    for (std::uint32_t round = 1; round < 2'000; ++round) {
        f.offered({{203, 0, 113, 9}, static_cast<std::uint16_t>(1023 + round), 0}, round);
        f.puncher.on_go(f.peer, PunchGo{round}, f.now);
        if (f.world.dialled.size() > f.world.closed.size() && round % 3 == 0)
            f.puncher.on_closed(f.world.last_link(), f.now);
        f.run_for(1s);
    }
    CHECK(f.world.dialled.size() <= Puncher::tries_max * Puncher::dials_max);
    CHECK(f.count<PunchOffer>() <= 2'000 / 5 + 1);
    std::vector<SocketAddress> places;
    for (const auto& to : f.world.dialled) {
        if (std::ranges::find(places, to) == places.end()) places.push_back(to);
    }
    CHECK(places.size() <= Puncher::tries_max);
}

TEST_CASE("puncher: whether anybody was at the other end shows in nothing it says") {
    const bool open = GENERATE(true, false);
    const auto found = [&](Fixture& f) {
        f.run_for(100ms);
        REQUIRE(f.world.dialled.size() == 1);
        if (open) f.puncher.on_dialled(f.world.last_link(), f.now);
    };
    SECTION("who follows") {
        Fixture f;
        f.follow();
        f.puncher.on_go(f.peer, PunchGo{1}, f.now);
        const auto began = f.now;
        found(f);
        for (std::uint32_t round = 2; f.count<PunchOffer>() == 1; ++round) {
            REQUIRE(f.now < began + 2 * Puncher::window);
            f.run_for(1s);
            f.offered(there, round);
        }
        CHECK(f.now >= began + Puncher::window);
    }
    SECTION("who leads") {
        Fixture f;
        f.lead();
        f.offered(there);
        const auto began = f.now;
        found(f);
        while (f.count<PunchOffer>() == 1) f.run_for(100ms);
        CHECK(f.now >= began + Puncher::window + Puncher::retry_min / 2);
    }
}

TEST_CASE("puncher: who leads takes one answer, to its own question") {
    Fixture f;
    f.lead();
    f.offered(there, 5);                         // no round of ours
    f.puncher.on_go(f.peer, PunchGo{1}, f.now);  // ours to say
    CHECK(f.count<PunchGo>() == 0);
    f.offered(there, 1);
    f.offered({{203, 0, 113, 3}, 50'000, 0}, 1);
    f.run_for(Puncher::window);
    CHECK(f.world.dialled == std::vector{there});
}

TEST_CASE("puncher: it punches at so many at once") {
    Fixture f;
    for (std::uint8_t i = 0; i < 20; ++i) {
        const Fingerprint peer{{i}};
        f.puncher.on_session(peer, i, false, f.now);
        f.puncher.on_offer(peer, PunchOffer{1, there.address, there.port}, f.now);
        f.puncher.on_seen(i, here, f.now);
        f.puncher.on_go(peer, PunchGo{1}, f.now);
    }
    CHECK(f.world.dialled.size() == Puncher::at_once);
    f.puncher.stop();
    CHECK(f.world.closed.size() == Puncher::at_once);
    f.puncher.on_session(f.peer, circuit, true, f.now);
    CHECK(f.puncher.tick(f.now) == Puncher::Milliseconds::max());
}

TEST_CASE("puncher: addresses that may be dialled") {
    const auto v4 = [](std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d,
                       std::uint16_t port = 40'000) {
        return SocketAddress{{a, b, c, d}, port, 0};
    };
    const auto v6 = [](std::uint8_t a, std::uint8_t b) {
        Bytes bytes(16, 0);
        bytes[0] = a, bytes[1] = b, bytes[15] = 1;
        return SocketAddress{bytes, 40'000, 0};
    };
    struct Case {
        SocketAddress theirs;
        SocketAddress own;
        bool may;
    };
    const auto global = v4(198, 51, 100, 1), local = v4(10, 0, 0, 1);
    Bytes mapped(16, 0);
    mapped[10] = mapped[11] = 0xFF, mapped[12] = 8;
    const std::vector<Case> all{
        {v4(203, 0, 113, 1), global, true},
        {v4(192, 168, 1, 2), local, true},
        {v4(100, 64, 1, 2), local, true},
        {v6(0x20, 0x01), v6(0x2A, 0), true},
        {v6(0xFD, 0), v6(0xFC, 0), true},
        {v4(192, 168, 1, 2), global, false},  // into our own network
        {v6(0xFD, 0), v6(0x20, 1), false},
        {v4(203, 0, 113, 1), local, false},  // a relay in the house sees no router's port
        {v4(127, 0, 0, 1), global, false},
        {v4(127, 0, 0, 1), v4(127, 0, 0, 1, 40'001), false},
        {v4(0, 0, 0, 0), global, false},
        {v4(224, 0, 0, 251), global, false},
        {v4(255, 255, 255, 255), global, false},
        {v4(169, 254, 1, 1), local, false},
        {v6(0, 0), v6(0x20, 1), false},
        {v6(0xFE, 0x80), v6(0xFD, 0), false},
        {v6(0xFF, 0x02), v6(0x20, 1), false},
        {{mapped, 40'000, 0}, v6(0x20, 1), false},
        {v6(0x20, 1), global, false},
        {v4(203, 0, 113, 1, 22), global, false},
        {v4(203, 0, 113, 1, 1023), global, false},
        {v4(203, 0, 113, 1, 1024), global, true},
        {global, global, false},
    };
    for (const auto& one : all) {
        INFO(to_string(one.theirs) << " from " << to_string(one.own));
        CHECK(may_punch(one.theirs, one.own) == one.may);
        Fixture f;
        f.follow(one.theirs, one.own);
        f.puncher.on_go(f.peer, PunchGo{1}, f.now);
        CHECK(f.world.dialled.size() == (one.may ? 1 : 0));
    }
}
