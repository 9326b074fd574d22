// SPDX-License-Identifier: MIT
#include "app/profile/key_store.hpp"

#include <cerrno>
#include <new>

#include "app/profile/durable_file.hpp"

namespace kith::profile {
namespace {

Error translate(const crypto::Error& error, const std::filesystem::path& file) {
    switch (error.code) {
        case crypto::Errc::wrong_password:
            return {Errc::wrong_password, "This is not the password of the profile. Try again."};
        case crypto::Errc::newer_version:
            return {Errc::newer_version,
                    "The key file " + quoted(file) +
                        " was written by a newer version of "
                        "Kith. Install that version or a later one to open it."};
        default:
            return {Errc::damaged, "The key file " + quoted(file) +
                                       " is damaged or is no key file of Kith. Restore it from a "
                                       "backup of the profile."};
    }
}

Expected<void> write(const ProfilePaths& paths, const crypto::ProfileSecrets& secrets,
                     std::string_view password, crypto::RandomSource& random,
                     crypto::PasswordCost cost, Existing existing, const FileCalls& calls) {
    crypto::Bytes sealed;
    try {
        sealed = crypto::seal_key_file(secrets, password, random, cost);
    } catch (const std::bad_alloc&) {
        return fail(
            Errc::io,
            "There is not enough free memory to protect the key file with a password. Close "
            "other programs and try again.");
    }
    auto done = write_durably(paths.key_file(), sealed, existing, calls);
    crypto::wipe(sealed);  // without a password it holds the keys themselves
    return done;
}

}  // namespace

bool has_key(const ProfilePaths& paths) {
    std::error_code error;
    return std::filesystem::exists(std::filesystem::symlink_status(paths.key_file(), error));
}

Expected<bool> key_needs_password(const ProfilePaths& paths) {
    const auto file = read_bounded(paths.key_file(), key_file_max);
    if (!file) return tl::unexpected(file.error());
    const auto needed = crypto::key_file_needs_password(*file);
    if (!needed) return tl::unexpected(translate(needed.error(), paths.key_file()));
    return *needed;
}

Expected<crypto::ProfileSecrets> load_key(const ProfilePaths& paths, std::string_view password) {
    const auto file = read_bounded(paths.key_file(), key_file_max);
    if (!file) return tl::unexpected(file.error());
    auto secrets = crypto::open_key_file(*file, password);
    if (!secrets) return tl::unexpected(translate(secrets.error(), paths.key_file()));
    return std::move(*secrets);
}

Expected<void> create_key(const ProfilePaths& paths, const crypto::ProfileSecrets& secrets,
                          std::string_view password, crypto::RandomSource& random,
                          crypto::PasswordCost cost, const FileCalls& calls) {
    // Before the slow derivation; the last step checks again.
    if (has_key(paths)) return tl::unexpected(system_error("create", paths.key_file(), EEXIST));
    return write(paths, secrets, password, random, cost, Existing::refuse, calls);
}

Expected<void> replace_key(const ProfilePaths& paths, const crypto::ProfileSecrets& secrets,
                           std::string_view password, crypto::RandomSource& random,
                           crypto::PasswordCost cost, const FileCalls& calls) {
    return write(paths, secrets, password, random, cost, Existing::replace, calls);
}

Expected<void> change_password(const ProfilePaths& paths, std::string_view current,
                               std::string_view next, crypto::RandomSource& random,
                               crypto::PasswordCost cost, const FileCalls& calls) {
    const auto needed = key_needs_password(paths);
    if (!needed) return tl::unexpected(needed.error());
    if (!*needed && !current.empty())
        return fail(Errc::wrong_password,
                    "This profile has no password yet: leave the current one empty.");
    const auto secrets = load_key(paths, current);
    if (!secrets) return tl::unexpected(secrets.error());
    return replace_key(paths, *secrets, next, random, cost, calls);
}

}  // namespace kith::profile
