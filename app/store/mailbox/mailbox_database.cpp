// SPDX-License-Identifier: MIT
#include "app/store/mailbox/mailbox_database.hpp"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <filesystem>

#include "app/store/mailbox/mailbox_errors.hpp"
#include "app/store/mailbox/mailbox_schema.hpp"
#include "app/store/mailbox/mailbox_tables.hpp"
#include "app/store/migrations.hpp"
#include "app/store/settings.hpp"

namespace kith::store::mailbox {
namespace {

namespace fs = std::filesystem;

constexpr int failures_at_once = 8;  ///< writes in a row; the rest of the group fails then
constexpr std::int64_t free_pages_kept = 16'384;  ///< 64 MiB: room for what comes next
/// At most 64 MiB. Tokens are random, so whoever opens 2,048 slots among many touches as many pages
/// of their index: with a smaller cache they go to the disk and back within the transaction.
const std::string cache_kib = "-65536";
constexpr const char* latest_time =
    "SELECT max(coalesce((SELECT max(stored_at) FROM items), 0),"
    " coalesce((SELECT max(seen_at) FROM owners), 0),"
    " coalesce((SELECT max(seen_at) FROM names), 0));";
constexpr int pages_at_once = 256;  ///< 1 MiB: others need not wait for more

/// What SQLite would take for an empty database, or repair, without a word.
Expected<void> check_file(const std::string& file) {
    std::error_code error;
    const auto status = fs::status(file, error);
    if (!fs::exists(status)) return {};
    if (!fs::is_regular_file(status)) return fail(Errc::damaged, {});
    const auto size = fs::file_size(file, error);
    if (error || size == 0 || size >= static_cast<std::uintmax_t>(page_size)) return {};
    return fail(Errc::damaged, {});
}

Expected<void> check_writable(Connection& connection) {
    if (sqlite3_db_readonly(connection.handle(), "main") != 1) return {};
    return fail(Errc::read_only, {});
}

Expected<void> close_to_others(const std::string& file) {
    std::error_code ignored;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ignored);
    return {};
}

/// Incremental, so that a file that was full can become small again; only a new one learns it.
Expected<void> make_tables(Connection& connection) {
    return connection
        .execute("PRAGMA page_size = " + std::to_string(page_size) +
                 "; PRAGMA auto_vacuum = INCREMENTAL;")
        .and_then([&] { return apply_settings(connection); })
        .and_then([&] { return connection.execute("PRAGMA cache_size = " + cache_kib + ";"); })
        .and_then([&] { return migrate(connection, schema_steps(), application_id); });
}

Expected<void> prepare(Connection& connection) {
    return check_writable(connection)
        .and_then([&] { return keep_untouched(connection); })
        .and_then([&] { return check_version(connection, schema_steps().size(), application_id); })
        .and_then([&](std::int64_t) { return close_to_others(connection.file()); })
        .and_then([&] { return make_tables(connection); });
}

Expected<Bytes> depositor_key(Connection& connection, crypto::RandomSource& random) {
    auto query = connection.query("SELECT depositor_key FROM secret");
    const auto step = query.step();
    if (step == Step::failed) return tl::unexpected(connection.error());
    if (step == Step::row) return query.blob(0);
    Bytes key(32);
    random.fill(key);
    auto stored = connection.query("INSERT INTO secret (one, depositor_key) VALUES (1, ?1)");
    if (!stored.with(key).run()) return tl::unexpected(connection.error());
    return key;
}

}  // namespace

tl::expected<MailboxDatabase, Error> MailboxDatabase::open(const std::string& file,
                                                           crypto::RandomSource& random) {
    const auto in_words = [&](const Error& error) {
        return tl::unexpected(in_relay_words(error, file));
    };
    if (auto usable = check_file(file); !usable) return in_words(usable.error());
    auto connection = Connection::open(file, true);
    if (!connection) return in_words(connection.error());
    if (auto ready = prepare(**connection); !ready) return in_words(ready.error());
    auto database = finish(std::move(*connection), random);
    if (!database) return in_words(database.error());
    return database;
}

tl::expected<MailboxDatabase, Error> MailboxDatabase::open_in_memory(crypto::RandomSource& random) {
    auto connection = Connection::open(":memory:", true);
    if (!connection) return tl::unexpected(connection.error());
    if (auto made = make_tables(**connection); !made) return tl::unexpected(made.error());
    return finish(std::move(*connection), random);
}

