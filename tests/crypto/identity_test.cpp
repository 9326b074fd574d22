// SPDX-License-Identifier: MIT
#include "crypto/identity.hpp"

#include "tests/crypto/checks.hpp"
#include "tests/support/deterministic_random.hpp"
#include "tests/support/test_identities.hpp"

using namespace kith::crypto;
using namespace kith::test;

namespace {

// A writer of DER (X.690), which also writes what DER forbids.
Bytes tlv(std::uint8_t tag, ByteView content, bool minimal = true) {
    Bytes out{tag};
    const auto high = static_cast<std::uint8_t>(content.size() >> 8);
    const auto low = static_cast<std::uint8_t>(content.size());
    if (!minimal)
        out.insert(out.end(), {0x83, 0, high, low});
    else if (content.size() > 255)
        out.insert(out.end(), {0x82, high, low});
    else if (content.size() > 127)
        out.insert(out.end(), {0x81, low});
    else
        out.push_back(low);
    out.insert(out.end(), content.begin(), content.end());
    return out;
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

Bytes integer(Bytes magnitude) {
    if (!magnitude.empty() && magnitude[0] >= 0x80) magnitude.insert(magnitude.begin(), 0);
    return tlv(0x02, magnitude);
}

struct Shape {
    Bytes modulus;  ///< an INTEGER
    Bytes exponent = integer({1, 0, 1});
    Bytes algorithm = hex("300d06092a864886f70d0101010500");  ///< rsaEncryption, NULL
    bool minimal_lengths = true;
};

Bytes bundle(const Shape& shape) {
    const Bytes key = tlv(0x30, joined({shape.modulus, shape.exponent}));
    const Bytes bits = tlv(0x03, joined({Bytes{0}, key}));
    const Bytes spki = tlv(0x30, joined({shape.algorithm, bits}), shape.minimal_lengths);
    return joined({Bytes{1}, spki, Bytes(32, 0x42)});
}

/// An odd number of exactly `bits` bits. Nothing about a public key needs the factors.
Bytes number(std::size_t bits) {
    DeterministicRandom random(bits);
    Bytes out((bits + 7) / 8);
    random.fill(out);
    const auto top = static_cast<std::uint8_t>(1U << ((bits - 1) % 8));
    out[0] = static_cast<std::uint8_t>((out[0] & (top - 1)) | top);
    out.back() |= 1;
    return out;
}

Errc refused(const Bytes& encoded) { return refusal(PublicBundle::parse(encoded)); }

}  // namespace

TEST_CASE("identity: keys go out and come back as the same person") {
    const Identity alice = test_identity("alice");
    const Identity again = value(Identity::from_keys(alice.keys()));
    CHECK(again.fingerprint() == alice.fingerprint());
    const PublicBundle parsed = value(PublicBundle::parse(alice.bundle().encoded()));
    CHECK(parsed.fingerprint() == alice.fingerprint());
    CHECK(parsed.modulus_size() == 384);
    CHECK(test_identity("bob").fingerprint() != alice.fingerprint());
}

TEST_CASE("identity: a generated one has RSA-3072 and works") {
    DeterministicRandom random(5);
    const Identity identity = Identity::generate(random);
    CHECK(identity.bundle().modulus_size() * 8 == rsa_bits_generated);
    CHECK(value(Identity::from_keys(identity.keys())).fingerprint() == identity.fingerprint());
    const Bytes signature = identity.sign(view("hello"));
    CHECK(identity.bundle().verify(view("hello"), signature));
}

TEST_CASE("identity: Ed25519 signatures hold for one message and one person") {
    const Identity alice = test_identity("alice");
    const Bytes signature = alice.sign(view("to be signed"));
    REQUIRE(signature.size() == 64);
    CHECK(alice.bundle().verify(view("to be signed"), signature));
    CHECK_FALSE(alice.bundle().verify(view("to be signed."), signature));
    CHECK_FALSE(test_identity("bob").bundle().verify(view("to be signed"), signature));
    for (std::size_t at = 0; at < signature.size(); ++at)
        CHECK_FALSE(alice.bundle().verify(view("to be signed"), flipped(signature, at)));
    CHECK_FALSE(alice.bundle().verify(view("to be signed"), {}));
    CHECK_FALSE(alice.bundle().verify(view("to be signed"), Bytes(65)));
}

TEST_CASE("bundle: RSA of 3072 to 4096 bits") {
    for (const std::size_t bits : {3072U, 3073U, 4095U, 4096U}) {
        const auto parsed = PublicBundle::parse(bundle({integer(number(bits))}));
        REQUIRE(parsed.has_value());
        CHECK(parsed->modulus_size() == (bits + 7) / 8);
        CHECK(parsed->encoded().size() <= bundle_size_max);
    }
    for (const std::size_t bits : {1024U, 2048U, 3071U, 4097U, 8192U})
        CHECK(refused(bundle({integer(number(bits))})) == Errc::bad_key);
}

TEST_CASE("bundle: only e = 65537, only odd and positive moduli") {
    const Bytes modulus = integer(number(3072));
    for (const Bytes& exponent :
         {Bytes{3}, Bytes{1}, Bytes{1, 0, 0}, Bytes{1, 0, 3}, Bytes{1, 0, 0, 1}, Bytes{0}})
        CHECK(refused(bundle({modulus, integer(exponent)})) == Errc::bad_key);
    Bytes even = number(3072);
    even.back() &= 0xfe;
    CHECK(refused(bundle({integer(even)})) == Errc::bad_key);
    CHECK(refused(bundle({tlv(0x02, number(3072))})) == Errc::bad_key);  // top bit set: negative
}

TEST_CASE("bundle: only the one DER encoding") {
    const Bytes modulus = integer(number(3072));
    Shape long_lengths{modulus};
    long_lengths.minimal_lengths = false;
    CHECK(refused(bundle(long_lengths)) == Errc::bad_key);

    Bytes padded = number(3072);
    padded.insert(padded.begin(), {0, 0});
    CHECK(refused(bundle({tlv(0x02, padded)})) == Errc::bad_key);
    CHECK(refused(bundle({modulus, tlv(0x02, Bytes{0, 1, 0, 1})})) == Errc::bad_key);

    Shape without_null{modulus};
    without_null.algorithm = hex("300b06092a864886f70d010101");
    CHECK(refused(bundle(without_null)) == Errc::bad_key);
    Shape oaep{modulus};
    oaep.algorithm = hex("300d06092a864886f70d0101070500");  // id-RSAES-OAEP
    CHECK(refused(bundle(oaep)) == Errc::bad_key);
    Shape pss{modulus};
    pss.algorithm = hex("300d06092a864886f70d01010a0500");  // id-RSASSA-PSS
    CHECK(refused(bundle(pss)) == Errc::bad_key);

    // Indefinite length, closed by two zeros: BER, never DER.
    const Bytes good = bundle({modulus});
    Bytes indefinite{1, 0x30, 0x80};
    indefinite.insert(indefinite.end(), good.begin() + 5, good.end() - 32);
    indefinite.insert(indefinite.end(), {0, 0});
    indefinite.insert(indefinite.end(), good.end() - 32, good.end());
    CHECK(refused(indefinite) == Errc::bad_key);
    CHECK(PublicBundle::parse(good).has_value());
}

TEST_CASE("bundle: nothing may be missing or follow") {
    const Identity alice = test_identity("alice");
    const ByteView encoded = alice.bundle().encoded();
    const Bytes good(encoded.begin(), encoded.end());
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK(refused(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))) ==
              Errc::bad_key);
    CHECK(refused(joined({good, Bytes{0}})) == Errc::bad_key);
    CHECK(refused(Bytes(bundle_size_max + 1, 1)) == Errc::bad_key);
    Bytes other_version = good;
    other_version[0] = 2;
    CHECK(refused(other_version) == Errc::bad_key);
}

