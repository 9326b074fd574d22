// SPDX-License-Identifier: MIT
#include "app/store/migrations.hpp"

#include <sqlcipher/sqlite3.h>

namespace kith::store {
namespace {

Error not_readable(const Connection& connection) {
    const Error error = connection.error();
    const int code = connection.error_code() & 0xff;
    if (code != SQLITE_NOTADB) return error;
    return {Errc::wrong_key,
            "The history \"" + connection.file() +
                "\" cannot be decrypted with this profile's key. Either the key file "
                "belongs to another profile or the history is damaged: restore both "
                "from the same backup. Nothing was changed."};
}

Error newer(const Connection& connection) {
    return {Errc::newer_version,
            "The history \"" + connection.file() +
                "\" was written by a newer version of Kith. Install that version "
                "or a later one to open it. Nothing was changed."};
}

Error foreign(const Connection& connection) {
    return {Errc::damaged,
            "The file \"" + connection.file() +
                "\" is not a history of Kith. Move it away or restore the history from "
                "a backup. Nothing was changed."};
}

Expected<void> run_step(Connection& connection, const char* sql, std::size_t version, int mark) {
    const std::string numbers = "PRAGMA application_id = " + std::to_string(mark) +
                                "; PRAGMA user_version = " + std::to_string(version) + ";";
    auto done = connection.execute("BEGIN IMMEDIATE;")
                    .and_then([&] { return connection.execute(sql); })
                    .and_then([&] { return connection.execute(numbers); })
                    .and_then([&] { return connection.execute("COMMIT;"); });
    if (!done && connection.in_transaction()) (void)connection.execute("ROLLBACK;");
    return done;
}

}  // namespace

Expected<std::int64_t> check_version(Connection& connection, std::size_t newest, int mark) {
    const auto version = connection.number("PRAGMA user_version;");
    if (!version) return tl::unexpected(not_readable(connection));
    const auto tables = connection.number("SELECT count(*) FROM sqlite_schema;");
    if (!tables) return tl::unexpected(not_readable(connection));
    const auto owner = connection.number("PRAGMA application_id;");
    if (!owner) return tl::unexpected(not_readable(connection));
    if (*version == 0 && *tables == 0) return 0;
    if (*owner != mark || *version < 0) return tl::unexpected(foreign(connection));
    if (static_cast<std::uint64_t>(*version) > newest) return tl::unexpected(newer(connection));
    return *version;
}

Expected<void> migrate(Connection& connection, std::span<const char* const> list, int mark) {
    const auto version = check_version(connection, list.size(), mark);
    if (!version) return tl::unexpected(version.error());
    for (auto next = static_cast<std::size_t>(*version); next < list.size(); ++next)
        if (auto done = run_step(connection, list[next], next + 1, mark); !done) return done;
    return {};
}

}  // namespace kith::store
