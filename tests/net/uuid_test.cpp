// SPDX-License-Identifier: MIT
#include "net/uuid.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/deterministic_random.hpp"

using namespace kith;
using std::chrono::milliseconds;

namespace {

struct StepClock final : net::Clock {
    milliseconds now{1'700'000'000'000};
    [[nodiscard]] milliseconds monotonic() const override { return now; }
    [[nodiscard]] milliseconds wall() const override { return now; }
};

std::uint64_t time_of(const net::MessageId& id) {
    std::uint64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | id[i];
    return ms;
}

}  // namespace

TEST_CASE("ids carry time, version and variant") {
    StepClock clock;
    test::DeterministicRandom random(1);
    net::UuidGenerator ids(clock, random);
    const auto id = ids.next();
    CHECK(time_of(id) == 1'700'000'000'000);
    CHECK(id[6] >> 4 == 7);
    CHECK(id[8] >> 6 == 2);
}

TEST_CASE(
    "ids increase strictly: within a millisecond, over its end, and when the clock goes back") {
    StepClock clock;
    test::DeterministicRandom random(2);
    net::UuidGenerator ids(clock, random);
    auto last = ids.next();
    for (int i = 0; i < 20'000; ++i) {
        if (i == 5000) clock.now += milliseconds{3};
        if (i == 10'000) clock.now -= milliseconds{60'000};
        const auto next = ids.next();
        REQUIRE(last < next);
        last = next;
    }
    CHECK(time_of(last) < 1'700'000'000'000 + 10);
}
