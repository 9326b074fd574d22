// SPDX-License-Identifier: MIT
//
// Pages go from one pager to the other through SQLite's online backup, which decrypts with the key
// of the one and encrypts with the key of the other. It follows what the source's own connection
// writes meanwhile.
#include "app/store/backup.hpp"

#include <sqlcipher/sqlite3.h>

#include <optional>

#include "app/store/backup_file.hpp"
#include "app/store/backup_pages.hpp"
#include "app/store/settings.hpp"

namespace kith::store {
namespace {

constexpr int step_pages = (1 << 20) / page_size;
constexpr int flush_steps = 16;  ///< so that the last flush does not hold up the storage thread

/// Kith's tests and simulations keep histories in memory, unencrypted; SQLite's backup does not
/// mix these with encrypted files.
bool is_plain(const Database& database) { return database.file() == ":memory:"; }

Expected<void> put_secrets(Connection& connection, const Blob& secrets) {
    auto made = connection.execute(
        "PRAGMA trusted_schema = OFF;"
        "CREATE TABLE profile_secrets (content BLOB NOT NULL) STRICT;");
    if (!made) return made;
    auto query = connection.query("INSERT INTO profile_secrets VALUES (?1)");
    if (!query.with(secrets).run()) return tl::unexpected(connection.error());
    return {};
}

void wipe_bytes(std::span<std::uint8_t> bytes) {
    volatile std::uint8_t* const at = bytes.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) at[i] = 0;
}

}  // namespace

void wipe(Backup& order) {
    wipe_bytes(order.key);
    wipe_bytes(order.secrets);
}

struct BackupCopy::State {
    State(Backup to, PartFile made) : order(std::move(to)), file(std::move(made)) {}
    ~State() { wipe(order); }

    Backup order;
    PartFile file;
    std::unique_ptr<Connection> target;
    std::optional<PageCopy> pages;  ///< ends before `target` does
    int steps = 0;
};

BackupCopy::BackupCopy(std::unique_ptr<State> state) : state_(std::move(state)) {}
BackupCopy::~BackupCopy() = default;

tl::expected<std::unique_ptr<BackupCopy>, Error> BackupCopy::begin(Database& source, Backup order) {
    auto file = PartFile::create(order.file, PartFile::Leftover::refuse);
    if (!file) {
        wipe(order);
        return tl::unexpected(file.error());
    }
    auto state = std::make_unique<State>(std::move(order), std::move(*file));
    wipe(order);  // the key was copied
    Connection& from = source.connection();
    if (is_plain(source)) {
        auto copied =
            copy_from_plain(from, state->file.part(), state->order.key, state->order.salt);
        if (!copied) return tl::unexpected(copied.error());
    }
    auto target = open_part(state->file.part(), state->order.key, state->order.salt);
    if (!target) return tl::unexpected(target.error());
    state->target = std::move(*target);
    if (!is_plain(source)) {
        state->pages.emplace(from, *state->target);
        if (!state->pages->begun()) return tl::unexpected(state->target->error());
    }
    return std::unique_ptr<BackupCopy>(new BackupCopy(std::move(state)));
}

tl::expected<bool, Error> BackupCopy::step() {
    if (!state_->pages) return true;
    auto done = state_->pages->step(step_pages);
    if (!done || ++state_->steps % flush_steps != 0) return done;
    return state_->file.flush().map([&] { return *done; });
}

BackedUp BackupCopy::finish() {
    State& state = *state_;
    state.pages.reset();
    auto done = leave_log_mode(*state.target).and_then([&] {
        return put_secrets(*state.target, state.order.secrets);
    });
    if (!done) return tl::unexpected(done.error());
    const auto version = state.target->number("PRAGMA user_version;");
    if (!version) return tl::unexpected(version.error());
    state.target.reset();
    return state.file.commit();
}

Error backup_under_way() {
    return {Errc::overloaded, "A backup is being made already. Wait until it is done."};
}

BackedUp back_up_at_once(Database& source, const Backup& order) {
    auto copy = BackupCopy::begin(source, order);
    if (!copy) return tl::unexpected(copy.error());
    for (bool done = false; !done;) {
        const auto stepped = (*copy)->step();
        if (!stepped) return tl::unexpected(stepped.error());
        done = *stepped;
    }
    return (*copy)->finish();
}

}  // namespace kith::store
