// SPDX-License-Identifier: MIT
#include "app/store/salvage.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "app/store/backup_file.hpp"
#include "app/store/backup_pages.hpp"
#include "app/store/database.hpp"
#include "app/store/migrations.hpp"
#include "app/store/salvage_table.hpp"
#include "app/store/settings.hpp"

namespace kith::store {
namespace {

namespace fs = std::filesystem;

/// Reading a log may write to the database, so all is done with a copy of both.
class WorkingCopy {
public:
    explicit WorkingCopy(std::string file) : file_(std::move(file)) { remove(); }
    WorkingCopy(const WorkingCopy&) = delete;
    WorkingCopy& operator=(const WorkingCopy&) = delete;
    ~WorkingCopy() { remove(); }

    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    [[nodiscard]] Expected<void> make(const std::string& damaged) const {
        auto copied = copy_file(damaged, file_);
        std::error_code ignored;
        if (!copied || !fs::exists(damaged + "-wal", ignored)) return copied;
        return copy_file(damaged + "-wal", file_ + "-wal");
    }

private:
    void remove() const {
        std::error_code ignored;
        for (const char* const suffix : {"", "-wal", "-shm", "-journal"})
            fs::remove(file_ + suffix, ignored);
    }
    std::string file_;
};

Error nothing_readable(const std::string& file) {
    return {Errc::damaged, "Nothing of the history \"" + file +
                               "\" can be read. The file was left as it is; restore the profile "
                               "from a backup."};
}

/// writable_schema: SQLite then opens files that are shorter than they should be, and goes on
/// behind parts of the schema that it cannot read.
Expected<std::unique_ptr<Connection>> open_damaged(const std::string& copy, const Salvage& order) {
    auto connection = Connection::open(copy, false);
    if (!connection) return connection;
    auto ready = apply_key(**connection, order.key).and_then([&] {
        return (*connection)
            ->execute(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA writable_schema = ON;"
                "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;");
    });
    if (!ready) return tl::unexpected(ready.error());
    return connection;
}

Expected<std::size_t> version_of(Connection& damaged, const std::string& file) {
    const auto version = damaged.number("PRAGMA user_version;");
    const auto owner = damaged.number("PRAGMA application_id;");
    if (!version || !owner || *owner != application_id || *version < 1)
        return tl::unexpected(nothing_readable(file));
    if (static_cast<std::uint64_t>(*version) <= schema_steps().size())
        return static_cast<std::size_t>(*version);
    return fail(Errc::newer_version,
                "The history \"" + file +
                    "\" was written by a newer version of Kith. Install that version or a later "
                    "one to read it. Nothing was changed.");
}

/// The search index is made anew from the messages.
Expected<std::vector<std::string>> tables_of(Connection& target) {
    std::vector<std::string> tables;
    auto query = target.query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
        " AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'");
    Step step = query.step();
    for (; step == Step::row; step = query.step()) tables.push_back(query.text(0));
    if (step == Step::failed) return tl::unexpected(target.error());
    return tables;
}

/// So that no position or sequence is given twice, even if the newest rows are lost.
Expected<void> keep_sequences(Connection& damaged, Connection& target) {
    for (const std::string_view table : {"messages", "outbox"}) {
        auto given = damaged.query("SELECT seq FROM sqlite_sequence WHERE name = ?1");
        if (given.with(table).step() != Step::row) continue;
        const bool kept =
            target
                .query(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0 WHERE NOT EXISTS"
                    " (SELECT 1 FROM sqlite_sequence WHERE name = ?1)")
                .with(table)
                .run() &&
            target.query("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1")
                .with(table, given.integer(0))
                .run();
        if (!kept) return tl::unexpected(target.error());
    }
    return {};
}

/// The index over peers holds the numbers of their conversations once more: without them, none of
/// their messages could be shown.
Expected<void> add_conversations(Connection& damaged, Connection& target) {
    auto from = damaged.query("SELECT ref, peer FROM conversations ORDER BY peer");
    auto into = target.query("INSERT OR IGNORE INTO conversations (ref, peer) VALUES (?1, ?2)");
    while (from.step() == Step::row) {
        const Blob peer = from.blob(1);
        into.with(from.integer(0), peer);
        if (!into.run()) return tl::unexpected(target.error());
        into.reset();
    }
    return {};
}

/// Rows of conversations nobody knows the peer of, and the like. Returns in how many tables.
Expected<std::uint64_t> drop_orphans(Connection& target, const std::vector<std::string>& tables) {
    std::uint64_t found = 0;
    for (const std::string& table : tables) {
        const auto refers = target.number("SELECT count(*) FROM pragma_table_info('" + table +
                                          "') WHERE name = 'conversation'");
        if (!refers) return tl::unexpected(refers.error());
        if (*refers == 0) continue;
        auto dropped = target.execute("DELETE FROM " + table +
                                      " WHERE conversation NOT IN "
                                      "(SELECT ref FROM conversations);");
        if (!dropped) return tl::unexpected(dropped.error());
        if (target.changes() > 0) ++found;
    }
    auto dropped =
        target.execute("DELETE FROM peer_addresses WHERE peer NOT IN (SELECT id FROM peers);");
    if (!dropped) return tl::unexpected(dropped.error());
    return found;
}

Expected<std::uint64_t> copy_tables(Connection& damaged, Connection& target) {
    const auto tables = tables_of(target);
    if (!tables) return tl::unexpected(tables.error());
    std::uint64_t gaps = 0;
    for (const std::string& table : *tables) {
        auto emptied = target.execute("DELETE FROM " + table + ";");
        if (!emptied) return tl::unexpected(emptied.error());
        auto found = salvage_table(damaged, target, table);
        if (!found) return found;
        gaps += *found;
    }
    const bool has_sequences =
        std::find(tables->begin(), tables->end(), "outbox") != tables->end();  // since version 2
    auto done = add_conversations(damaged, target).and_then([&]() -> Expected<void> {
        return has_sequences ? keep_sequences(damaged, target) : Expected<void>{};
    });
    if (!done) return tl::unexpected(done.error());
    return drop_orphans(target, *tables).map([&](std::uint64_t found) { return gaps + found; });
}

/// Tables of the damaged file's own version; the steps that it has not seen come afterwards.
Expected<std::uint64_t> copy_rows(Connection& damaged, const PartFile& file, std::size_t version,
                                  const Salvage& order) {
    auto target = open_part(file.part(), order.key, {});
    if (!target) return tl::unexpected(target.error());
    Connection& made = **target;
    auto ready = made.execute("PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = OFF;")
                     .and_then([&] { return migrate(made, schema_steps().first(version)); })
                     .and_then([&] { return made.execute("BEGIN IMMEDIATE;"); });
    if (!ready) return tl::unexpected(ready.error());
    auto gaps = copy_tables(damaged, made);
    if (!gaps) return gaps;
    if (auto kept = made.execute("COMMIT;"); !kept) return tl::unexpected(kept.error());
    return gaps;
}

// A text that waits and its place in the outbox are one thing, and so are an offer, its transfer
// and its list. An offer of which the transfer is lost cannot be sent: its message has failed.
constexpr const char* repairs = R"sql(
DELETE FROM transfers WHERE NOT EXISTS (
    SELECT 1 FROM messages m WHERE m.id = transfers.id AND m.conversation = transfers.conversation);
DELETE FROM manifests WHERE NOT EXISTS (
    SELECT 1 FROM transfers t WHERE t.id = manifests.id AND t.conversation = manifests.conversation);
UPDATE transfers SET listed = EXISTS (
    SELECT 1 FROM manifests f WHERE f.id = transfers.id AND f.conversation = transfers.conversation);
UPDATE messages SET state = 5 WHERE state = 1 AND EXISTS (
    SELECT 1 FROM outbox o WHERE o.id = messages.id AND o.conversation = messages.conversation
        AND o.kind = 7)
    AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.id = messages.id
        AND t.conversation = messages.conversation);
