// SPDX-License-Identifier: MIT
//
// X-Wing, the hybrid KEM of ML-KEM-768 and X25519 (draft-connolly-cfrg-xwing-kem).
#pragma once

#include "crypto/error.hpp"
#include "crypto/random.hpp"

namespace kith::crypto::xwing {

inline constexpr std::size_t seed_size = 32;          ///< the decapsulation key
inline constexpr std::size_t public_key_size = 1216;  ///< ML-KEM-768 (1184) || X25519 (32)
inline constexpr std::size_t ciphertext_size = 1120;  ///< ML-KEM-768 (1088) || X25519 (32)
inline constexpr std::size_t secret_size = 32;

struct KeyPair {
    SecretBytes seed;  ///< seed_size
    Bytes public_key;  ///< public_key_size
};

struct Encapsulated {
    Bytes ciphertext;    ///< ciphertext_size
    SecretBytes secret;  ///< secret_size
};

[[nodiscard]] KeyPair generate(RandomSource& random);
[[nodiscard]] KeyPair from_seed(ByteView seed);
/// Errors: wrong_length; bad_key (ML-KEM's modulus check).
[[nodiscard]] Result<Encapsulated> encapsulate(ByteView public_key, RandomSource& random);
/// Implicit rejection: a forged ciphertext of right length gives an unrelated secret, not an error.
/// Errors: wrong_length.
[[nodiscard]] Result<SecretBytes> decapsulate(ByteView seed, ByteView ciphertext);

}  // namespace kith::crypto::xwing
