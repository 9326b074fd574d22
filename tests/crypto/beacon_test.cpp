// SPDX-License-Identifier: MIT
#include "crypto/beacon.hpp"

#include <algorithm>
#include <set>

#include "tests/crypto/checks.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith::crypto;
using namespace kith::test;

namespace {

const SigningKey& signing_key() {
    static const SigningKey key(Bytes(32, 7));
    return key;
}

TeamKey team(std::uint8_t number) {
    TeamKey key{};
    key.fill(number);
    return key;
}

Fingerprint fingerprint(std::uint8_t number) {
    Fingerprint out;
    out.bytes.fill(number);
    return out;
}

PairKey pair_of(std::uint8_t a, std::uint8_t b) { return pair_key(Bytes(16, a), Bytes(16, b)); }

Beacon example() {
    Beacon beacon;
    beacon.fingerprint = fingerprint(0xF1);
    beacon.token = {1, 2, 3, 4, 5, 6, 7, 8};
    beacon.tcp_port = 4711;
    beacon.boot = 0x0102030405060708;
    beacon.sequence = 0x11121314;
    beacon.sent_at = 1'700'000'000'123;
    beacon.interval_ms = 4000;
    beacon.echo = {9, 9, 9, 9, 9, 9, 9, 9};
    beacon.asks = true;
    beacon.name = "Zoë";
    return beacon;
}

auto sealed(const Beacon& beacon, const TeamKey& key = team(1), std::uint64_t seed = 1) {
    DeterministicRandom random(seed);
    return seal_beacon(beacon, key, signing_key(), random);
}

constexpr std::int64_t now = 1'700'000'000'000;

}  // namespace

TEST_CASE("beacon: what is sealed can be opened by the team, and is authentic") {
    const auto opened = open_beacon(sealed(example()), team(1));
    REQUIRE(opened.has_value());
    const Beacon& beacon = opened->beacon;
    CHECK(beacon.kind == BeaconKind::announcement);
    CHECK(beacon.fingerprint == example().fingerprint);
    CHECK(beacon.token == example().token);
    CHECK(beacon.tcp_port == 4711);
    CHECK(beacon.boot == example().boot);
    CHECK(beacon.sequence == example().sequence);
    CHECK(beacon.sent_at == example().sent_at);
    CHECK(beacon.interval_ms == 4000);
    CHECK(beacon.echo == example().echo);
    CHECK(beacon.asks);
    CHECK(beacon.name == "Zoë");
    CHECK(opened->signer == signing_key().public_key());
    CHECK(opened->authentic());
    CHECK_FALSE(open_beacon(sealed(example()), team(2)).has_value());
    CHECK_FALSE(open_beacon(sealed(example()), local_team_key()).has_value());
}

TEST_CASE("beacon: golden") {
    Bytes bytes(24);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
    FixedRandom random(bytes);
    const auto datagram = seal_beacon(example(), local_team_key(), signing_key(), random);
    CHECK(random.unused() == 0);
    CHECK(to_hex(local_team_key()) ==
          "19af285494c1f159c2670e571d90b1d1b44e101c9fda6384e9261ad5b73e8750");
    CHECK(to_hex(datagram) ==
          "000102030405060708090a0b0c0d0e0f10111213141516178da406dcd312c9e6cb223031357e9aa0"
          "23ed56644194307e5f6cef29e5786f31a4434f7eade455b9319d673db042b3fd1b82c78f2c85ca74"
          "7f1d19e18b3c34c28fa64bea4e464ce53cfcf4a462faec9962f98dbedbe84e1ae8f91580144a67f2"
          "01ae9f2d5e8e3febd15aa0601a3b92c770509a2e15571bd0db561176b0f68cdfcc36679408b8ae6c"
          "3462423110fdf7261ed870f391853e4698113e37db0cda18b6c2e56e6fba8b9bceb4aed8913c37b3"
          "26149b80c7a0d094ea5036ca43fba5f32a4a3d6e178275f1f19cbb350a399c9cf85ba1acbfa2d83d"
          "d84278fbe6636321de2381b0a950fb44e0b6fc07f351b69b29d316b80d78da34fd0f2f31d81970ef"
          "aa1ed9f220b950a6");
}

TEST_CASE("beacon: any flipped bit, any other length, and it is nothing") {
    const auto datagram = sealed(example());
    for (std::size_t i = 0; i < datagram.size(); ++i)
        CHECK_FALSE(open_beacon(flipped(datagram, i), team(1)).has_value());
    const Bytes bytes(datagram.begin(), datagram.end());
    for (const std::size_t size : {0, 1, 24, 40, 287})
        CHECK_FALSE(open_beacon(ByteView(bytes).first(size), team(1)).has_value());
    Bytes longer = bytes;
    longer.push_back(0);
    CHECK_FALSE(open_beacon(longer, team(1)).has_value());
}

TEST_CASE("beacon: a member of the team cannot sign for another, nor move a signature") {
    auto opened = open_beacon(sealed(example()), team(1)).value();
    SECTION("other fields") {
        opened.signed_part.back() ^= 1;
        CHECK_FALSE(opened.authentic());
    }
    SECTION("another signer") {
        opened.signer = SigningKey(Bytes(32, 8)).public_key();
        CHECK_FALSE(opened.authentic());
    }
    SECTION("no point of the curve") {
        opened.signer.fill(0xFF);
        CHECK_FALSE(opened.authentic());
    }
    SECTION("into another team, or another datagram of the same") {
        for (const auto& other : {sealed(example(), team(2)), sealed(example(), team(1), 2)}) {
            auto moved =
                open_beacon(other, other == sealed(example(), team(2)) ? team(2) : team(1)).value();
            CHECK(moved.authentic());
            moved.signature = opened.signature;
            CHECK_FALSE(moved.authentic());
        }
    }
}

