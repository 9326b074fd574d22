// SPDX-License-Identifier: MIT
//
// The key file of a profile: identity keys and the database key, optionally under a password
// (Argon2id, RFC 9106, and AES-256-GCM). Encoding only: app/ writes it (0600, temp + fsync +
// rename). docs/protocol.md, "Key file".
#pragma once

#include <optional>

#include "crypto/identity.hpp"
#include "crypto/kdf.hpp"

namespace kith::crypto {

struct ProfileSecrets {
    IdentityKeys identity;
    SecretBytes database_key;  ///< 32 bytes, raw SQLCipher key
};

/// `password` empty: stored in the clear (the caller says so to the person).
[[nodiscard]] Bytes seal_key_file(const ProfileSecrets& secrets, std::string_view password,
                                  RandomSource& random, PasswordCost cost = {});
[[nodiscard]] Result<bool> key_file_needs_password(ByteView file);
/// Errors: wrong_password, malformed, newer_version, limits, bad_key. Slow on purpose with a
/// password: never on the UI or network thread.
[[nodiscard]] Result<ProfileSecrets> open_key_file(ByteView file, std::string_view password);

}  // namespace kith::crypto
