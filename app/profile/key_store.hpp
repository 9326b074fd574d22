// SPDX-License-Identifier: MIT
//
// The key file of a profile on disk. With a password each call derives a key and takes a second or
// so: never on the UI or network thread. The caller holds the profile's lock.
#pragma once

#include "app/profile/file_calls.hpp"
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
                                        crypto::PasswordCost cost = {},
                                        const FileCalls& calls = system_calls());

/// Under another password; a crash leaves the old file or the new one. The one that was replaced is
/// gone by name only: its blocks stay on the disk until the system uses them again.
[[nodiscard]] Expected<void> replace_key(const ProfilePaths& paths,
                                         const crypto::ProfileSecrets& secrets,
                                         std::string_view password, crypto::RandomSource& random,
                                         crypto::PasswordCost cost = {},
                                         const FileCalls& calls = system_calls());

/// From `current` (empty: there is none) to `next` (empty: without one). The file that was in force
/// decides what `current` has to be: of two changes from the same password the second is refused.
/// Errors: wrong_password (nothing changed), and those of load_key() and replace_key().
[[nodiscard]] Expected<void> change_password(const ProfilePaths& paths, std::string_view current,
                                             std::string_view next, crypto::RandomSource& random,
                                             crypto::PasswordCost cost = {},
                                             const FileCalls& calls = system_calls());

}  // namespace kith::profile
