// SPDX-License-Identifier: MIT
//
// The key of a backup file. docs/backup-format.md.
#pragma once

#include <array>

#include "app/model/types.hpp"
#include "crypto/kdf.hpp"

namespace kith::host {

using BackupKey = std::array<std::uint8_t, 32>;
using BackupSalt = std::array<std::uint8_t, 16>;

/// Argon2id(password, salt), 32 bytes. Slow on purpose: never on the UI or network thread. Error
/// code no_memory.
[[nodiscard]] tl::expected<BackupKey, model::Error> derive_backup_key(
    std::string_view password, const BackupSalt& salt, crypto::PasswordCost cost = {});

/// Error code bad_password: empty or longer than model::password_max.
[[nodiscard]] tl::expected<void, model::Error> check_backup_password(std::string_view password);

}  // namespace kith::host
