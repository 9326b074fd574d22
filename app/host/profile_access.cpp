// SPDX-License-Identifier: MIT
#include "app/host/profile_access.hpp"

#include <fstream>

#include "app/profile/key_store.hpp"

namespace kith::host {
namespace {

tl::unexpected<model::Error> failed(const profile::Error& error) {
    const bool password = error.code == profile::Errc::wrong_password;
    return tl::unexpected(model::Error{password ? "wrong_password" : "key_file", error.text});
}

}  // namespace

bool ProfileAccess::exists() const { return profile::has_key(paths_); }

tl::expected<bool, model::Error> ProfileAccess::needs_password() const {
    const auto needed = profile::key_needs_password(paths_);
    if (!needed) return failed(needed.error());
    return *needed;
}

tl::expected<crypto::ProfileSecrets, model::Error> ProfileAccess::create(
    std::string_view password) const {
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
