// SPDX-License-Identifier: MIT
#include "app/host/profile_access.hpp"

#include <fstream>

#include "app/host/file_errors.hpp"
#include "app/host/restore.hpp"
#include "app/profile/key_store.hpp"
#include "net/tcp_driver.hpp"

namespace kith::host {
namespace {

tl::unexpected<model::Error> failed(const profile::Error& error) {
    return tl::unexpected(to_model(error));
}

}  // namespace

bool ProfileAccess::exists() const { return profile::has_key(paths_); }

std::optional<model::Error> ProfileAccess::missing_key() const {
    std::error_code none;
    if (exists() || !std::filesystem::exists(paths_.database(), none)) return std::nullopt;
    return model::Error{
        "no_key",
        "The folder " + profile::quoted(paths_.folder) +
            " holds a history but not the file \"key\" that opens it. Put that file back from a "
            "copy, or move \"history.db\" away to begin anew. Nothing was changed."};
}

tl::expected<bool, model::Error> ProfileAccess::needs_password() const {
    const auto needed = profile::key_needs_password(paths_);
    if (!needed) return failed(needed.error());
    return *needed;
}

tl::expected<crypto::ProfileSecrets, model::Error> ProfileAccess::create(
    std::string_view password) const {
    if (auto refused = missing_key()) return tl::unexpected(std::move(*refused));
    crypto::SystemRandom random;
    crypto::ProfileSecrets secrets{crypto::Identity::generate(random).keys(),
                                   crypto::SecretBytes(32)};
    random.fill(secrets.database_key);
    if (const auto written = profile::create_key(paths_, secrets, password, random); !written) {
        return failed(written.error());
    }
    return secrets;
}

tl::expected<crypto::ProfileSecrets, model::Error> ProfileAccess::open(
    std::string_view password) const {
    auto secrets = profile::load_key(paths_, password);
    if (!secrets) return failed(secrets.error());
    return std::move(*secrets);
}

tl::expected<crypto::ProfileSecrets, model::Error> ProfileAccess::restore(
    const std::string& file, std::string_view backup_password,
    std::optional<std::string_view> profile_password) const {
    return restore_profile({paths_,
                            file,
                            backup_password,
                            profile_password.value_or(backup_password),
                            net::SystemClock{}.wall().count(),
                            {}});
}

tl::expected<std::string, model::Error> read_password_file(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(model::password_max + 2, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.gcount() == 0) {
        return tl::unexpected(model::Error{
            "password_file", "The password file \"" + file + "\" cannot be read or is empty."});
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    text.resize(std::min(text.find('\n'), text.size()));
    if (text.empty() || text.size() > model::password_max) {
        return tl::unexpected(
            model::Error{"password_file", "The first line of the password file \"" + file +
                                              "\" is the password: 1 to 1024 bytes."});
    }
    return text;
}

}  // namespace kith::host
