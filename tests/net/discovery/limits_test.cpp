// SPDX-License-Identifier: MIT
//
// The rates that keep hostile datagrams cheap.
#include <catch2/catch_test_macros.hpp>

#include "net/discovery/datagram_limits.hpp"

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace {

SocketAddress v4(std::uint8_t third, std::uint8_t host) { return {{10, 0, third, host}, 1, 0}; }

SocketAddress v6(std::uint8_t first, std::uint8_t last) {
    SocketAddress out{Bytes(16), 1, 0};
    out.address[0] = first;
    out.address[1] = 0x80;
    out.address[15] = last;
    return out;
}

template <typename Take>
int count(const Take& take) {
    int taken = 0;
    while (taken < 100'000 && take()) ++taken;
    return taken;
}

}  // namespace

TEST_CASE("datagram limits: an address has its burst and its rate, instances here only the total") {
    DatagramLimits limits(0ms);
    CHECK(count([&] { return limits.admit(v4(0, 1), false, 0ms); }) == 100);
    CHECK(limits.admit(v4(0, 2), false, 0ms));
    CHECK(count([&] { return limits.admit(v4(0, 1), false, 1000ms); }) == 20);
    CHECK(count([&] { return limits.admit(v4(0, 1), true, 1000ms); }) == 4980);
    CHECK_FALSE(limits.admit(v4(0, 3), false, 1000ms));
}

TEST_CASE("datagram limits: hosts of one link are counted apart, a /64 of elsewhere together") {
    DatagramLimits limits(0ms);
    CHECK(count([&] { return limits.admit(v6(0xFE, 1), false, 0ms); }) == 100);
    CHECK(count([&] { return limits.admit(v6(0xFE, 2), false, 0ms); }) == 100);
    CHECK(count([&] { return limits.admit(v6(0x20, 1), false, 0ms); }) == 100);
    CHECK_FALSE(limits.admit(v6(0x20, 2), false, 0ms));
}

TEST_CASE("datagram limits: whoever speaks uses up their own share of the verifications") {
    DatagramLimits limits(0ms);
    using Speaker = DatagramLimits::Speaker;
    for (const auto speaker : {Speaker::known, Speaker::moved, Speaker::stranger})
        (void)count([&] { return limits.verify(speaker, 0ms); });
    CHECK(count([&] { return limits.verify(Speaker::stranger, 1000ms); }) == 50);
    CHECK(count([&] { return limits.verify(Speaker::moved, 1000ms); }) == 50);
    CHECK(count([&] { return limits.verify(Speaker::known, 1000ms); }) == 150);
    (void)count([&] { return limits.check_tag(0ms); });
    CHECK(count([&] { return limits.check_tag(1000ms); }) == 20'000);
    (void)count([&] { return limits.answer(0ms); });
    CHECK(count([&] { return limits.answer_probe(0ms); }) == 50);
    CHECK(count([&] { return limits.answer(1000ms); }) == 20);
}
