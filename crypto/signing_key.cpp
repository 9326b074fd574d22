// SPDX-License-Identifier: MIT
#include "crypto/signing_key.hpp"

#include <botan/ed25519.h>
#include <botan/pubkey.h>
#include <botan/rng.h>

#include <algorithm>
#include <exception>

namespace kith::crypto {

namespace {

constexpr std::size_t seed_size = 32;

/// RFC 8410, section 7: the private key is an OCTET STRING inside an OCTET STRING.
Botan::Ed25519_PrivateKey from_seed(ByteView seed) {
    if (seed.size() != seed_size) std::terminate();  // a mistake of the caller
    Botan::secure_vector<std::uint8_t> der{0x04, seed_size};
    der.insert(der.end(), seed.begin(), seed.end());
    return {Botan::AlgorithmIdentifier(), der};
}

}  // namespace

struct SigningKey::Impl {
    explicit Impl(ByteView seed) : key(from_seed(seed)), signer(key, unused, "Pure") {
        std::ranges::copy(key.raw_public_key_bits(), public_key.begin());
    }
    Botan::Null_RNG unused;  // Ed25519 is deterministic
    Botan::Ed25519_PrivateKey key;
    Botan::PK_Signer signer;
    SignerKey public_key{};
};

SigningKey::SigningKey(ByteView seed) : impl_(std::make_unique<Impl>(seed)) {}
SigningKey::~SigningKey() = default;

SignerKey SigningKey::public_key() const noexcept { return impl_->public_key; }

std::array<std::uint8_t, 64> SigningKey::sign(ByteView message) const {
    std::array<std::uint8_t, 64> signature{};
    std::ranges::copy(impl_->signer.sign_message(message, impl_->unused), signature.begin());
    return signature;
}

bool verify_signature(const SignerKey& signer, ByteView message, ByteView signature) {
    try {
        const Botan::Ed25519_PublicKey key(signer.data(), signer.size());
        Botan::PK_Verifier verifier(key, "Pure");
        return verifier.verify_message(message, signature);
    } catch (const Botan::Exception&) {
        return false;
    }
}

}  // namespace kith::crypto
