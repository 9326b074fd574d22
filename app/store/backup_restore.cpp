// SPDX-License-Identifier: MIT
#include <array>
#include <filesystem>
#include <fstream>

#include "app/store/backup.hpp"
#include "app/store/backup_file.hpp"
#include "app/store/backup_pages.hpp"
#include "app/store/connection.hpp"
#include "app/store/migrations.hpp"
#include "app/store/settings.hpp"

namespace kith::store {
namespace {

namespace fs = std::filesystem;

constexpr int step_pages = 4096;

std::string quoted(const std::string& file) { return "\"" + file + "\""; }

Error not_a_backup(const std::string& file) {
    return {Errc::damaged, "The file " + quoted(file) +
                               " is not a backup of Kith, or it is damaged. Choose another file. "
                               "Nothing was changed."};
}

/// The sentences of check_version() speak of a history.
Error about_backup(const Error& error, const std::string& file) {
    switch (error.code) {
        case Errc::wrong_key:
            return {Errc::wrong_key,
                    "The backup " + quoted(file) +
                        " could not be opened: the password is wrong, or the file is damaged or "
                        "not a backup of Kith. Nothing was changed."};
        case Errc::newer_version:
            return {Errc::newer_version,
                    "The backup " + quoted(file) +
                        " was made by a newer version of Kith. Install that version or a later "
                        "one to restore it. Nothing was changed."};
        case Errc::damaged:
            return not_a_backup(file);
        default:
            return error;
    }
}

Expected<std::unique_ptr<Connection>> open_backup(const Restore& order) {
    if (const auto salt = read_salt(order.file); !salt) return tl::unexpected(salt.error());
    auto backup = Connection::open_to_read(order.file);
    if (!backup) return backup;
    auto ours = apply_key(**backup, order.key).and_then([&] {
        return check_version(**backup, schema_steps().size());
    });
    if (!ours) return tl::unexpected(about_backup(ours.error(), order.file));
    if (*ours == 0) return tl::unexpected(not_a_backup(order.file));
    return backup;
}

Expected<Blob> read_secrets(Connection& backup) {
    auto query = backup.query("SELECT content FROM profile_secrets");
    if (query.step() != Step::row) return tl::unexpected(not_a_backup(backup.file()));
    return query.blob(0);
}

Expected<void> copy_pages(Connection& backup, const PartFile& file, const Restore& order) {
    auto target = open_part(file.part(), order.database_key, {});
    if (!target) return tl::unexpected(target.error());
    {
        PageCopy pages(backup, **target);
        if (!pages.begun()) return tl::unexpected((*target)->error());
        for (bool done = false; !done;) {
            const auto stepped = pages.step(step_pages);
            if (!stepped) return tl::unexpected(about_backup(stepped.error(), order.file));
            done = *stepped;
        }
    }
    return leave_log_mode(**target);
}

Expected<void> check_content(Connection& connection, const std::string& file) {
    auto query = connection.query("PRAGMA quick_check(1)");
    if (query.step() == Step::row && query.text(0) == "ok") return {};
    return tl::unexpected(not_a_backup(file));
}

/// What acts or looks like a table of ours: all names, and the words of triggers and views.
Expected<std::vector<std::string>> schema_of(Connection& connection) {
    auto query = connection.query(
        "SELECT type || ' ' || name || ' ' || iif(type IN ('trigger', 'view'), ifnull(sql, ''), '')"
        " FROM sqlite_schema WHERE type IN ('trigger', 'view') OR substr(name, 1, 7) <> 'sqlite_'"
        " ORDER BY 1");
    std::vector<std::string> found;
    Step step = query.step();
    for (; step == Step::row; step = query.step()) found.push_back(query.text(0));
    if (step == Step::failed) return tl::unexpected(connection.error());
    return found;
}

/// A trigger that somebody has put into the backup would act on everything that is written later.
Expected<void> check_schema(Connection& connection, const std::string& file) {
    auto fresh = Database::open_in_memory();
    if (!fresh) return tl::unexpected(fresh.error());
    const auto ours = schema_of(fresh->connection());
    if (!ours) return tl::unexpected(ours.error());
    const auto restored = schema_of(connection);
    if (!restored) return tl::unexpected(restored.error());
    if (*restored != *ours) return tl::unexpected(not_a_backup(file));
    return {};
}

/// The list in backup.hpp.
Expected<void> reset_what_is_used_once(Connection& connection, model::Timestamp now) {
    Blob at;
    for (int shift = 56; shift >= 0; shift -= 8)
        at.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(now) >> shift));
    if (!connection.query("DELETE FROM meta WHERE key = 'invite_token'").run() ||
        !connection.query("INSERT OR REPLACE INTO meta VALUES ('restored_at', ?1)").with(at).run())
        return tl::unexpected(connection.error());
    return {};
}

/// Opened as a history from here on: brought to today's schema, and written durably.
Expected<void> make_history(const PartFile& file, const Restore& order) {
    auto database = Database::open({file.part(), order.database_key, false});
    if (!database) return tl::unexpected(about_backup(database.error(), order.file));
    Connection& connection = database->connection();
    return check_content(connection, order.file)
        .and_then([&] { return reset_what_is_used_once(connection, order.now); })
        .and_then([&] { return connection.execute("DROP TABLE profile_secrets;"); })
        .and_then([&] { return check_schema(connection, order.file); })
        .and_then([&] { return database->checkpoint(); });
}

}  // namespace

tl::expected<std::array<std::uint8_t, 16>, Error> read_salt(const std::string& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error))
        return fail(Errc::io, "There is no file " + quoted(file) + ". Choose a backup of Kith.");
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fail(Errc::io, "The file " + quoted(file) +
                                  " cannot be read. Make it readable for you, then try again.");
    std::array<char, 16> bytes{};
    in.read(bytes.data(), bytes.size());
    if (in.gcount() != 16 || fs::file_size(file, error) < static_cast<std::uintmax_t>(page_size))
        return tl::unexpected(not_a_backup(file));
    std::array<std::uint8_t, 16> salt{};
    std::copy(bytes.begin(), bytes.end(), salt.begin());
    return salt;
}

tl::expected<Blob, Error> restore(const Restore& order) {
    auto backup = open_backup(order);
    if (!backup) return tl::unexpected(backup.error());
    auto secrets = read_secrets(**backup);
    if (!secrets) return secrets;
    auto file = PartFile::create(order.database);
    if (!file) return tl::unexpected(file.error());
    auto done =
        copy_pages(**backup, *file, order).and_then([&] { return make_history(*file, order); });
    if (!done) return tl::unexpected(done.error());
    if (auto named = file->commit(); !named) return tl::unexpected(named.error());
    return secrets;
}

}  // namespace kith::store
