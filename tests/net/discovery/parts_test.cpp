// SPDX-License-Identifier: MIT
//
// The smaller parts of discovery by themselves.
#include <catch2/catch_test_macros.hpp>

#include "net/discovery/announcement_clock.hpp"
#include "net/discovery/local_address.hpp"
#include "net/discovery/people.hpp"
#include "net/discovery/replay_memory.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace {

Sender sender(std::uint8_t number) {
    Sender out;
    out.peer.bytes[0] = number;
    return out;
}

SocketAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return {{a, b, c, d}, 0, 0};
}

SocketAddress v6(const std::string& hex) { return {crypto::from_hex(hex).value(), 0, 0}; }

}  // namespace

TEST_CASE("replay memory: every number once, out of order within a window") {
    struct Step {
        std::uint64_t boot;
        std::uint32_t sequence;
        bool is_new;
    };
    ReplayMemory memory(4, 20min);
    for (const Step& step : std::initializer_list<Step>{{5, 100, true},
                                                        {5, 100, false},
                                                        {5, 99, true},
                                                        {5, 99, false},
                                                        {5, 102, true},
                                                        {5, 101, true},
                                                        {5, 100, false},
                                                        {5, 39, true},   // 63 behind
                                                        {5, 38, false},  // too old to tell
                                                        {4, 500, false},
                                                        {5, 1000, true},
                                                        {5, 102, false},
                                                        {6, 1, true},
                                                        {5, 2000, false},
                                                        {6, 1, false},
                                                        {6, 0, true},
                                                        {6, 0, false}}) {
        INFO(step.boot << "/" << step.sequence);
        CHECK(memory.is_new(sender(1), step.boot, step.sequence, 0ms) == step.is_new);
        if (step.is_new) memory.remember(sender(1), step.boot, step.sequence, false, 0ms);
    }
    CHECK(memory.is_new(sender(2), 1, 1, 0ms));
}

TEST_CASE("replay memory: a goodbye closes what was in front of it") {
    ReplayMemory memory(4, 20min);
    memory.remember(sender(1), 1, 10, true, 0ms);
    CHECK_FALSE(memory.is_new(sender(1), 1, 9, 0ms));
    CHECK(memory.is_new(sender(1), 1, 11, 0ms));
}

TEST_CASE("replay memory: the oldest is forgotten, and everybody after a while") {
    ReplayMemory memory(2, 20min);
    memory.remember(sender(1), 1, 1, false, 0ms);
    memory.remember(sender(2), 1, 1, false, 0ms);
    memory.remember(sender(1), 1, 2, false, 0ms);
    memory.remember(sender(3), 1, 1, false, 0ms);
    CHECK(memory.size() == 2);
    CHECK(memory.is_new(sender(2), 1, 1, 0ms));
    CHECK_FALSE(memory.is_new(sender(1), 1, 1, 20min));
    // A profile that was restored from a backup counts its runs from further back.
    CHECK(memory.is_new(sender(1), 0, 1, 20min + 1ms));
    memory.remember(sender(1), 0, 1, false, 20min + 1ms);
    CHECK_FALSE(memory.is_new(sender(1), 0, 1, 20min + 2ms));
}