DELETE FROM outbox WHERE kind IN (1, 7) AND NOT EXISTS (
    SELECT 1 FROM messages m WHERE m.id = outbox.id AND m.conversation = outbox.conversation
        AND m.state = 1);
INSERT INTO outbox (conversation, kind, id, revision, seconds)
    SELECT conversation, iif(EXISTS (SELECT 1 FROM transfers t WHERE t.id = m.id
            AND t.conversation = m.conversation), 7, 1), id, 0, 0
    FROM messages m WHERE state = 1 AND NOT EXISTS (
        SELECT 1 FROM outbox o WHERE o.id = m.id AND o.conversation = m.conversation)
    ORDER BY position;
INSERT INTO clock SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM clock);
)sql";

Expected<SalvageReport> make_history(const PartFile& file, const Salvage& order,
                                     std::uint64_t gaps) {
    auto database = Database::open({file.part(), order.key, false});
    if (!database) return tl::unexpected(database.error());
    Connection& connection = database->connection();
    const auto count = [&](const char* table) {
        return connection.number("SELECT count(*) FROM " + std::string(table) + ";");
    };
    auto repaired = connection.execute(repairs).and_then([&] { return database->checkpoint(); });
    if (!repaired) return tl::unexpected(repaired.error());
    const auto peers = count("peers"), messages = count("messages");
    if (!peers || !messages) return tl::unexpected(connection.error());
    return SalvageReport{static_cast<std::uint64_t>(*peers), static_cast<std::uint64_t>(*messages),
                         gaps};
}

}  // namespace

tl::expected<SalvageReport, Error> salvage(const Salvage& order) {
    auto file = PartFile::create(order.database);
    if (!file) return tl::unexpected(file.error());
    const WorkingCopy copy(file->part() + ".copy");
    if (auto made = copy.make(order.file); !made) return tl::unexpected(made.error());

    std::uint64_t gaps = 0;
    {
        auto damaged = open_damaged(copy.file(), order);
        if (!damaged) return tl::unexpected(damaged.error());
        const auto version = version_of(**damaged, order.file);
        if (!version) return tl::unexpected(version.error());
        (void)(*damaged)->execute("PRAGMA synchronous = OFF;");  // a copy
        const auto copied = copy_rows(**damaged, *file, *version, order);
        if (!copied) return tl::unexpected(copied.error());
        gaps = *copied;
    }
    auto report = make_history(*file, order, gaps);
    if (!report) return report;
    if (report->messages == 0 && report->peers == 0 && gaps > 0)
        return tl::unexpected(nothing_readable(order.file));
    if (auto named = file->commit(); !named) return tl::unexpected(named.error());
    return report;
}

}  // namespace kith::store
