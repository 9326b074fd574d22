// SPDX-License-Identifier: MIT
#include "app/relay/data_folder.hpp"

#include <algorithm>

#include "app/profile/durable_file.hpp"
#include "app/profile/key_store.hpp"
#include "app/profile/profile_folder.hpp"

namespace kith::relay {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t secret_file_max = 64;

/// The sentences of app/profile speak of profiles and of the option that names them.
FolderError in_our_words(const profile::Error& error, const fs::path& folder) {
    const std::string name = profile::quoted(folder);
    if (error.code == profile::Errc::locked)
        return {true, "Another relay runs with the folder " + name +
                          ": stop it, or choose another one with --data."};
    if (error.code == profile::Errc::not_private)
        return {false, "The folder " + name +
                           " belongs to somebody else, or others can enter it (chmod 700), or it "
                           "holds other things. Choose one of the relay's own with --data."};
    constexpr std::string_view theirs = "--profile-dir";
    std::string text = error.text;
    for (auto at = text.find(theirs); at != std::string::npos; at = text.find(theirs))
        text.replace(at, theirs.size(), "--data");
    return {false, std::move(text)};
}

FolderError damaged(const fs::path& file, const std::string& advice) {
    return {false, "The file " + profile::quoted(file) + " is damaged. " + advice};
}

crypto::ProfileSecrets new_keys(crypto::RandomSource& random) {
    crypto::ProfileSecrets secrets{crypto::Identity::generate(random).keys(),
                                   crypto::SecretBytes(32)};
    random.fill(secrets.database_key);
    return secrets;
}

std::optional<crypto::InviteToken> parse_secret(crypto::ByteView file) {
    std::string text(file.begin(), file.end());
    if (text.ends_with('\n')) text.pop_back();
    const auto bytes = crypto::from_hex(text);
    crypto::InviteToken secret{};
    if (!bytes || bytes->size() != secret.size()) return std::nullopt;
    std::ranges::copy(*bytes, secret.begin());
    if (secret == crypto::InviteToken{}) return std::nullopt;  // would open the relay to everybody
    return secret;
}

}  // namespace

FolderResult<DataFolder> DataFolder::open(const fs::path& folder) {
    std::error_code failed;
    fs::path place = fs::absolute(folder, failed).lexically_normal();
    if (!place.has_filename()) place = place.parent_path();  // "dir/" is "dir"
    const profile::ProfilePaths paths{place};
    auto lock = profile::prepare_folder(paths).and_then(
        [&] { return profile::ProfileLock::acquire(paths); });
    if (!lock) return tl::unexpected(in_our_words(lock.error(), place));
    return DataFolder(place, std::move(*lock));
}

FolderResult<crypto::IdentityKeys> DataFolder::identity(crypto::RandomSource& random, bool& made) {
    const auto file = profile::read_bounded(key_file(), profile::key_file_max);
    made = !file && file.error().code == profile::Errc::missing;
    if (!file && !made) return tl::unexpected(in_our_words(file.error(), folder_));
    if (!made) {
        auto opened = crypto::open_key_file(*file, "");
        if (opened) return std::move(opened->identity);
        return tl::unexpected(damaged(key_file(),
                                      "Restore it from a copy; without it the relay's "
                                      "address is lost, and a new folder is needed."));
    }
    auto secrets = new_keys(random);
    auto sealed = crypto::seal_key_file(secrets, "", random);
    const auto written = profile::write_durably(key_file(), sealed, profile::Existing::refuse);
    crypto::wipe(sealed);
    if (!written) return tl::unexpected(in_our_words(written.error(), folder_));
    return std::move(secrets.identity);
}

FolderResult<crypto::InviteToken> DataFolder::secret(SecretChoice choice,
                                                     crypto::RandomSource& random) {
    if (choice == SecretChoice::none) return crypto::InviteToken{};
    const auto file = profile::read_bounded(secret_file(), secret_file_max);
    const bool missing = !file && file.error().code == profile::Errc::missing;
    if (choice == SecretChoice::keep && !missing) {
        if (!file) return tl::unexpected(in_our_words(file.error(), folder_));
        if (const auto secret = parse_secret(*file)) return *secret;
        return tl::unexpected(damaged(secret_file(), "Start once with --secret new."));
    }
    const auto secret = random.array<std::tuple_size_v<crypto::InviteToken>>();
    const std::string text = crypto::to_hex(secret) + "\n";
    const auto written =
        profile::write_durably(secret_file(), crypto::view(text), profile::Existing::replace);
    if (!written) return tl::unexpected(in_our_words(written.error(), folder_));
    return secret;
}

}  // namespace kith::relay
