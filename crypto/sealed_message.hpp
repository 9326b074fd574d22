// SPDX-License-Identifier: MIT
//
// Messages for people who are away: sealed to a prekey (forward secrecy, post-quantum), to the
// recipient's RSA key (authentication by decryption) and to a token both know, signed inside.
// docs/protocol.md, "Sealed messages". Pure functions.
//
//   version (1) || prekey id (8) || X-Wing ciphertext (1120) || size (2) || OAEP ciphertext ||
//   AES-256-GCM of whole blocks of 16 KiB
#pragma once

#include "crypto/beacon.hpp"
#include "crypto/identity.hpp"

namespace kith::crypto {

inline constexpr std::size_t sealed_block = 16 * 1024;
inline constexpr std::size_t sealed_blocks_max = 5;
/// What is in the blocks beside the payload: sizes, bundle, time, signature.
inline constexpr std::size_t sealed_overhead_max = 2 + bundle_size_max + 8 + 64 + 4;
inline constexpr std::size_t sealed_payload_max =
    sealed_blocks_max * sealed_block - sealed_overhead_max;

struct SealTo {
    const PublicBundle& bundle;
    std::uint64_t prekey_id = 0;
    ByteView prekey;  ///< X-Wing public key, 1216 bytes
    ByteView token;   ///< of the recipient's making: contact token (16) or invite token (8)
};
struct SealFrom {
    const PublicBundle& bundle;
    const SigningKey& signing;
};

/// `sealed_at`: milliseconds since 1970. Errors: limits (payload longer than sealed_payload_max),
/// bad_key (prekey).
[[nodiscard]] Result<Bytes> seal_message(const SealTo& to, const SealFrom& from,
                                         std::int64_t sealed_at, ByteView payload,
                                         RandomSource& random);

/// What has to be known before it can be opened.
struct SealedHeader {
    std::uint64_t prekey_id = 0;
    Bytes oaep_ciphertext;  ///< for oaep_kem::Decapsulator, on its thread
};
/// Errors: malformed: no sealed message of this version for a key of `modulus_size` bytes.
[[nodiscard]] Result<SealedHeader> parse_sealed(ByteView sealed, std::size_t modulus_size);

struct OpenWith {
    const PublicBundle& self;
    ByteView prekey_seed;  ///< X-Wing, 32 bytes
    ByteView oaep_secret;  ///< 32 bytes
    ByteView token;
};
struct OpenedMessage {
    PublicBundle sender;  ///< proven
    std::int64_t sealed_at = 0;
    SecretBytes payload;
};
/// Errors: malformed; not_authentic: another recipient, prekey, token or signer, or changed.
[[nodiscard]] Result<OpenedMessage> open_sealed(ByteView sealed, const OpenWith& with);

}  // namespace kith::crypto
