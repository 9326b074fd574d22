// SPDX-License-Identifier: MIT
//
// ML-KEM-768 (FIPS 203). Internal to crypto/: a part of X-Wing.
#pragma once

#include "crypto/error.hpp"
#include "crypto/random.hpp"

namespace kith::crypto::ml_kem_768 {

inline constexpr std::size_t seed_size = 64;  ///< d || z
inline constexpr std::size_t public_key_size = 1184;
inline constexpr std::size_t ciphertext_size = 1088;
inline constexpr std::size_t secret_size = 32;

struct Encapsulated {
    Bytes ciphertext;
    SecretBytes secret;
};

[[nodiscard]] Result<Bytes> public_key(ByteView seed);
/// Errors: bad_key (length, or a coefficient that is not reduced, FIPS 203 section 7.2).
[[nodiscard]] Result<Encapsulated> encapsulate(ByteView public_key, RandomSource& random);
/// Implicit rejection. Errors: bad_key (lengths).
[[nodiscard]] Result<SecretBytes> decapsulate(ByteView seed, ByteView ciphertext);

}  // namespace kith::crypto::ml_kem_768
