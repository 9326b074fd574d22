// SPDX-License-Identifier: MIT
#include "crypto/fingerprint.hpp"

#include <algorithm>
#include <set>

#include "crypto/kdf.hpp"
#include "tests/crypto/checks.hpp"
#include "tests/support/test_identities.hpp"

using namespace kith::crypto;
using namespace kith::test;

namespace {

Fingerprint counting(std::uint8_t first) {
    Fingerprint fingerprint;
    for (std::uint8_t& byte : fingerprint.bytes) byte = first++;
    return fingerprint;
}

}  // namespace

TEST_CASE("safety number: a fixed example") {
    // Computed independently with Python's hashlib from the text of docs/protocol.md.
    CHECK(safety_number(counting(0), counting(32)) ==
          "148110062722159055716651044725092110413632402472250610667137");
}

TEST_CASE("safety number: 60 digits, the same from both sides, another for other people") {
    const std::string number = safety_number(counting(0), counting(32));
    CHECK(number.size() == 60);
    CHECK(std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; }));
    CHECK(safety_number(counting(32), counting(0)) == number);
    CHECK(safety_number(counting(0), counting(33)) != number);
    CHECK(safety_number(counting(1), counting(32)) != number);
}

TEST_CASE("fingerprint: SHA-256 of the bundle, in lower-case hex") {
    const Identity alice = test_identity("alice");
    CHECK(alice.fingerprint().bytes == sha256({alice.bundle().encoded()}));
    CHECK(to_hex(counting(0)) ==
          "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    CHECK(counting(0) < counting(1));
}
