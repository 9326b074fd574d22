// SPDX-License-Identifier: MIT
#include "crypto/xwing.hpp"

#include <botan/hash.h>

#include <exception>

#include "crypto/encoding.hpp"
#include "crypto/ml_kem_768.hpp"
#include "crypto/x25519.hpp"

namespace kith::crypto::xwing {

namespace {

// Specification: draft-connolly-cfrg-xwing-kem, sections 5.2 to 5.5.
constexpr std::array<std::uint8_t, 6> label{0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c};
static_assert(public_key_size == ml_kem_768::public_key_size + x25519::key_size);
static_assert(ciphertext_size == ml_kem_768::ciphertext_size + x25519::key_size);

/// ML-KEM seed (64) || X25519 scalar (32).
SecretBytes expand(ByteView seed) {
    const auto shake = Botan::HashFunction::create_or_throw("SHAKE-256(768)");
    shake->update(seed);
    SecretBytes expanded(ml_kem_768::seed_size + x25519::key_size);
    shake->final(std::span<std::uint8_t>(expanded));
    return expanded;
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
    const SecretBytes expanded = expand(seed);
    auto ml_kem = ml_kem_768::public_key(ByteView(expanded).first(ml_kem_768::seed_size));
    // A seed of wrong length is a mistake of the caller, never of a peer.
    if (seed.size() != seed_size || !ml_kem) std::terminate();
    const Bytes point = x25519::public_key(ByteView(expanded).last(x25519::key_size));
    append(*ml_kem, point);
    return {SecretBytes(seed.begin(), seed.end()), std::move(*ml_kem)};
}

Result<Encapsulated> encapsulate(ByteView public_key, RandomSource& random) {
    if (public_key.size() != public_key_size)
        return fail(Errc::wrong_length, "The X-Wing public key has a wrong length.");
    auto inner = ml_kem_768::encapsulate(public_key.first(ml_kem_768::public_key_size), random);
    if (!inner) return tl::unexpected(inner.error());
    SecretBytes scalar(x25519::key_size);
    random.fill(scalar);
    const ByteView peer = public_key.last(x25519::key_size);
    const Bytes point = x25519::public_key(scalar);

    Encapsulated out{std::move(inner->ciphertext),
                     combine(inner->secret, x25519::agree(scalar, peer), point, peer)};
    append(out.ciphertext, point);
    return out;
}

Result<SecretBytes> decapsulate(ByteView seed, ByteView ciphertext) {
    if (seed.size() != seed_size || ciphertext.size() != ciphertext_size)
        return fail(Errc::wrong_length, "The X-Wing ciphertext has a wrong length.");
    const SecretBytes expanded = expand(seed);
    const auto inner = ml_kem_768::decapsulate(ByteView(expanded).first(ml_kem_768::seed_size),
                                               ciphertext.first(ml_kem_768::ciphertext_size));
    if (!inner) return tl::unexpected(inner.error());
    const ByteView scalar = ByteView(expanded).last(x25519::key_size);
    const ByteView point = ciphertext.last(x25519::key_size);
    return combine(*inner, x25519::agree(scalar, point), point, x25519::public_key(scalar));
}

}  // namespace kith::crypto::xwing
