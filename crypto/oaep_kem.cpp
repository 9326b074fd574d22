// SPDX-License-Identifier: MIT
#include "crypto/oaep_kem.hpp"

#include <botan/pubkey.h>

#include "crypto/botan_random.hpp"
#include "crypto/encoding.hpp"
#include "crypto/kdf.hpp"
#include "crypto/rsa_key.hpp"

namespace kith::crypto::oaep_kem {

namespace {

constexpr std::string_view padding = "OAEP(SHA-256,MGF1(SHA-256))";
constexpr std::size_t message_size = 32;

/// ss = HKDF-SHA-512(salt = "", m, info = "skem" || SHA-256(SPKI) || ct): bound to key and
/// ciphertext, so that no ciphertext can be passed on to somebody else's key.
SecretBytes derive_secret(ByteView message, const Digest256& key_hash, ByteView ciphertext) {
    Bytes info{'s', 'k', 'e', 'm'};
    append(info, key_hash);
    append(info, ciphertext);
    return hkdf_sha512({}, message, info, secret_size);
}

}  // namespace

Result<Encapsulated> encapsulate(const PublicBundle& to, RandomSource& random) {
    const auto key = parse_rsa_spki(to.spki());
    if (!key) return tl::unexpected(key.error());
    SecretBytes message(message_size);
    random.fill(message);
    try {
        BotanRandom rng(random);
        const Botan::PK_Encryptor_EME encryptor(**key, rng, padding);
        Encapsulated out;
        out.ciphertext = encryptor.encrypt(message, rng);
        out.secret = derive_secret(message, sha256({to.spki()}), out.ciphertext);
        return out;
    } catch (const Botan::Exception&) {
        return fail(Errc::bad_key, "The public RSA key cannot encrypt.");
    }
}

struct Decapsulator::Impl {
    RsaPrivateKey key;
    Digest256 key_hash;
    BotanRandom rng;  ///< of the call in progress: Botan's blinding keeps a reference to it
    std::unique_ptr<Botan::PK_Decryptor_EME> decryptor;

    Botan::secure_vector<std::uint8_t> decrypt(ByteView ciphertext) {
        if (!decryptor) decryptor.reset(new Botan::PK_Decryptor_EME(*key, rng, padding));
        return decryptor->decrypt_or_random(ciphertext.data(), ciphertext.size(), message_size,
                                            rng);
    }
};

Decapsulator::Decapsulator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Decapsulator::Decapsulator(Decapsulator&&) noexcept = default;
Decapsulator& Decapsulator::operator=(Decapsulator&&) noexcept = default;
Decapsulator::~Decapsulator() = default;

Result<Decapsulator> Decapsulator::from_keys(const IdentityKeys& keys) {
    auto key = parse_rsa_pkcs8(keys.rsa_pkcs8, Verify::no);
    if (!key) return tl::unexpected(key.error());
    auto impl = std::make_unique<Impl>();
    impl->key_hash = sha256({(*key)->subject_public_key()});
    impl->key = std::move(*key);
    return Decapsulator(std::move(impl));
}

SecretBytes Decapsulator::decapsulate(ByteView ciphertext, RandomSource& random) const {
    impl_->rng.use(&random);
    SecretBytes message(message_size);
    random.fill(message);
    try {
        const auto decrypted = impl_->decrypt(ciphertext);
        message.assign(decrypted.begin(), decrypted.end());
    } catch (const Botan::Exception&) {
        // Not a number below the modulus, which anybody can see: the random message stays. The
        // same work is done, so that the time does not differ either.
        Bytes stand_in(impl_->key->get_n().bytes());
        stand_in.back() = 2;
        (void)impl_->decrypt(stand_in);
    }
    impl_->rng.use(nullptr);
    return derive_secret(message, impl_->key_hash, ciphertext);
}

}  // namespace kith::crypto::oaep_kem
