// SPDX-License-Identifier: MIT
//
// Token buckets, backoff, and the door that uses both counts and rates.
#include <catch2/catch_test_macros.hpp>

#include "net/backoff.hpp"
#include "net/contact_guard.hpp"
#include "net/door.hpp"
#include "net/session_rules.hpp"
#include "net/token_bucket.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace {

SocketAddress v4(std::uint8_t host) { return {{192, 0, 2, host}, 1000, 0}; }

}  // namespace

TEST_CASE("a token bucket gives its burst, then its rate, and never saves more than the burst") {
    TokenBucket bucket(20, 5, 0ms);
    for (int i = 0; i < 5; ++i) CHECK(bucket.try_take(0ms));
    CHECK_FALSE(bucket.try_take(0ms));
    CHECK_FALSE(bucket.try_take(49ms));
    CHECK(bucket.try_take(51ms));
    CHECK_FALSE(bucket.try_take(52ms));
    int taken = 0;
    for (auto now = 10'000ms; bucket.try_take(now);) ++taken;
    CHECK(taken == 5);
    CHECK_FALSE(bucket.try_take(9'000ms));  // a clock that went back gives nothing
}

TEST_CASE("buckets per address: IPv6 by /64, the oldest address is forgotten") {
    AddressBuckets buckets(1, 1, 2);
    Bytes a(16, 1);
    Bytes same_network = a;
    same_network[15] = 9;
    CHECK(buckets.try_take(a, 0ms));
    CHECK_FALSE(buckets.try_take(same_network, 0ms));
    CHECK(buckets.try_take(v4(1).address, 0ms));
    CHECK_FALSE(buckets.try_take(a, 0ms));
    CHECK(buckets.try_take(v4(2).address, 0ms));  // v4(1) was used longest ago
    CHECK(buckets.size() == 2);
    CHECK_FALSE(buckets.try_take(a, 0ms));
}

TEST_CASE("backoff doubles up to its maximum, with jitter, and can be reset") {
    test::DeterministicRandom random(1);
    Backoff backoff(1s, 60s);
    for (const auto base : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        const auto wait = backoff.next(random);
        CHECK(wait >= base / 2.0);
        CHECK(wait <= base);
    }
    backoff.reset();
    CHECK(backoff.next(random) <= 1s);
    backoff.exhaust();
    CHECK(backoff.next(random) >= 30s);
    Backoff other(1s, 60s);
    bool differs = false;
    for (int i = 0; i < 5; ++i) differs = differs || other.next(random) != backoff.next(random);
    CHECK(differs);
}

TEST_CASE("the door: one address displaces its own oldest half-open links") {
    Door door;
    LinkId link = 0;
    for (std::size_t i = 0; i < limits::half_open_per_address; ++i) {
        const auto verdict = door.on_accepted(++link, v4(1), 0ms);
        CHECK(verdict.accept);
        CHECK_FALSE(verdict.evict.has_value());
        CHECK(verdict.contacts_only == (i >= 5));  // burst
    }
    CHECK_FALSE(door.on_vouched(1, {}).has_value());  // a contact among them: the last to go
    CHECK_FALSE(door.on_accepted(++link, v4(1), 0ms).evict.has_value());
    const auto verdict = door.on_accepted(++link, v4(1), 0ms);
    CHECK(verdict.accept);
    REQUIRE(verdict.evict.has_value());
    CHECK(*verdict.evict == 2);
    door.on_gone(2);
    CHECK_FALSE(door.on_accepted(++link, v4(2), 0ms).contacts_only);
}

TEST_CASE("the door: when many strangers of an address are in, only its contacts are let in") {
    Door door;
    for (LinkId link = 1; link <= limits::strangers_per_address; ++link) {
        (void)door.on_accepted(link, v4(1), 0ms);
        door.on_proven(link);
    }
    CHECK(door.on_accepted(1000, v4(1), 10s).contacts_only);
    CHECK_FALSE(door.on_accepted(1001, v4(2), 10s).contacts_only);
    door.on_trusted(3);  // one of them became a contact
    CHECK_FALSE(door.on_accepted(1002, v4(1), 10s).contacts_only);
    CHECK(door.half_open() == 3);
}

TEST_CASE("the door: a distributed flood evicts the oldest of all") {
    Door door;
    LinkId link = 0;
    const auto from = [](std::size_t i) {
        return SocketAddress{
            {10, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}, 1, 0};
    };
    for (std::size_t i = 0; i < limits::links_in_handshake; ++i) {
        CHECK_FALSE(door.on_accepted(++link, from(i), 0ms).evict.has_value());
    }
    (void)door.on_vouched(1, {});
    CHECK(door.on_accepted(++link, from(5000), 0ms).evict == std::optional<LinkId>{2});
    for (LinkId gone = 1; gone <= link; ++gone) door.on_gone(gone);
    CHECK(door.links() == 0);
    CHECK(door.half_open() == 0);
    CHECK_FALSE(door.oldest().has_value());
}

TEST_CASE("the door: recordings of a contact's first message do not lock anybody out") {
    Door door;
    const auto contact = [](std::size_t i) {
        crypto::Fingerprint fingerprint;
        fingerprint.bytes[0] = static_cast<std::uint8_t>(i);
        fingerprint.bytes[1] = static_cast<std::uint8_t>(i >> 8);
        return fingerprint;
    };
    SECTION("four of one contact, the oldest goes; who answered M2 does not count") {
        for (LinkId link = 1; link <= 5; ++link) (void)door.on_accepted(link, v4(1), 0ms);
        for (LinkId link = 1; link <= 4; ++link) CHECK_FALSE(door.on_vouched(link, contact(1)));
        CHECK(door.on_vouched(5, contact(1)) == std::optional<LinkId>{1});
        door.on_gone(1);
        for (LinkId link = 2; link <= 5; ++link) door.on_fresh(link);
        (void)door.on_accepted(6, v4(1), 0ms);
        CHECK_FALSE(door.on_vouched(6, contact(1)));
        CHECK(door.oldest() == std::optional<LinkId>{6});
    }
    SECTION("when there is nothing else to go, the oldest of them goes") {
        for (LinkId link = 1; link <= limits::links_in_handshake; ++link) {
            CHECK_FALSE(door.on_accepted(link, v4(1), 0ms).evict);
            CHECK_FALSE(door.on_vouched(link, contact(link / 4)));
        }
        door.on_fresh(1);
        const auto verdict = door.on_accepted(5000, v4(2), 0ms);
        CHECK(verdict.accept);
        CHECK(verdict.evict == std::optional<LinkId>{2});
        // They count for their address until they are proven.
        CHECK(door.on_accepted(5001, v4(1), 10s).contacts_only);
    }
}

TEST_CASE("the door: of too many strangers the oldest goes") {
    Door door;
    for (LinkId link = 1; link <= limits::strangers_total; ++link) {
        (void)door.on_accepted(link, v4(static_cast<std::uint8_t>(link)), 0ms);
        door.on_proven(link);
        CHECK_FALSE(door.on_stranger(link));
    }
    door.on_trusted(1);
    (void)door.on_accepted(1000, v4(1), 10s);
    CHECK_FALSE(door.on_stranger(1000));
    (void)door.on_accepted(1001, v4(1), 10s);
    CHECK(door.on_stranger(1001) == std::optional<LinkId>{2});
}

TEST_CASE("a contact's first message opens the door once, and one contact flushes no other's") {
    ContactGuard guard(0ms);
    CHECK(guard.first_use(Bytes(32, 1)));
    CHECK_FALSE(guard.first_use(Bytes(32, 1)));
    for (std::uint8_t i = 2; i <= limits::first_messages_remembered; ++i) {
        CHECK(guard.first_use(Bytes(32, i)));
    }
    CHECK_FALSE(guard.first_use(Bytes(32, 1)));
    CHECK(guard.first_use(Bytes(32, 99)));
    CHECK(guard.first_use(Bytes(32, 1)));  // forgotten by now
}

TEST_CASE("one contact gets five RSA operations at once and two a second") {
    ContactGuard guard(0ms);
    for (int i = 0; i < 5; ++i) CHECK(guard.may_decrypt(0ms));
    CHECK_FALSE(guard.may_decrypt(0ms));
    CHECK(guard.may_decrypt(510ms));
    CHECK_FALSE(guard.may_decrypt(510ms));
}

TEST_CASE("of two sessions between the same two, both sides keep the same one") {
    crypto::Fingerprint low;
    crypto::Fingerprint high;
    high.bytes[0] = 1;
    // Crossed dials, seen from the lower side: its own, or the other's, is proven first.
    CHECK(replaces({low, true, 1, 0}, {high, false, 2, 3}));
    CHECK_FALSE(replaces({high, false, 2, 0}, {low, true, 1, 3}));
    // The same, seen from the higher side.
    CHECK(replaces({low, false, 2, 0}, {high, true, 1, 3}));
    CHECK_FALSE(replaces({high, true, 1, 0}, {low, false, 2, 3}));
    // The same side started both: newer wins.
    CHECK(replaces({high, false, 9, 0}, {high, false, 1, 3}));
    CHECK(replaces({low, false, 9, 0}, {low, false, 1, 3}));
    // The higher peer starts one long after the existing one was up: it has lost the other.
    CHECK(replaces({high, false, 9, 0}, {low, true, 1, 3}));
}
