// SPDX-License-Identifier: MIT
#include "app/host/restore.hpp"

#include "app/host/backup_key.hpp"
#include "app/host/file_errors.hpp"
#include "app/profile/durable_file.hpp"
#include "app/profile/key_store.hpp"
#include "app/profile/leftovers.hpp"
#include "app/store/backup.hpp"

namespace kith::host {
namespace {

using Restored = tl::expected<crypto::ProfileSecrets, model::Error>;

tl::unexpected<model::Error> fail(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

model::Error explain(const store::Error& error, const std::string& file) {
    if (error.code != store::Errc::wrong_key) return to_model(error);
    return {"wrong_password", "This is not the password of the backup " + profile::quoted(file) +
                                  ", or the file is not a backup of Kith."};
}

/// Nothing is ever restored over something.
tl::expected<void, model::Error> check_place(const profile::ProfilePaths& paths) {
    if (profile::has_key(paths))
        return fail("exists", "There is a profile in " + profile::quoted(paths.folder) +
                                  " already, and it stays as it is. Choose another one with "
                                  "--profile NAME.");
    std::error_code error;
    if (std::filesystem::exists(paths.database(), error))
        return fail("exists", "There is a history without its key file: " +
                                  profile::quoted(paths.database()) +
                                  ". Move it away, or choose another profile with --profile NAME.");
    return {};
}

Restored restore_history(const RestoreOrder& order, const BackupKey& key) {
    crypto::SystemRandom random;
    crypto::SecretBytes database_key(32);
    random.fill(database_key);
    const std::span<const std::uint8_t, 32> fresh(database_key.data(), database_key.size());
    auto content =
        store::restore({order.file, key, order.paths.database().string(), fresh, order.now});
    if (!content) return tl::unexpected(explain(content.error(), order.file));
    auto secrets = crypto::open_key_file(*content, "");
    crypto::wipe(*content);
    if (!secrets)
        return fail("damaged", "The keys in the backup cannot be used: " + secrets.error().text);
    secrets->database_key = std::move(database_key);
    return std::move(*secrets);
}

Restored restore_all(const RestoreOrder& order, const BackupKey& key,
                     const profile::FileCalls& calls) {
    const auto& paths = order.paths;
    if (auto marked =
            profile::write_durably(paths.restore_marker(), {}, profile::Existing::replace, calls);
        !marked)
        return tl::unexpected(to_model(marked.error()));
    auto secrets = restore_history(order, key);
    if (!secrets) return secrets;
    crypto::SystemRandom random;
    if (auto written =
            profile::create_key(paths, *secrets, order.profile_password, random, order.cost, calls);
        !written)
        return tl::unexpected(to_model(written.error()));
    return secrets;
}

}  // namespace

Restored restore_profile(const RestoreOrder& order, const profile::FileCalls& calls) {
    if (auto free = check_place(order.paths); !free) return tl::unexpected(free.error());
    if (auto usable = check_backup_password(order.backup_password); !usable)
        return tl::unexpected(usable.error());
    const auto salt = store::read_salt(order.file);
    if (!salt) return tl::unexpected(explain(salt.error(), order.file));
    auto key = derive_backup_key(order.backup_password, *salt, order.cost);
    if (!key) return tl::unexpected(key.error());
    auto secrets = restore_all(order, *key, calls);
    crypto::wipe(*key);
    // Also after an error: without a key file the history in the folder is of no use to anybody.
    if (auto cleared = profile::clear_leftovers(order.paths); !cleared && secrets)
        return tl::unexpected(to_model(cleared.error()));
    return secrets;
}

}  // namespace kith::host