TEST_CASE("announcement clock: quick ones first, then the interval with jitter") {
    const DiscoveryTiming timing;
    test::DeterministicRandom random(1);
    AnnouncementClock clock(timing, random);
    CHECK(clock.next() == std::chrono::milliseconds::max());
    clock.restart(1000ms);
    for (const auto at : {1000ms, 1300ms, 1900ms, 2700ms}) {
        CHECK(clock.next() == at);
        CHECK(clock.quick());
        clock.announced(4s, at);
    }
    CHECK_FALSE(clock.quick());
    auto shortest = 10s + 0ms;
    auto longest = 0s + 0ms;
    for (int i = 0; i < 200; ++i) {
        clock.announced(4s, 10s);
        shortest = std::min(shortest, clock.next() - 10s);
        longest = std::max(longest, clock.next() - 10s);
    }
    CHECK(shortest >= 3200ms);
    CHECK(shortest < 3300ms);
    CHECK(longest <= 4800ms);
    CHECK(longest > 4700ms);
    // However much changes, announcements keep their distance.
    clock.restart(10'010ms);
    CHECK(clock.next() == 10'100ms);
    clock.announced(4s, 10'100ms);
    clock.restart(10'150ms);
    CHECK(clock.next() == 10'200ms);
}

TEST_CASE("announcement clock: in a hurry, but not more than one a second") {
    const DiscoveryTiming timing;
    test::DeterministicRandom random(1);
    AnnouncementClock clock(timing, random);
    clock.announced(60s, 10s);
    clock.hurry(10'100ms);
    CHECK(clock.next() == 11s);
    clock.announced(60s, 11s);
    clock.hurry(20s);
    CHECK(clock.next() == 20s);
}

TEST_CASE("local addresses are those that the internet does not route") {
    for (const auto& address :
         {v4(10, 0, 0, 1), v4(172, 16, 0, 1), v4(172, 31, 255, 1), v4(192, 168, 1, 1),
          v4(169, 254, 3, 4), v4(100, 64, 0, 1), v4(100, 127, 0, 1), v4(127, 0, 0, 1),
          v4(127, 9, 9, 9), v6("fe800000000000000000000000000001"),
          v6("febf0000000000000000000000000001"), v6("fd120000000000000000000000000001"),
          v6("00000000000000000000000000000001"), v6("00000000000000000000ffffc0a80101")})
        CHECK(is_local(address));
    for (const auto& address :
         {v4(11, 0, 0, 1), v4(172, 15, 0, 1), v4(172, 32, 0, 1), v4(192, 169, 1, 1),
          v4(100, 63, 0, 1), v4(100, 128, 0, 1), v4(169, 253, 0, 1), v4(8, 8, 8, 8),
          v4(203, 0, 113, 1), v6("fec00000000000000000000000000001"),
          v6("20010db8000000000000000000000001"), v6("00000000000000000000ffff08080808"),
          SocketAddress{{1, 2, 3}, 0, 0}, SocketAddress{}})
        CHECK_FALSE(is_local(address));
}

TEST_CASE("on the link is what shares a network with the interface") {
    Interface interface {
        "eth0", 2, false, {v4(8, 0, 3, 7), v6("20010db8000100000000000000000001")}, {
            { 8, 0, 3, 255 }
        }
    };
    CHECK(is_on_link(v4(8, 0, 3, 200), interface));
    CHECK_FALSE(is_on_link(v4(8, 0, 4, 7), interface));
    CHECK(is_on_link(v6("20010db8000100000000000000000099"), interface));
    CHECK_FALSE(is_on_link(v6("20010db8000200000000000000000099"), interface));
    interface.broadcast = {{8, 0, 7, 255}};  // a /21 or smaller
    CHECK(is_on_link(v4(8, 0, 4, 7), interface));
    CHECK_FALSE(is_on_link(v4(8, 0, 8, 7), interface));
    CHECK_FALSE(is_on_link(SocketAddress{}, interface));
}

TEST_CASE("people: the interface they were heard on last goes, and they are silent on the other") {
    const DiscoveryTiming timing;
    People people(timing, [](const Fingerprint&) { return People::Contact::no; });
    Sighting sighting;
    sighting.tcp_port = 4000;
    sighting.interval = 4s;
    sighting.team = true;
    sighting.interface = 2;
    sighting.from = v4(10, 0, 0, 1);
    people.heard(sighting, 0ms);
    sighting.interface = 3;
    sighting.from = v4(10, 0, 1, 1);
    people.heard(sighting, 5s);
    people.interface_gone(3);
    for (auto now = 5'000ms; now < 29s; now += 500ms) {
        (void)people.tick(now);
        REQUIRE(people.nearby().size() == 1);
        REQUIRE(people.nearby()[0].addresses.size() == 1);
        CHECK(people.nearby()[0].addresses[0].address == Bytes{10, 0, 0, 1});
    }
    (void)people.tick(29s);
    CHECK(people.nearby().empty());
    CHECK(people.tick(29s) == std::chrono::milliseconds::max());
}
