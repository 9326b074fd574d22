// SPDX-License-Identifier: MIT
//
// Hashes and key derivation: SHA-256, SHA-512 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869),
// Argon2id (RFC 9106). Thread-safe: free functions without state.
#pragma once

#include <initializer_list>

#include "crypto/bytes.hpp"
#include "crypto/error.hpp"

namespace kith::crypto {

using Digest256 = std::array<std::uint8_t, 32>;
using Digest512 = std::array<std::uint8_t, 64>;

/// Hash of the concatenation of `parts`.
[[nodiscard]] Digest256 sha256(std::initializer_list<ByteView> parts);
[[nodiscard]] Digest512 sha512(std::initializer_list<ByteView> parts);

[[nodiscard]] Digest256 hmac_sha256(ByteView key, ByteView message);

/// HKDF with extraction. Noise's HKDF(ck, ikm, n) is this with salt = ck, no info, 64 n bytes.
/// `size` is at most 255 * 64.
[[nodiscard]] SecretBytes hkdf_sha512(ByteView salt, ByteView key_material, ByteView info,
                                      std::size_t size);

/// Argon2id cost.
struct PasswordCost {
    std::uint32_t memory_kib = 64 * 1024;
    std::uint32_t passes = 3;
    std::uint32_t lanes = 1;
    bool operator==(const PasswordCost&) const = default;
};
/// Checked before any derivation, so that hostile parameters cannot stall or exhaust a machine.
inline constexpr PasswordCost password_cost_min{1024, 1, 1};
inline constexpr PasswordCost password_cost_max{1024 * 1024, 16, 4};

/// Slow on purpose: never on the UI or network thread. Errors: limits (cost out of bounds, salt
/// shorter than 8 bytes, or not enough memory).
[[nodiscard]] Result<SecretBytes> argon2id(std::string_view password, ByteView salt,
                                           PasswordCost cost, std::size_t size);

}  // namespace kith::crypto
