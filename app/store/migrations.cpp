// SPDX-License-Identifier: MIT
#include "app/store/migrations.hpp"

#include <sqlcipher/sqlite3.h>

#include <array>

#include "app/store/settings.hpp"

namespace kith::store {
namespace {

// messages.position orders all conversations together. messages_id has the id first: UUIDv7 ids
// rise with time, so inserts into any number of conversations go to its end. State codes are in
// codes.hpp; state <= 2 is "outgoing and not yet delivered". Indices over few rows (outbox, unread)
// are partial, which makes them exact counters as well.
constexpr const char* version_1 = R"sql(
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE peers (
    id         BLOB PRIMARY KEY CHECK (length(id) = 32),
    relation   INTEGER NOT NULL,
    blocked    INTEGER NOT NULL,
    verified   INTEGER NOT NULL,
    own_name   TEXT NOT NULL,
    alias      TEXT NOT NULL,
    greeting   TEXT NOT NULL,
    dial_token BLOB NOT NULL,
    door_token BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE peer_addresses (
    peer    BLOB NOT NULL REFERENCES peers (id) ON DELETE CASCADE,
    rank    INTEGER NOT NULL,
    address BLOB NOT NULL,
    port    INTEGER NOT NULL,
    PRIMARY KEY (peer, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    ref  INTEGER PRIMARY KEY,
    peer BLOB NOT NULL UNIQUE CHECK (length(peer) = 32)
) STRICT;

CREATE TABLE messages (
    position     INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    id           BLOB NOT NULL CHECK (length(id) = 16),
    outgoing     INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    unread       INTEGER NOT NULL,
    edited       INTEGER NOT NULL,
    deleted      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    reply_to     BLOB,
    text         TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX messages_id ON messages (id, conversation);
CREATE INDEX messages_conversation ON messages (conversation);
CREATE INDEX messages_outbox ON messages (conversation) WHERE state <= 2;
CREATE INDEX messages_unread ON messages (conversation) WHERE unread = 1;
)sql";

constexpr std::array steps{version_1};

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

Expected<void> run_step(Connection& connection, const char* sql, std::size_t version) {
    const std::string numbers = "PRAGMA application_id = " + std::to_string(application_id) +
                                "; PRAGMA user_version = " + std::to_string(version) + ";";
    auto done = connection.execute("BEGIN IMMEDIATE;")
                    .and_then([&] { return connection.execute(sql); })
                    .and_then([&] { return connection.execute(numbers); })
                    .and_then([&] { return connection.execute("COMMIT;"); });
    if (!done && connection.in_transaction()) (void)connection.execute("ROLLBACK;");
    return done;
}

}  // namespace

std::span<const char* const> schema_steps() { return steps; }

Expected<std::int64_t> check_version(Connection& connection, std::size_t newest) {
    const auto version = connection.number("PRAGMA user_version;");
    if (!version) return tl::unexpected(not_readable(connection));
    const auto tables = connection.number("SELECT count(*) FROM sqlite_schema;");
    if (!tables) return tl::unexpected(not_readable(connection));
    const auto owner = connection.number("PRAGMA application_id;");
    if (!owner) return tl::unexpected(not_readable(connection));
    if (*version == 0 && *tables == 0) return 0;
    if (*owner != application_id || *version < 0) return tl::unexpected(foreign(connection));
    if (static_cast<std::uint64_t>(*version) > newest) return tl::unexpected(newer(connection));
    return *version;
}

Expected<void> migrate(Connection& connection, std::span<const char* const> list) {
    const auto version = check_version(connection, list.size());
    if (!version) return tl::unexpected(version.error());
    for (auto next = static_cast<std::size_t>(*version); next < list.size(); ++next)
        if (auto done = run_step(connection, list[next], next + 1); !done) return done;
    return {};
}

}  // namespace kith::store
