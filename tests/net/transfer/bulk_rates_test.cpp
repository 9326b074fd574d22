// SPDX-License-Identifier: MIT
#include "net/transfer/bulk_rates.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith::net;

namespace {

/// Runs that always have something, for `seconds`, looked at every millisecond; gives what each
/// moved.
std::vector<double> moved_in(SharedRates& rates, std::size_t runs, int seconds,
                             std::size_t lazy_step = bulk::payload_max) {
    std::vector<std::unique_ptr<Throttle>> throttles;
    for (std::size_t i = 0; i < runs; ++i)
        throttles.push_back(std::make_unique<Throttle>(rates, SharedRates::out));
    std::vector<double> moved(runs);
    for (int ms = 0; ms < seconds * 1000; ++ms) {
        const Milliseconds now{1'000'000 + ms};
        for (std::size_t i = 0; i < runs; ++i) {
            std::size_t bytes = throttles[i]->allowance(now);
            if (i == 0) bytes = std::min(bytes, lazy_step);
            throttles[i]->charge(bytes, now);
            moved[i] += static_cast<double>(bytes);
        }
    }
    return moved;
}

bool about(double value, double expected) {
    INFO(value << " against " << expected);
    return value > 0.9 * expected && value < 1.1 * expected;
}

}  // namespace

TEST_CASE("a run keeps to its own limit") {
    SharedRates rates;
    for (const std::uint64_t rate : {20'000ULL, 1'000'000ULL, 50'000'000ULL}) {
        rates.set({0, rate});
        for (const double moved : moved_in(rates, 2, 10))
            REQUIRE(about(moved, 10.0 * static_cast<double>(rate)));
    }
}

TEST_CASE("runs share what there is for all of them") {
    SharedRates rates;
    for (const std::uint64_t rate : {200'000ULL, 50'000'000ULL}) {
        rates.set({rate, 0});
        for (const double moved : moved_in(rates, 4, 10))
            REQUIRE(about(moved, 2.5 * static_cast<double>(rate)));
    }
}

TEST_CASE("what one run leaves the others use") {
    SharedRates rates;
    rates.set({1'000'000, 0});
    const auto moved = moved_in(rates, 2, 10, 4096);  // the first asks for little at a time
    REQUIRE(about(moved[0] + moved[1], 10'000'000));
    REQUIRE(moved[1] > 8'000'000);
}

TEST_CASE("a limit that is changed or lifted holds at once") {
    SharedRates rates;
    Throttle throttle(rates, SharedRates::in);
    const Milliseconds now{1000};
    REQUIRE(throttle.allowance(now) == bulk::payload_max);
    rates.set({0, 10});
    REQUIRE(throttle.allowance(now) == Throttle::least);
    throttle.charge(Throttle::least, now);
    REQUIRE(throttle.allowance(now) == 0);
    REQUIRE(throttle.ready_at() > Milliseconds{400'000});
    rates.set({0, 0});
    REQUIRE(throttle.allowance(now) == bulk::payload_max);
    throttle.charge(bulk::payload_max, now);
    REQUIRE(throttle.allowance(now) == bulk::payload_max);
}

TEST_CASE("each direction is limited by itself") {
    SharedRates rates;
    rates.set({1000, 0});
    Throttle out(rates, SharedRates::out), in(rates, SharedRates::in);
    const Milliseconds now{1000};
    out.charge(100'000, now);
    REQUIRE(out.allowance(now) == 0);
    REQUIRE(in.allowance(now) > 0);
}
