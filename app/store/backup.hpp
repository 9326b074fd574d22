// SPDX-License-Identifier: MIT
//
// The file of a backup, and the way back from it. A backup is an SQLCipher database of its own: all
// tables of the history and the table profile_secrets. Its key comes from a password; the salt of
// that derivation is the file's first 16 bytes and the only part that is not encrypted.
#pragma once

#include <memory>
#include <span>

#include "app/store/database.hpp"
#include "app/store/store.hpp"

namespace kith::store {

using BackupKey = std::span<const std::uint8_t, 32>;

/// A copy under way. The thread of the database; one at a time.
class BackupCopy {
public:
    /// Makes `order.file` + ".part" (mode 0600; one that is there is never touched). `source`
    /// outlives this. Errors: io (there is a file of either name, or the folder is missing), full,
    /// read_only.
    static tl::expected<std::unique_ptr<BackupCopy>, Error> begin(Database& source, Backup order);
    /// Without a finished copy nothing stays behind.
    ~BackupCopy();
    BackupCopy(const BackupCopy&) = delete;
    BackupCopy& operator=(const BackupCopy&) = delete;

    /// Copies about 1 MiB. What the source commits between two steps is in the copy. True: all is
    /// copied, finish() is next.
    [[nodiscard]] tl::expected<bool, Error> step();
    /// Adds the secrets, checks the copy, flushes it and gives it its name.
    [[nodiscard]] BackedUp finish();

private:
    struct State;
    explicit BackupCopy(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Overwrites the keys of an order that is not carried out.
void wipe(Backup& order);

/// What a second order gets while the first is at work.
[[nodiscard]] Error backup_under_way();

/// All steps of it one after the other.
[[nodiscard]] BackedUp back_up_at_once(Database& source, const Backup& order);

/// The first 16 bytes of a backup, from which its key is derived again.
/// Errors: io (missing, cannot be read), damaged (too short to be a backup).
[[nodiscard]] tl::expected<std::array<std::uint8_t, 16>, Error> read_salt(const std::string& file);

struct Restore {
    std::string file;          ///< the backup; only read
    BackupKey key;             ///< derived from its password and its salt
    std::string database;      ///< the history to make; must not exist
    BackupKey database_key;    ///< fresh and random: pages are encrypted anew
    model::Timestamp now = 0;  ///< noted in the new history
};

/// Makes a history from a backup: written beside (`database` + ".part"), checked, flushed and
/// renamed. Returns the secrets that were backed up. Any thread; takes as long as reading and
/// writing the file does.
///
/// What must not be used twice is reset, as the backed-up profile may have gone on:
/// - meta `invite_token` is removed: a new one is made, and old connection IDs stop working;
/// - meta `restored_at` is set to `now` (8 bytes, big-endian).
/// Session keys, nonces and counters are never stored, so none can return.
///
/// Errors: wrong_key (wrong password; damage in the first page looks the same), damaged,
/// newer_version, io (missing; `database` exists), full, read_only.
[[nodiscard]] tl::expected<Blob, Error> restore(const Restore& order);

}  // namespace kith::store
