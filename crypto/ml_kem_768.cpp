// SPDX-License-Identifier: MIT
#include "crypto/ml_kem_768.hpp"

#include <botan/ml_kem.h>
#include <botan/pubkey.h>

#include "crypto/botan_random.hpp"

namespace kith::crypto::ml_kem_768 {

namespace {

constexpr auto mode = Botan::ML_KEM_Mode::ML_KEM_768;

tl::unexpected<Error> refused() {
    return fail(Errc::bad_key, "An ML-KEM key or ciphertext is not valid.");
}

}  // namespace

Result<Bytes> public_key(ByteView seed) {
    if (seed.size() != seed_size) return refused();
    try {
        return Botan::ML_KEM_PrivateKey(seed, mode).raw_public_key_bits();
    } catch (const Botan::Exception&) {
        return refused();
    }
}

Result<Encapsulated> encapsulate(ByteView public_key, RandomSource& random) {
    if (public_key.size() != public_key_size) return refused();
    try {
        BotanRandom rng(random);
        const Botan::ML_KEM_PublicKey key(public_key, mode);
        const auto result = Botan::PK_KEM_Encryptor(key, "Raw").encrypt(rng, secret_size);
        return Encapsulated{result.encapsulated_shared_key(),
                            {result.shared_key().begin(), result.shared_key().end()}};
    } catch (const Botan::Exception&) {
        return refused();
    }
}

Result<SecretBytes> decapsulate(ByteView seed, ByteView ciphertext) {
    if (seed.size() != seed_size || ciphertext.size() != ciphertext_size) return refused();
    try {
        Botan::Null_RNG unused;
        const Botan::ML_KEM_PrivateKey key(seed, mode);
        const auto secret =
            Botan::PK_KEM_Decryptor(key, unused, "Raw").decrypt(ciphertext, secret_size);
        return SecretBytes(secret.begin(), secret.end());
    } catch (const Botan::Exception&) {
        return refused();
    }
}

}  // namespace kith::crypto::ml_kem_768
