// SPDX-License-Identifier: MIT
#include "app/host/backup_key.hpp"

#include <algorithm>

namespace kith::host {

tl::expected<BackupKey, model::Error> derive_backup_key(std::string_view password,
                                                        const BackupSalt& salt,
                                                        crypto::PasswordCost cost) {
    BackupKey key{};
    const auto derived = crypto::argon2id(password, salt, cost, key.size());
    if (!derived)
        return tl::unexpected(model::Error{
            "no_memory",
            "There is not enough free memory to derive the key. Close other programs and try "
            "again."});
    std::copy(derived->begin(), derived->end(), key.begin());
    return key;
}

tl::expected<void, model::Error> check_backup_password(std::string_view password) {
    if (!password.empty() && password.size() <= model::password_max) return {};
    return tl::unexpected(
        model::Error{"bad_password", "A backup needs a password of 1 to 1024 bytes."});
}

}  // namespace kith::host
