// SPDX-License-Identifier: MIT
#include "crypto/connection_id.hpp"

#include <set>

#include "crypto/kdf.hpp"
#include "crypto/relay_address.hpp"
#include "tests/crypto/checks.hpp"

using namespace kith::crypto;
using namespace kith::test;

namespace {

ConnectionId example() {
    ConnectionId id;
    for (std::size_t i = 0; i < 32; ++i) id.fingerprint.bytes[i] = static_cast<std::uint8_t>(i * 7);
    id.token = {1, 2, 3, 4, 5, 6, 7, 8};
    id.candidates = {{CandidateKind::lan, {192, 168, 1, 20}, 47474},
                     {CandidateKind::public_address,
                      {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                      443},
                     {CandidateKind::mapped, {203, 0, 113, 9}, 1},
                     {CandidateKind::loopback, {127, 0, 0, 1}, 65535}};
    return id;
}

/// version || fingerprint || token, and then whatever a test puts there.
Bytes fields(std::uint8_t version = 1) {
    Bytes out{version};
    out.resize(1 + 32 + 8, 0x11);
    return out;
}

std::string signed_off(Bytes body) {
    const Digest256 digest = sha256({body});
    body.insert(body.end(), digest.begin(), digest.begin() + 4);
    return "kith1" + to_base64url(body);
}

Errc refused(std::string_view text) { return refusal(parse_connection_id(text)); }

}  // namespace

TEST_CASE("connection ID: what is written can be read") {
    CHECK(value(parse_connection_id(format(example()))) == example());
    ConnectionId bare = example();
    bare.candidates.clear();
    CHECK(value(parse_connection_id(format(bare))) == bare);
    CHECK(format(bare).size() == 5 + 62);
}

TEST_CASE("connection ID: relays are candidates, too") {
    ConnectionId id = example();
    const RelayAddress relay{id.fingerprint, {8, 7, 6, 5, 4, 3, 2, 1}, "relay.example.org", 47475};
    id.candidates.push_back({CandidateKind::relay, place_of(relay), relay.port});
    const ConnectionId read = value(parse_connection_id(format(id)));
    CHECK(read == id);
    CHECK(relay_at(read.candidates.back().address, read.candidates.back().port) == relay);
    id.candidates.back().address.push_back(' ');  // no name of a host
    CHECK(value(parse_connection_id(format(id))).candidates.size() == 4);
}

TEST_CASE("connection ID: golden") {
    ConnectionId id = example();
    id.candidates.resize(1);
    // version 01, fingerprint, token 01..08, one candidate: kind 01, length 06, 192.168.1.20, port
    // b972
    Bytes body = {1};
    body.insert(body.end(), id.fingerprint.bytes.begin(), id.fingerprint.bytes.end());
    const Bytes rest =
        hex("0102030405060708"
            "01"
            "01"
            "06"
            "c0a80114"
            "b972");
    body.insert(body.end(), rest.begin(), rest.end());
    CHECK(format(id) == signed_off(body));
    CHECK(format(id) ==
          "kith1AQAHDhUcIyoxOD9GTVRbYmlwd36FjJOaoaivtr3Ey9LZAQIDBAUGBwgBAQbAqAEUuXK0AX6_");
}

TEST_CASE("connection ID: white space and line breaks are ignored wherever they are") {
    const std::string text = format(example());
    std::string spread = "\n\t ";
    for (std::size_t i = 0; i < text.size(); ++i) {
        spread += text[i];
        spread += i % 3 == 0 ? " " : i % 3 == 1 ? "\r\n" : "\t\v\f";
    }
    CHECK(value(parse_connection_id(spread)) == example());
}

TEST_CASE("connection ID: every single wrong character is detected") {
    const std::string text = format(example());
    constexpr std::string_view typed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.,;";
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char c : typed) {
            if (c == text[at]) continue;
            std::string wrong = text;
            wrong[at] = c;
            if (parse_connection_id(wrong)) FAIL("accepted " << wrong);
        }
    }
    SUCCEED("all refused");
}

