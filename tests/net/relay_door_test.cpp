// SPDX-License-Identifier: MIT
#include "net/relay/relay_door.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith::net;
using namespace std::chrono_literals;

namespace {

DoorLimits small() {
    DoorLimits limits;
    limits.links_per_address = 6;
    limits.handshakes_max = 8;
    limits.handshakes_per_address = 3;
    limits.accepts_per_second = 10;
    limits.accept_burst = 1000;
    return limits;
}

SocketAddress from(std::uint8_t number) { return {{192, 0, 2, number}, 4000, 0}; }

/// Does as it is told, as a server does.
struct Doors {
    explicit Doors(const DoorLimits& limits = small()) : door(limits) {}
    bool take(LinkId link, std::uint8_t address) {
        const auto verdict = door.on_accepted(link, from(address), now);
        if (verdict.evict) {
            evicted.push_back(*verdict.evict);
            door.on_gone(*verdict.evict);
        }
        return verdict.accept;
    }
    RelayDoor door;
    std::vector<LinkId> evicted;
    std::chrono::milliseconds now{0};
};

}  // namespace

TEST_CASE("relay door: a flood from one address displaces itself") {
    Doors doors;
    CHECK(doors.take(1, 1));
    for (LinkId link = 10; link < 20; ++link) CHECK(doors.take(link, 2));
    CHECK(doors.door.unsettled() == 4);
    CHECK(doors.evicted == std::vector<LinkId>{10, 11, 12, 13, 14, 15, 16});
    CHECK(doors.door.oldest() == LinkId{17});  // it makes room for others, too
}

TEST_CASE("relay door: many addresses displace the oldest, and none that is settled") {
    Doors doors;
    CHECK(doors.take(1, 1));
    doors.door.on_settled(1);
    for (LinkId link = 2; link < 20; ++link)
        CHECK(doors.take(link, static_cast<std::uint8_t>(link)));
    CHECK(doors.door.unsettled() == 8);
    CHECK(doors.door.links() == 9);
    CHECK(doors.evicted.front() == 2);
}

TEST_CASE("relay door: whose address has most makes room, however late somebody came") {
    Doors doors;
    CHECK(doors.take(1, 1));
    for (LinkId link = 10; link < 13; ++link) CHECK(doors.take(link, 2));
    for (LinkId link = 20; link < 23; ++link) CHECK(doors.take(link, 3));
    CHECK(doors.take(2, 4));
    for (LinkId link = 30; link < 34; ++link)
        CHECK(doors.take(link, static_cast<std::uint8_t>(link)));
    CHECK(doors.evicted == std::vector<LinkId>{20, 10, 21, 11});
    CHECK(doors.take(34, 34));
    CHECK(doors.evicted.back() == 1);
    CHECK(doors.door.oldest() == LinkId{12});
}

TEST_CASE("relay door: an address has so many connections and so many new ones a second") {
    auto limits = small();
    Doors doors(limits);
    for (LinkId link = 1; link <= 6; ++link) {
        CHECK(doors.take(link, 1));
        doors.door.on_settled(link);
    }
    CHECK_FALSE(doors.take(7, 1));
    CHECK(doors.take(8, 2));
    doors.door.on_gone(3);
    doors.door.on_gone(3);
    CHECK(doors.take(9, 1));
    CHECK_FALSE(doors.take(10, 1));

    limits.accept_burst = 2;
    Doors slow(limits);
    CHECK(slow.take(1, 1));
    CHECK(slow.take(2, 1));
    CHECK_FALSE(slow.take(3, 1));
    CHECK(slow.take(3, 2));
    slow.now = 100ms;
    CHECK(slow.take(4, 1));
}

TEST_CASE("relay door: as many in all as there are descriptors") {
    auto limits = small();
    limits.links_max = 4;
    Doors doors(limits);
    for (LinkId link = 1; link <= 4; ++link)
        CHECK(doors.take(link, static_cast<std::uint8_t>(link)));
    doors.door.on_settled(1);
    CHECK(doors.take(5, 5));
    CHECK(doors.evicted == std::vector<LinkId>{2});
    for (LinkId link = 3; link <= 5; ++link) doors.door.on_settled(link);
    CHECK_FALSE(doors.take(6, 6));
    doors.door.on_gone(4);
    CHECK(doors.take(6, 6));
    CHECK(doors.door.links() == 4);
}

TEST_CASE("relay door: nothing is left of what has gone") {
    Doors doors;
    for (LinkId link = 1; link < 7; ++link)
        CHECK(doors.take(link, static_cast<std::uint8_t>(link)));
    doors.door.on_settled(2);
    doors.door.on_settled(2);
    for (LinkId link = 1; link < 7; ++link) doors.door.on_gone(link);
    CHECK(doors.door.links() == 0);
    CHECK(doors.door.unsettled() == 0);
    CHECK_FALSE(doors.door.oldest());
}