TEST_CASE("bundle: a flipped byte is refused or makes another person, and never crashes") {
    const PublicBundle alice = test_identity("alice").bundle();
    for (std::size_t at = 0; at < alice.encoded().size(); ++at) {
        const auto parsed = PublicBundle::parse(flipped(alice.encoded(), at));
        if (parsed) CHECK(parsed->fingerprint() != alice.fingerprint());
    }
}

TEST_CASE("identity: damaged private keys are refused") {
    const IdentityKeys good = test_identity_keys("alice");
    const auto with_rsa = [&](SecretBytes rsa) {
        return refusal(Identity::from_keys({std::move(rsa), good.ed25519_seed}));
    };
    CHECK(with_rsa({}) == Errc::bad_key);
    SecretBytes longer = good.rsa_pkcs8;
    longer.push_back(0);
    CHECK(with_rsa(longer) == Errc::bad_key);
    // Every number of the key is somewhere in here: a step that is no divisor of anything.
    for (std::size_t at = 0; at < good.rsa_pkcs8.size(); at += 41) {
        const Bytes damaged = flipped(good.rsa_pkcs8, at);
        CHECK(with_rsa(SecretBytes(damaged.begin(), damaged.end())) == Errc::bad_key);
    }
    CHECK(refusal(Identity::from_keys({good.rsa_pkcs8, SecretBytes(31)})) == Errc::bad_key);
}
