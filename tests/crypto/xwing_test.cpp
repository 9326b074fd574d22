// SPDX-License-Identifier: MIT
#include "crypto/xwing.hpp"

#include "tests/crypto/checks.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith::crypto;
using namespace kith::test;

TEST_CASE("X-Wing: both sides agree, and no two encapsulations are alike") {
    DeterministicRandom random(1);
    const auto pair = xwing::generate(random);
    CHECK(pair.public_key.size() == xwing::public_key_size);
    const auto first = value(xwing::encapsulate(pair.public_key, random));
    const auto second = value(xwing::encapsulate(pair.public_key, random));
    CHECK(first.ciphertext.size() == xwing::ciphertext_size);
    CHECK(value(xwing::decapsulate(pair.seed, first.ciphertext)) == first.secret);
    CHECK(value(xwing::decapsulate(pair.seed, second.ciphertext)) == second.secret);
    CHECK(first.secret != second.secret);
    CHECK(first.ciphertext != second.ciphertext);
}

TEST_CASE("X-Wing: a forged ciphertext gives an unrelated secret, whichever half it is in") {
    DeterministicRandom random(2);
    const auto pair = xwing::generate(random);
    const auto sent = value(xwing::encapsulate(pair.public_key, random));
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{1087}, std::size_t{1088}, std::size_t{1119}}) {
        const auto secret = value(xwing::decapsulate(pair.seed, flipped(sent.ciphertext, at)));
        CHECK(secret != sent.secret);
    }
}

TEST_CASE("X-Wing: lengths are exact") {
    DeterministicRandom random(3);
    const auto pair = xwing::generate(random);
    const auto sent = value(xwing::encapsulate(pair.public_key, random));
    for (const int change : {-1, 1}) {
        Bytes key = pair.public_key;
        key.resize(key.size() + static_cast<std::size_t>(change));
        CHECK(refusal(xwing::encapsulate(key, random)) == Errc::wrong_length);
        Bytes ciphertext = sent.ciphertext;
        ciphertext.resize(ciphertext.size() + static_cast<std::size_t>(change));
        CHECK(refusal(xwing::decapsulate(pair.seed, ciphertext)) == Errc::wrong_length);
    }
    CHECK(refusal(xwing::encapsulate({}, random)) == Errc::wrong_length);
    CHECK(refusal(xwing::decapsulate(Bytes(31), sent.ciphertext)) == Errc::wrong_length);
}

TEST_CASE("X-Wing: a public key with an unreduced coefficient is refused (FIPS 203, 7.2)") {
    DeterministicRandom random(4);
    Bytes key = xwing::generate(random).public_key;
    key[0] = 0x01;  // twelve bits, little-endian: 0xd01 = 3329 = q
    key[1] = static_cast<std::uint8_t>((key[1] & 0xf0) | 0x0d);
    CHECK(refusal(xwing::encapsulate(key, random)) == Errc::bad_key);
    key[0] = 0x00;  // q - 1
    CHECK(xwing::encapsulate(key, random).has_value());
}
