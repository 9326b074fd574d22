// SPDX-License-Identifier: MIT
#include "crypto/xwing.hpp"

#include <botan/hash.h>
#include <botan/ml_kem.h>
#include <botan/pubkey.h>
#include <botan/x25519.h>

#include <exception>

#include "crypto/botan_random.hpp"

namespace kith::crypto::xwing {

namespace {

// Specification: draft-connolly-cfrg-xwing-kem, sections 5.2 to 5.4.
constexpr std::array<std::uint8_t, 6> label{0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c};
constexpr std::size_t ml_kem_public_key_size = 1184;
constexpr std::size_t ml_kem_ciphertext_size = 1088;
constexpr std::size_t ml_kem_seed_size = 64;
constexpr std::size_t x25519_size = 32;

struct Expanded {
    Botan::ML_KEM_PrivateKey ml_kem;
    Botan::X25519_PrivateKey x25519;
};

Expanded expand(ByteView seed) {
    const auto shake = Botan::HashFunction::create_or_throw("SHAKE-256(768)");
    shake->update(seed);
    const Botan::secure_vector<std::uint8_t> expanded = shake->final();
    const ByteView all(expanded);
    return {Botan::ML_KEM_PrivateKey(all.first(ml_kem_seed_size), Botan::ML_KEM_Mode::ML_KEM_768),
            Botan::X25519_PrivateKey(all.subspan(ml_kem_seed_size, x25519_size))};
}

Bytes public_key_of(const Expanded& keys) {
    Bytes out = keys.ml_kem.raw_public_key_bits();
    const auto point = keys.x25519.raw_public_key_bits();
    out.insert(out.end(), point.begin(), point.end());
    return out;
}

SecretBytes combine(ByteView ml_kem_secret, ByteView x25519_secret, ByteView x25519_ciphertext,
                    ByteView x25519_public_key) {
    const auto hash = Botan::HashFunction::create_or_throw("SHA-3(256)");
    hash->update(ml_kem_secret);
    hash->update(x25519_secret);
    hash->update(x25519_ciphertext);
    hash->update(x25519_public_key);
    hash->update(label);
    SecretBytes secret(secret_size);
    hash->final(std::span<std::uint8_t>(secret));
    return secret;
}

}  // namespace

KeyPair generate(RandomSource& random) {
    SecretBytes seed(seed_size);
    random.fill(seed);
    return from_seed(seed);
}

KeyPair from_seed(ByteView seed) {
    if (seed.size() != seed_size) std::terminate();  // a mistake of the caller, never of a peer
    return {SecretBytes(seed.begin(), seed.end()), public_key_of(expand(seed))};
}

Result<Encapsulated> encapsulate(ByteView public_key, RandomSource& random) {
    if (public_key.size() != public_key_size)
        return fail(Errc::wrong_length, "The X-Wing public key has a wrong length.");
    try {
        BotanRandom rng(random);
        const Botan::ML_KEM_PublicKey ml_kem(public_key.first(ml_kem_public_key_size),
                                             Botan::ML_KEM_Mode::ML_KEM_768);
        const ByteView x25519 = public_key.last(x25519_size);
        auto inner = Botan::PK_KEM_Encryptor(ml_kem, "Raw").encrypt(rng);
        const Botan::X25519_PrivateKey ephemeral(rng.random_vec(x25519_size));
        const auto point = ephemeral.raw_public_key_bits();
        const auto agreed = ephemeral.agree(x25519.data(), x25519.size());

        Encapsulated out;
        out.ciphertext = inner.encapsulated_shared_key();
        out.ciphertext.insert(out.ciphertext.end(), point.begin(), point.end());
        out.secret = combine(inner.shared_key(), agreed, point, x25519);
        return out;
    } catch (const Botan::Exception&) {
        return fail(Errc::bad_key, "The X-Wing public key is not valid.");
    }
}

Result<SecretBytes> decapsulate(ByteView seed, ByteView ciphertext) {
    if (seed.size() != seed_size || ciphertext.size() != ciphertext_size)
        return fail(Errc::wrong_length, "The X-Wing ciphertext has a wrong length.");
    try {
        const Expanded keys = expand(seed);
        Botan::Null_RNG unused;
        Botan::PK_KEM_Decryptor decryptor(keys.ml_kem, unused, "Raw");
        const auto inner = decryptor.decrypt(ciphertext.first(ml_kem_ciphertext_size), secret_size);
        const ByteView point = ciphertext.last(x25519_size);
        const auto agreed = keys.x25519.agree(point.data(), point.size());
        return combine(inner, agreed, point, keys.x25519.raw_public_key_bits());
    } catch (const Botan::Exception&) {
        return fail(Errc::bad_key, "The X-Wing ciphertext is not valid.");
    }
}

}  // namespace kith::crypto::xwing
