// SPDX-License-Identifier: MIT
//
// The folder of a relay: the lock, `relay.key` (format of a profile's key file, in the clear),
// `relay.secret` (the invite secret, 16 hex digits) and `mailbox.db` (app/store/mailbox). Main
// thread, at start.
#pragma once

#include <filesystem>

#include "app/profile/profile_lock.hpp"
#include "app/relay/configuration.hpp"
#include "crypto/connection_id.hpp"
#include "crypto/key_file.hpp"

namespace kith::relay {

struct FolderError {
    bool locked = false;  ///< another relay runs with this folder
    std::string text;     ///< a sentence
};
template <typename T>
using FolderResult = tl::expected<T, FolderError>;

class DataFolder {
public:
    /// Makes the folder (mode 0700) if need be and locks it. Somebody else's, or one that others
    /// may enter and that is not empty, is refused.
    static FolderResult<DataFolder> open(const std::filesystem::path& folder);

    /// Of the relay; made, durably, when there is none. That takes seconds. `made` tells so.
    [[nodiscard]] FolderResult<crypto::IdentityKeys> identity(crypto::RandomSource& random,
                                                              bool& made);
    /// What stands in the address, zeros for `none`. A fresh one is durable at return.
    [[nodiscard]] FolderResult<crypto::InviteToken> secret(SecretChoice choice,
                                                           crypto::RandomSource& random);

    [[nodiscard]] std::filesystem::path key_file() const { return folder_ / "relay.key"; }
    [[nodiscard]] std::filesystem::path secret_file() const { return folder_ / "relay.secret"; }
    [[nodiscard]] std::filesystem::path mailbox_file() const { return folder_ / "mailbox.db"; }

private:
    DataFolder(std::filesystem::path folder, profile::ProfileLock lock)
        : folder_(std::move(folder)), lock_(std::move(lock)) {}

    std::filesystem::path folder_;
    profile::ProfileLock lock_;
};

}  // namespace kith::relay
