// SPDX-License-Identifier: MIT
//
// The key file of a profile on disk. With a password each call derives a key and takes a second or
// so: never on the UI or network thread. The caller holds the profile's lock.
#pragma once

#include "app/profile/profile_paths.hpp"
#include "crypto/key_file.hpp"

namespace kith::profile {

/// RSA-4096 and all else fit in a tenth of it; a larger file is not ours and is not read.
inline constexpr std::size_t key_file_max = 64 * 1024;

/// Whether the profile has been created.
[[nodiscard]] bool has_key(const ProfilePaths& paths);

/// Errors: missing, damaged, newer_version, denied, io.
[[nodiscard]] Expected<bool> key_needs_password(const ProfilePaths& paths);

/// Errors: as above, and wrong_password.
[[nodiscard]] Expected<crypto::ProfileSecrets> load_key(const ProfilePaths& paths,
                                                        std::string_view password);

/// Durable at return. Errors: exists (never overwritten), denied, full, io.
[[nodiscard]] Expected<void> create_key(const ProfilePaths& paths,
                                        const crypto::ProfileSecrets& secrets,
                                        std::string_view password, crypto::RandomSource& random,
                                        crypto::PasswordCost cost = {});

/// Under another password; a crash leaves the old file or the new one.
[[nodiscard]] Expected<void> replace_key(const ProfilePaths& paths,
                                         const crypto::ProfileSecrets& secrets,
                                         std::string_view password, crypto::RandomSource& random,
                                         crypto::PasswordCost cost = {});

}  // namespace kith::profile
