// SPDX-License-Identifier: MIT
#include "net/relay/sightings.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith::net;

TEST_CASE("a relay knows where a connection comes from as long as it is there") {
    Sightings sightings;
    const CircuitTicket one{1}, two{2};
    const SocketAddress here{{203, 0, 113, 1}, 40'000, 0}, there{{203, 0, 113, 2}, 40'001, 0};
    sightings.saw(1, one, here);
    sightings.saw(2, two, there);
    REQUIRE(sightings.of(one) != nullptr);
    CHECK(*sightings.of(one) == here);
    CHECK(*sightings.of(two) == there);
    CHECK(sightings.of(CircuitTicket{3}) == nullptr);
    sightings.forget(1);
    sightings.forget(1);
    sightings.forget(7);
    CHECK(sightings.of(one) == nullptr);
    CHECK(*sightings.of(two) == there);
    sightings.forget(2);
    CHECK(sightings.size() == 0);
}