TEST_CASE("connection ID: cut, doubled and swapped characters are detected") {
    const std::string text = format(example());
    for (std::size_t size = 0; size < text.size(); ++size)
        CHECK_FALSE(parse_connection_id(text.substr(0, size)).has_value());
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string doubled = text;
        doubled.insert(at, 1, text[at]);
        CHECK_FALSE(parse_connection_id(doubled).has_value());
        if (at + 1 < text.size() && text[at] != text[at + 1]) {
            std::string swapped = text;
            std::swap(swapped[at], swapped[at + 1]);
            CHECK_FALSE(parse_connection_id(swapped).has_value());
        }
    }
}

TEST_CASE("connection ID: what kind of wrong it is") {
    CHECK(refused("") == Errc::malformed);
    CHECK(refused("hello") == Errc::malformed);
    CHECK(refused("kith1") == Errc::malformed);
    CHECK(refused("KITH1" + format(example()).substr(5)) == Errc::malformed);
    std::string damaged = format(example());
    damaged[20] = damaged[20] == 'A' ? 'B' : 'A';
    CHECK(refused(damaged) == Errc::checksum);
    Bytes newer = fields(2);
    newer.push_back(0);
    CHECK(refused(signed_off(newer)) == Errc::newer_version);
}

TEST_CASE("connection ID: kinds of a newer Kith are skipped, and known ones read behind them") {
    Bytes body = fields();
    body.push_back(4);
    for (const Bytes& candidate :
         {Bytes{0, 0}, Bytes{9, 3, 1, 2, 3}, Bytes{1, 6, 10, 0, 0, 1, 0, 80}, Bytes{255, 1, 0}})
        body.insert(body.end(), candidate.begin(), candidate.end());
    const ConnectionId id = value(parse_connection_id(signed_off(body)));
    REQUIRE(id.candidates.size() == 1);
    CHECK(id.candidates[0] == Candidate{CandidateKind::lan, {10, 0, 0, 1}, 80});
}

TEST_CASE("connection ID: impossible candidates and length bombs") {
    const auto with = [](Bytes tail) {
        Bytes body = fields();
        body.insert(body.end(), tail.begin(), tail.end());
        return signed_off(body);
    };
    CHECK(refused(with({1, 1, 5, 10, 0, 0, 0, 80})) == Errc::malformed);    // three-byte address
    CHECK(refused(with({1, 1, 6, 10, 0, 0, 1, 0, 0})) == Errc::malformed);  // port 0
    CHECK(refused(with({1, 1, 1, 0})) == Errc::malformed);                  // no room for a port
    CHECK(refused(with({1, 1, 0})) == Errc::malformed);                     // empty
    CHECK(refused(with({1, 1, 255, 10, 0, 0, 1, 0, 80})) ==
          Errc::malformed);                                   // longer than the rest
    CHECK(refused(with({1, 9, 255, 1})) == Errc::malformed);  // the same, unknown kind
    CHECK(refused(with({2, 1, 6, 10, 0, 0, 1, 0, 80})) == Errc::malformed);  // one is missing
    CHECK(refused(with({1, 1})) == Errc::malformed);
    CHECK(refused(with({0, 0})) == Errc::malformed);  // something follows
    CHECK(refused(with({17})) == Errc::limits);
    CHECK(refused(with({255})) == Errc::limits);
    CHECK(refused("kith1" + std::string(2000, 'A')) == Errc::limits);
    CHECK(refused(std::string(10'000'000, ' ')) == Errc::limits);
}

TEST_CASE("connection ID: unwritable and surplus candidates are left out") {
    ConnectionId id = example();
    id.candidates = {{CandidateKind::lan, {1, 2, 3}, 80}, {CandidateKind::lan, {1, 2, 3, 4}, 0}};
    CHECK(value(parse_connection_id(format(id))).candidates.empty());
    id.candidates.assign(40, {CandidateKind::mapped, Bytes(16, 1), 80});
    const std::string text = format(id);
    CHECK(text.size() <= connection_id_text_max);
    CHECK(value(parse_connection_id(text)).candidates.size() == candidates_max);
}