tl::expected<MailboxDatabase, Error> MailboxDatabase::finish(std::unique_ptr<Connection> connection,
                                                             crypto::RandomSource& random) {
    auto key = depositor_key(*connection, random);
    if (!key) return tl::unexpected(key.error());
    const auto latest =
        connection->number(latest_time).value_or(0);  // damaged: what needs it fails
    MailboxDatabase database(std::move(connection), std::move(*key));
    if (latest > 0) database.latest_ = Milliseconds(latest);
    return database;
}

MailboxDatabase::MailboxDatabase(std::unique_ptr<Connection> connection, Bytes depositor_key)
    : connection_(std::move(connection)),
      checkpoints_(*connection_),
      depositor_key_(std::move(depositor_key)) {}

MailboxDatabase::MailboxDatabase(MailboxDatabase&&) noexcept = default;
MailboxDatabase& MailboxDatabase::operator=(MailboxDatabase&&) noexcept = default;
MailboxDatabase::~MailboxDatabase() = default;

std::vector<Reply> MailboxDatabase::run(const std::vector<Job>& jobs, Milliseconds now) {
    if (auto replies = run_together(jobs, now)) return std::move(*replies);
    return run_one_by_one(jobs, now);
}

/// Nothing: the disk says no, and nothing was done.
std::optional<std::vector<Reply>> MailboxDatabase::run_together(std::span<const Job> jobs,
                                                                Milliseconds now) {
    const bool writing = std::ranges::any_of(jobs, writes);
    bool good = !writing || connection_->query("BEGIN IMMEDIATE").run();
    if (!good) note_trouble();
    std::vector<Reply> replies;
    for (const auto& job : jobs) {
        if (!good) break;
        replies.push_back(run_one(job, now));
        good = replies.back().why != Refusal::disk;
    }
    if (good && (!writing || commit())) return replies;
    roll_back();
    return std::nullopt;
}

/// A disk that says no to some of them would to the others, and be slow about it.
std::vector<Reply> MailboxDatabase::run_one_by_one(std::span<const Job> jobs, Milliseconds now) {
    std::vector<Reply> replies;
    int failures = 0;
    for (const auto& job : jobs) {
        const bool hopeless = failures >= failures_at_once && writes(job);
        auto reply = hopeless ? std::nullopt : run_together({&job, 1}, now);
        failures = reply ? 0 : failures + 1;
        replies.push_back(reply ? std::move(reply->front()) : disk_said_no());
    }
    return replies;
}

Reply MailboxDatabase::run_one(const Job& job, Milliseconds now) {
    if (const auto* given = std::get_if<SetLimits>(&job)) {
        limits_ = given->limits;
        return {};
    }
    const Situation at{*connection_, limits_, depositor_key_, now};
    Reply reply = std::visit(
        [&](const auto& one) -> Reply {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, SetLimits>)
                return {};
            else
                return mailbox::run(at, one);
        },
        job);
    if (reply.why == Refusal::disk) note_trouble();
    return reply;
}

bool MailboxDatabase::commit() {
    if (!connection_->query("COMMIT").run()) {
        note_trouble();
        return false;
    }
    ++commits_;
    return true;
}

void MailboxDatabase::roll_back() {
    if (connection_->in_transaction()) (void)connection_->execute("ROLLBACK;");
}

void MailboxDatabase::note_trouble() {
    trouble_ = in_relay_words(connection_->error(), connection_->file());
}

tl::expected<bool, Error> MailboxDatabase::expire(Milliseconds now) {
    const Situation at{*connection_, limits_, depositor_key_, now};
    if (!has_old(at)) return false;
    auto done = connection_->execute("BEGIN IMMEDIATE;").and_then([&] { return drop_old(at); });
    if (done && commit()) return has_old(at);
    const Error error =
        done ? trouble().value() : in_relay_words(done.error(), connection_->file());
    roll_back();
    return tl::unexpected(error);
}

bool MailboxDatabase::shrink() {
    const auto unused = connection_->number("PRAGMA freelist_count;").value_or(0);
    const auto pages = connection_->number("PRAGMA page_count;").value_or(0);
    if (unused <= free_pages_kept || unused * 4 <= pages) return false;
    return connection_->execute("PRAGMA incremental_vacuum(" + std::to_string(pages_at_once) + ");")
        .has_value();
}

net::MailboxFigures MailboxDatabase::figures() {
    const auto all = totals(*connection_).value_or(Totals{});
    return {all.items + all.open_items, all.bytes + all.open_bytes, all.slots, all.owners,
            all.names};
}

tl::expected<void, Error> MailboxDatabase::checkpoint() { return checkpoints_.make_in_full(); }

}  // namespace kith::store::mailbox