TEST_CASE("beacon: names have at most 64 bytes, and the longest fits") {
    Beacon beacon = example();
    beacon.name = std::string(beacon_name_max, 'n');
    CHECK(open_beacon(sealed(beacon), team(1))->beacon.name == beacon.name);
    beacon.name += "more";
    CHECK(open_beacon(sealed(beacon), team(1))->beacon.name == std::string(beacon_name_max, 'n'));
    beacon.name.clear();
    CHECK(open_beacon(sealed(beacon), team(1))->beacon.name.empty());
}

TEST_CASE("team: the same passphrase gives the same key, and only that") {
    const TeamKey key = value(derive_team_key("correct horse battery staple"));
    CHECK(to_hex(key) == "ae3a595e310c9c0e0286e79528e58caa64b1d2ef485c49a0469d8fb5eb9aff38");
    CHECK(value(derive_team_key("correct horse battery stable")) != key);
}

TEST_CASE("tags: a contact finds theirs, whoever else is named, and nobody else does") {
    DeterministicRandom random(3);
    std::vector<TagFor> contacts;
    for (std::uint8_t i = 0; i < tags_per_datagram; ++i)
        contacts.push_back({pair_of(100, i), fingerprint(i)});
    const auto datagram = seal_tags(contacts, 4711, now, random);
    for (std::uint8_t i = 0; i < tags_per_datagram; ++i) {
        const auto tag = find_tag(datagram, pair_of(i, 100), fingerprint(i), now + 1000);
        REQUIRE(tag.has_value());
        CHECK(tag->tcp_port == 4711);
        CHECK(tag->sent_minute == now / 60'000);
        CHECK_FALSE(find_tag(datagram, pair_of(i, 101), fingerprint(i), now).has_value());
        // Their own tag, sent back to them.
        CHECK_FALSE(find_tag(datagram, pair_of(i, 100), fingerprint(100), now).has_value());
    }
}

TEST_CASE("tags: the minute is the one nearest to ours") {
    DeterministicRandom random(3);
    const std::vector<TagFor> contact{{pair_of(1, 2), fingerprint(2)}};
    for (const std::int64_t minutes : {-40'000, -11, -1, 0, 1, 11, 32'000}) {
        const auto tag = find_tag(seal_tags(contact, 1, now, random), pair_of(1, 2), fingerprint(2),
                                  now + minutes * 60'000);
        REQUIRE(tag.has_value());
        const bool near = minutes > -32'768;
        CHECK((tag->sent_minute == now / 60'000) == near);
    }
}

TEST_CASE("tags: changed ports and times are noticed") {
    DeterministicRandom random(3);
    const auto datagram =
        seal_tags(std::vector<TagFor>{{pair_of(1, 2), fingerprint(2)}}, 4711, now, random);
    std::size_t matter = 0;
    for (std::size_t i = 0; i < datagram.size(); ++i) {
        const auto tag = find_tag(flipped(datagram, i), pair_of(1, 2), fingerprint(2), now);
        if (!tag.has_value()) ++matter;
    }
    CHECK(matter == 24 + 12);  // the random bytes and the contact's own place
}

TEST_CASE("tags: places are drawn, unused ones are noise, surplus contacts are left out") {
    DeterministicRandom random(3);
    const std::vector<TagFor> contact{{pair_of(1, 2), fingerprint(2)}};
    std::set<std::size_t> places;
    for (int i = 0; i < 300; ++i) {
        const auto datagram = seal_tags(contact, 4711, now, random);
        for (std::size_t at = 24; at < 24 + 240; at += 12)
            if (!find_tag(flipped(datagram, at), pair_of(1, 2), fingerprint(2), now))
                places.insert(at);
    }
    CHECK(places.size() == tags_per_datagram);
    const std::vector<TagFor> many(50, contact[0]);
    CHECK(find_tag(seal_tags(many, 4711, now, random), pair_of(1, 2), fingerprint(2), now));
}

TEST_CASE("an hour of datagrams of one instance has no repeated window of 8 bytes") {
    // A beacon and tags to each of three groups every 4 s, with nothing in them that changes.
    DeterministicRandom random(5);
    const std::vector<TagFor> contacts{{pair_of(1, 2), fingerprint(2)},
                                       {pair_of(1, 3), fingerprint(3)}};
    std::vector<std::uint64_t> windows;
    for (int i = 0; i < 900 * 3; ++i) {
        const auto beacon = seal_beacon(example(), team(1), signing_key(), random);
        const auto tags = seal_tags(contacts, 4711, now, random);
        for (const auto& datagram : {beacon, tags}) {
            std::uint64_t window = 0;
            for (std::size_t at = 0; at < datagram.size(); ++at) {
                window = window << 8 | datagram[at];
                if (at >= 7) windows.push_back(window);
            }
        }
    }
    std::ranges::sort(windows);
    CHECK(std::ranges::adjacent_find(windows) == windows.end());
}

TEST_CASE("the pair key is the same on both sides") {
    CHECK(pair_of(1, 2) == pair_of(2, 1));
    CHECK(pair_of(1, 2) != pair_of(1, 3));
}
