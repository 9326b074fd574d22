// SPDX-License-Identifier: MIT
//
// The secrets of one profile: made at the first run, opened with or without a password later. Slow
// (key generation, Argon2id): never on the UI or network thread. The profile's lock is held.
#pragma once

#include <optional>

#include "app/model/types.hpp"
#include "app/profile/profile_paths.hpp"
#include "crypto/key_file.hpp"

namespace kith::host {

class ProfileAccess {
public:
    explicit ProfileAccess(profile::ProfilePaths paths) : paths_(std::move(paths)) {}

    [[nodiscard]] bool exists() const;
    /// A history without its key: a new key would never open it. Code: no_key.
    [[nodiscard]] std::optional<model::Error> missing_key() const;
    [[nodiscard]] tl::expected<bool, model::Error> needs_password() const;
    /// Generates an identity and a database key and writes the key file durably. Refused as
    /// missing_key() says.
    [[nodiscard]] tl::expected<crypto::ProfileSecrets, model::Error> create(
        std::string_view password) const;
    /// Error code wrong_password when that is what it is.
    [[nodiscard]] tl::expected<crypto::ProfileSecrets, model::Error> open(
        std::string_view password) const;

    /// Makes the profile from a backup and protects it with `profile_password`, or with that of the
    /// backup. Errors: restore_profile().
    [[nodiscard]] tl::expected<crypto::ProfileSecrets, model::Error> restore(
        const std::string& file, std::string_view backup_password,
        std::optional<std::string_view> profile_password = std::nullopt) const;

private:
    profile::ProfilePaths paths_;
};

/// The first line of the file. Error: a sentence that names the file.
[[nodiscard]] tl::expected<std::string, model::Error> read_password_file(const std::string& file);

}  // namespace kith::host
