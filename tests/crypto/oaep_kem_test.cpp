// SPDX-License-Identifier: MIT
#include "crypto/oaep_kem.hpp"

#include "tests/crypto/handshake_pair.hpp"

using namespace kith::test;

TEST_CASE("OAEP-KEM: both sides agree, for RSA-3072 and RSA-4096") {
    DeterministicRandom random(1);
    for (const auto& [name, size] : {std::pair{"bob", 384U}, std::pair{"carol", 512U}}) {
        const Party& to = party(name);
        const auto sent = value(oaep_kem::encapsulate(to.bundle(), random));
        CHECK(sent.ciphertext.size() == size);
        CHECK(to.bundle().modulus_size() == size);
        CHECK(sent.secret.size() == oaep_kem::secret_size);
        CHECK(to.decapsulate(sent.ciphertext) == sent.secret);
        CHECK(value(oaep_kem::encapsulate(to.bundle(), random)).secret != sent.secret);
    }
}

TEST_CASE("OAEP-KEM: implicit rejection of everything that is wrong") {
    DeterministicRandom random(2);
    const Party& bob = party("bob");
    const auto sent = value(oaep_kem::encapsulate(bob.bundle(), random));
    const auto decapsulated = [&](ByteView ciphertext, std::uint64_t seed) {
        DeterministicRandom source(seed);
        return bob.decapsulator.decapsulate(ciphertext, source);
    };
    Bytes shorter(sent.ciphertext.begin(), sent.ciphertext.end() - 1);
    Bytes longer = sent.ciphertext;
    longer.push_back(0);
    for (const Bytes& wrong : {flipped(sent.ciphertext, 0), flipped(sent.ciphertext, 383), shorter,
                               longer, Bytes(), Bytes(384, 0x00), Bytes(384, 0xff)}) {
        const SecretBytes secret = decapsulated(wrong, 1);
        CHECK(secret.size() == oaep_kem::secret_size);
        CHECK(secret != sent.secret);
        CHECK(secret != decapsulated(wrong, 2));  // random, not derived from the ciphertext alone
    }
    // Nothing of a refused ciphertext stays behind.
    CHECK(decapsulated(sent.ciphertext, 3) == sent.secret);
}

TEST_CASE("OAEP-KEM: a secret belongs to one key") {
    DeterministicRandom random(3);
    const auto sent = value(oaep_kem::encapsulate(party("bob").bundle(), random));
    CHECK(party("alice").decapsulate(sent.ciphertext) != sent.secret);
}

TEST_CASE("OAEP-KEM: a decapsulator needs an RSA key that Kith accepts") {
    IdentityKeys keys = test_identity_keys("bob");
    keys.rsa_pkcs8.pop_back();
    CHECK(refusal(oaep_kem::Decapsulator::from_keys(keys)) == Errc::bad_key);
    keys.rsa_pkcs8.clear();
    CHECK(refusal(oaep_kem::Decapsulator::from_keys(keys)) == Errc::bad_key);
}
