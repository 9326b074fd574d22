// SPDX-License-Identifier: MIT
//
// A profile made from a backup file. docs/backup-format.md.
#pragma once

#include "app/model/types.hpp"
#include "app/profile/file_calls.hpp"
#include "app/profile/profile_paths.hpp"
#include "crypto/key_file.hpp"

namespace kith::host {

struct RestoreOrder {
    profile::ProfilePaths paths;  ///< prepared, locked, cleared of leftovers; without a profile
    std::string file;
    std::string_view backup_password;
    std::string_view profile_password;  ///< empty: without one
    model::Timestamp now = 0;
    crypto::PasswordCost cost{};
};

/// The history comes first, under a key of its own, and the key file last: a crash leaves a whole
/// profile or, after profile::clear_leftovers(), none. After an error the folder is as it was.
/// Slow: never on the UI or network thread. Error codes: exists (there is a profile),
/// wrong_password (or no backup of Kith), damaged, newer_version, disk_full, read_only, storage,
/// no_memory.
[[nodiscard]] tl::expected<crypto::ProfileSecrets, model::Error> restore_profile(
    const RestoreOrder& order, const profile::FileCalls& calls = profile::system_calls());

}  // namespace kith::host
