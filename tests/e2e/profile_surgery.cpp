// SPDX-License-Identifier: MIT
#include "tests/e2e/profile_surgery.hpp"

#include <stdexcept>

#include "app/profile/key_store.hpp"
#include "app/store/connection.hpp"
#include "app/store/database.hpp"

namespace kith::e2e {

void alter_history(const std::filesystem::path& folder, const std::string& sql) {
    const profile::ProfilePaths paths{folder};
    const auto secrets = profile::load_key(paths, "");
    if (!secrets) throw std::runtime_error(secrets.error().text);
    const std::span<const std::uint8_t, 32> key(secrets->database_key.data(), 32);
    auto database = store::Database::open({paths.database().string(), key, false});
    if (!database) throw std::runtime_error(database.error().text);
    const auto altered = database->connection().execute(sql);
    if (!altered) throw std::runtime_error(altered.error().text);
    const auto emptied = database->checkpoint();
    if (!emptied) throw std::runtime_error(emptied.error().text);
}

}  // namespace kith::e2e
