// SPDX-License-Identifier: MIT
#include "app/store/database.hpp"

#include <sqlcipher/sqlite3.h>

#include <filesystem>
#include <fstream>

#include "app/store/checkpoints.hpp"
#include "app/store/jobs.hpp"
#include "app/store/migrations.hpp"
#include "app/store/settings.hpp"

namespace kith::store {
namespace {

namespace fs = std::filesystem;

/// The folder is closed to others already; this holds when somebody copies the file elsewhere. The
/// write-ahead log takes over the mode when it is made.
Expected<void> close_to_others(const std::string& file) {
    std::error_code ignored;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ignored);
    return {};
}

/// What SQLite would take for an empty database, or repair, without a word.
Expected<void> check_file(const Database::Options& options) {
    std::error_code error;
    const auto status = fs::status(options.file, error);
    if (!fs::exists(status)) {
        if (options.create) return {};
        return fail(Errc::io, "The history \"" + options.file +
                                  "\" is missing. Restore it from a backup of the profile.");
    }
    if (!fs::is_regular_file(status))
        return fail(Errc::io,
                    "\"" + options.file + "\" is not a file. Move it away and start Kith again.");
    const auto size = fs::file_size(options.file, error);
    if (error || size == 0 || size >= static_cast<std::uintmax_t>(page_size)) return {};
    return fail(Errc::damaged,
                "The history \"" + options.file +
                    "\" is damaged: it is too short. Restore it from a backup. Nothing "
                    "was changed.");
}

/// SQLite falls back to reading a file it may not write; Kith cannot do its work then.
Expected<void> check_writable(Connection& connection) {
    if (sqlite3_db_readonly(connection.handle(), "main") != 1) return {};
    return tl::unexpected(describe({SQLITE_READONLY, "read-only", 0}, connection.file()));
}

Expected<void> prepare(Connection& connection, const Database::Options& options) {
    return check_writable(connection)
        .and_then([&] { return apply_key(connection, options.key); })
        .and_then([&] { return keep_untouched(connection); })
        .and_then([&] { return check_version(connection, schema_steps().size()); })
        .and_then([&](std::int64_t) { return close_to_others(connection.file()); })
        .and_then([&] { return apply_settings(connection); })
        .and_then([&] { return migrate(connection, schema_steps()); });
}

}  // namespace

tl::expected<Database, Error> Database::open(const Options& options) {
    if (auto usable = check_file(options); !usable) return tl::unexpected(usable.error());
    auto connection = Connection::open(options.file, options.create);
    if (!connection) return tl::unexpected(connection.error());
    if (auto ready = prepare(**connection, options); !ready) return tl::unexpected(ready.error());
    return Database(std::move(*connection));
}

tl::expected<Database, Error> Database::open_in_memory() {
    auto connection = Connection::open(":memory:", true);
    if (!connection) return tl::unexpected(connection.error());
    auto ready = apply_settings(**connection).and_then([&] {
        return migrate(**connection, schema_steps());
    });
    if (!ready) return tl::unexpected(ready.error());
    return Database(std::move(*connection));
}

Database::Database(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)),
      checkpoints_(std::make_unique<Checkpoints>(*connection_)) {}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result Database::run(const Job& job) {
    return std::visit([this](const auto& one) { return jobs::run(*connection_, one); }, job);
}

tl::expected<void, Error> Database::begin() { return connection_->execute("BEGIN IMMEDIATE;"); }

tl::expected<void, Error> Database::commit() {
    auto done = connection_->execute("COMMIT;");
    if (!done) rollback();
    return done;
}

void Database::rollback() {
    if (in_transaction()) (void)connection_->execute("ROLLBACK;");
}

bool Database::in_transaction() const { return connection_->in_transaction(); }

void Database::checkpoint_if_due() { checkpoints_->make_if_due(); }

tl::expected<void, Error> Database::checkpoint() { return checkpoints_->make_in_full(); }

const std::string& Database::file() const { return connection_->file(); }

}  // namespace kith::store
