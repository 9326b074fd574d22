// SPDX-License-Identifier: MIT
#include "crypto/identity.hpp"

#include <botan/ed25519.h>
#include <botan/pkcs8.h>
#include <botan/pubkey.h>

#include <exception>

#include "crypto/botan_random.hpp"
#include "crypto/encoding.hpp"
#include "crypto/rsa_key.hpp"

namespace kith::crypto {

namespace {

constexpr std::size_t seed_size = 32;

/// RFC 8410, section 7: the private key is an OCTET STRING inside an OCTET STRING.
Botan::Ed25519_PrivateKey ed25519_from_seed(ByteView seed) {
    Botan::secure_vector<std::uint8_t> der{0x04, seed_size};
    der.insert(der.end(), seed.begin(), seed.end());
    return {Botan::AlgorithmIdentifier(), der};
}

Bytes encode_bundle(const Botan::RSA_PrivateKey& rsa, const Botan::Ed25519_PrivateKey& ed25519) {
    Bytes encoded{1};
    append(encoded, rsa.subject_public_key());
    append(encoded, ed25519.raw_public_key_bits());
    return encoded;
}

}  // namespace

struct Identity::Impl {
    IdentityKeys keys;
    Botan::Ed25519_PrivateKey ed25519;
    PublicBundle bundle;
};

Identity::Identity(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Identity::Identity(Identity&&) noexcept = default;
Identity& Identity::operator=(Identity&&) noexcept = default;
Identity::~Identity() = default;

Identity Identity::generate(RandomSource& random) {
    BotanRandom rng(random);
    const Botan::RSA_PrivateKey rsa(rng, rsa_bits_generated);
    const auto der = Botan::PKCS8::BER_encode(rsa);
    IdentityKeys keys{SecretBytes(der.begin(), der.end()), SecretBytes(seed_size)};
    random.fill(keys.ed25519_seed);
    auto identity = from_keys(keys);
    if (!identity) std::terminate();  // Botan does not accept the key it has just made
    return std::move(*identity);
}

Result<Identity> Identity::from_keys(const IdentityKeys& keys) {
    if (keys.ed25519_seed.size() != seed_size)
        return fail(Errc::bad_key, "The private Ed25519 key has a wrong length.");
    const auto rsa = parse_rsa_pkcs8(keys.rsa_pkcs8, Verify::yes);
    if (!rsa) return tl::unexpected(rsa.error());
    try {
        auto ed25519 = ed25519_from_seed(keys.ed25519_seed);
        auto bundle = PublicBundle::parse(encode_bundle(**rsa, ed25519));
        if (!bundle) return tl::unexpected(bundle.error());
        return Identity(
            std::unique_ptr<Impl>(new Impl{keys, std::move(ed25519), std::move(*bundle)}));
    } catch (const Botan::Exception&) {
        return fail(Errc::bad_key, "The private Ed25519 key cannot be used.");
    }
}

IdentityKeys Identity::keys() const { return impl_->keys; }

const PublicBundle& Identity::bundle() const noexcept { return impl_->bundle; }

const Fingerprint& Identity::fingerprint() const noexcept { return impl_->bundle.fingerprint(); }

Bytes Identity::sign(ByteView message) const {
    Botan::Null_RNG unused;  // Ed25519 is deterministic
    Botan::PK_Signer signer(impl_->ed25519, unused, "Pure");
    return signer.sign_message(message, unused);
}

}  // namespace kith::crypto
