// SPDX-License-Identifier: MIT
#include <botan/ed25519.h>
#include <botan/pubkey.h>

#include "crypto/identity.hpp"
#include "crypto/kdf.hpp"
#include "crypto/rsa_key.hpp"

namespace kith::crypto {

namespace {

constexpr std::uint8_t bundle_version = 1;
constexpr std::size_t ed25519_key_size = 32;
constexpr std::size_t ed25519_signature_size = 64;

}  // namespace

Result<PublicBundle> PublicBundle::parse(ByteView encoded) {
    if (encoded.size() <= 1 + ed25519_key_size || encoded.size() > bundle_size_max)
        return fail(Errc::bad_key, "The public keys have an impossible length.");
    if (encoded[0] != bundle_version)
        return fail(Errc::bad_key, "The public keys are of a kind this Kith does not know.");
    PublicBundle bundle;
    bundle.encoded_.assign(encoded.begin(), encoded.end());
    const auto rsa = parse_rsa_spki(bundle.spki());
    if (!rsa) return tl::unexpected(rsa.error());
    bundle.modulus_size_ = (*rsa)->get_n().bytes();
    bundle.fingerprint_.bytes = sha256({encoded});
    return bundle;
}

ByteView PublicBundle::spki() const noexcept {
    return ByteView(encoded_).subspan(1, encoded_.size() - 1 - ed25519_key_size);
}

ByteView PublicBundle::ed25519() const noexcept {
    return ByteView(encoded_).last(ed25519_key_size);
}

bool PublicBundle::verify(ByteView message, ByteView signature) const {
    if (signature.size() != ed25519_signature_size) return false;
    try {
        const Botan::Ed25519_PublicKey key(ed25519().data(), ed25519().size());
        Botan::PK_Verifier verifier(key, "Pure");
        return verifier.verify_message(message, signature);
    } catch (const Botan::Exception&) {
        return false;
    }
}

}  // namespace kith::crypto
