// SPDX-License-Identifier: MIT
//
// The rates that keep hostile datagrams cheap.
#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "net/discovery/contact_book.hpp"
#include "net/discovery/datagram_limits.hpp"
#include "tests/support/deterministic_random.hpp"

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

/// Of the processor, for this thread: other programs do not count.
template <typename Work>
double cost_of(const Work& work) {
    timespec before{}, after{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    work();
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    return static_cast<double>(after.tv_sec - before.tv_sec) * 1e9 +
           static_cast<double>(after.tv_nsec - before.tv_nsec);
}

/// 2,000 datagrams of noise, heard by somebody whose contacts are all in a session but one.
double cost_of_noise(std::size_t contacts) {
    const DiscoveryTiming timing;
    ContactBook book({}, timing);
    std::vector<DiscoveryContact> all(contacts);
    for (std::size_t i = 0; i < contacts; ++i) {
        all[i].peer.bytes[0] = static_cast<std::uint8_t>(i >> 8);
        all[i].peer.bytes[1] = static_cast<std::uint8_t>(i);
        all[i].peer.bytes[2] = 1;
        all[i].wanted = i == 0;
    }
    book.replace(all);
    test::DeterministicRandom random(1);
    Bytes noise(crypto::beacon_size);
    random.fill(noise);
    return cost_of([&] {
        DatagramLimits limits(0ms);
        for (int i = 0; i < 2000; ++i) (void)book.find_tag(noise, limits, 0ms, 0ms);
    });
}

/// 20,000 datagrams from 1,000 addresses in turn, which the memory of addresses does not hold.
double cost_of_addresses(const std::vector<Bytes>& addresses) {
    AddressBuckets buckets(1, 1, addresses.size() - 1);
    return cost_of([&] {
        for (std::size_t i = 0; i < 20'000; ++i)
            (void)buckets.try_take(addresses[i % addresses.size()], 0ms);
    });
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
    CHECK(count([&] { return limits.answer_probe(0ms); }) == 50);
    CHECK(count([&] { return limits.answer_probe(1000ms); }) == 20);
}

TEST_CASE("datagram limits: newcomers are answered by address and in all") {
    DatagramLimits limits(0ms);
    CHECK(count([&] { return limits.newcomer(v4(0, 1), false, 0ms); }) == 6);
    CHECK(count([&] { return limits.newcomer(v4(0, 1), false, 4000ms); }) == 2);
    CHECK(count([&] { return limits.newcomer(v4(0, 2), true, 4000ms); }) == 98);
    CHECK_FALSE(limits.newcomer(v4(0, 3), false, 4000ms));
    CHECK(count([&] { return limits.newcomer(v4(0, 4), true, 5000ms); }) == 5);
}

TEST_CASE("datagram limits: contacts in a session make noise no dearer") {
    CHECK(cost_of_noise(2000) < 10 * cost_of_noise(2));
}

TEST_CASE("datagram limits: addresses that somebody has chosen cost no more than others") {
    // 1,109 is what a hash table of the standard library comes to for so many.
    std::vector<Bytes> chosen, others;
    for (std::uint32_t i = 0; chosen.size() < 1000; ++i) {
        const Bytes address{10, static_cast<std::uint8_t>(i >> 16),
                            static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
        if (others.size() < 1000) others.push_back(address);
        const std::string group = address_group(address);
        if (std::hash<std::string>{}(group) % 1109 == 0) chosen.push_back(address);
    }
    CHECK(cost_of_addresses(chosen) < 5 * cost_of_addresses(others));
}
