// SPDX-License-Identifier: MIT
#include "app/store/backup_pages.hpp"

#include <sqlcipher/sqlite3.h>

#include "app/store/settings.hpp"

namespace kith::store {
namespace {

/// SQLite tells only the code: a page that is not what it should be is the source's, all else is
/// taken for the target's, which is where most can go wrong. SQLCipher reports a page whose
/// authentication fails as SQLITE_ERROR, which means nothing else here.
Error failed_step(int code, const Connection& source, const Connection& target) {
    const int primary = code & 0xff;
    if (primary == SQLITE_ERROR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
        return describe({SQLITE_CORRUPT, "a page cannot be decrypted", 0}, source.file());
    const auto& file = code == SQLITE_IOERR_READ ? source : target;
    return describe({code, sqlite3_errstr(code), sqlite3_system_errno(file.handle())}, file.file());
}

}  // namespace

Expected<std::unique_ptr<Connection>> open_part(const std::string& part,
                                                std::span<const std::uint8_t, 32> key,
                                                std::span<const std::uint8_t> salt) {
    auto connection = Connection::open(part, false);
    if (!connection) return connection;
    auto ready = apply_key(**connection, key, salt).and_then([&] {
        return (*connection)
            ->execute(
                "PRAGMA locking_mode = EXCLUSIVE;"
                "PRAGMA journal_mode = OFF;"
                "PRAGMA synchronous = OFF;"
                "PRAGMA temp_store = MEMORY;"
                "PRAGMA cache_size = -1024;");
    });
    if (!ready) return tl::unexpected(ready.error());
    return connection;
}

PageCopy::PageCopy(Connection& source, Connection& target)
    : source_(source),
      target_(target),
      backup_(sqlite3_backup_init(target.handle(), "main", source.handle(), "main")) {}

PageCopy::~PageCopy() {
    if (backup_ != nullptr) sqlite3_backup_finish(backup_);
}

Expected<bool> PageCopy::step(int pages) {
    const int code = sqlite3_backup_step(backup_, pages);
    if (code == SQLITE_DONE) return true;
    if (code == SQLITE_OK) return false;
    return tl::unexpected(failed_step(code, source_, target_));
}

Expected<void> copy_from_plain(Connection& source, const std::string& part,
                               std::span<const std::uint8_t, 32> key,
                               std::span<const std::uint8_t> salt) {
    const auto version = source.number("PRAGMA user_version;");
    if (!version) return tl::unexpected(version.error());
    const std::string spelled = spell_key(key, salt);
    if (!source.query("ATTACH ?1 AS copy KEY ?2").with(part, spelled).run())
        return tl::unexpected(source.error());
    auto copied = source.number("SELECT sqlcipher_export('copy');").and_then([&](std::int64_t) {
        return source.execute("PRAGMA copy.application_id = " + std::to_string(application_id) +
                              "; PRAGMA copy.user_version = " + std::to_string(*version) + ";");
    });
    auto detached = source.execute("DETACH copy;");
    return copied ? detached : copied;
}

Expected<void> leave_log_mode(Connection& copy) {
    return copy.execute("PRAGMA journal_mode = DELETE;");
}

}  // namespace kith::store
