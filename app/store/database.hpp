// SPDX-License-Identifier: MIT
//
// The encrypted history of one profile. Opened on any thread and moved to the one that uses it
// (StorageThread, or a test); one thread at a time.
#pragma once

#include <memory>
#include <span>

#include "app/store/job.hpp"

namespace kith::store {

class Checkpoints;
class Connection;

class Database {
public:
    struct Options {
        std::string file;
        std::span<const std::uint8_t, 32> key;  ///< raw; not kept
        bool create = true;                     ///< false: a missing file is an error
    };

    /// Opens, checks and brings the schema up to date. A file that is refused stays as it is, byte
    /// for byte. Errors: wrong_key (also: damaged in its first page), damaged, newer_version,
    /// read_only, full, io (also: in use by another process).
    static tl::expected<Database, Error> open(const Options& options);
    /// Without a file and without encryption, for tests and simulation.
    static tl::expected<Database, Error> open_in_memory();

    explicit Database(std::unique_ptr<Connection> connection);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();  ///< what is not committed is lost

    /// Carries out one job. A failed job changes nothing. Outside a transaction it is durable at
    /// return; inside, only once commit() has succeeded.
    [[nodiscard]] Result run(const Job& job);

    [[nodiscard]] tl::expected<void, Error> begin();
    /// Failed: everything since begin() is undone.
    [[nodiscard]] tl::expected<void, Error> commit();
    void rollback();
    /// False after begin() too, when a failure (full disk, I/O) has undone the transaction.
    [[nodiscard]] bool in_transaction() const;

    /// Copies the write-ahead log into the file once it has grown to 16 MiB; cheap otherwise.
    /// Failing is harmless: the log only stays longer.
    void checkpoint_if_due();
    /// Copies it in full and empties it. Outside a transaction.
    [[nodiscard]] tl::expected<void, Error> checkpoint();

    [[nodiscard]] const std::string& file() const;
    /// For this room and its tests.
    [[nodiscard]] Connection& connection() { return *connection_; }

private:
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<Checkpoints> checkpoints_;
};

/// Whether a job writes. A batch without such a job needs no transaction and no disk.
[[nodiscard]] bool writes(const Job& job);

}  // namespace kith::store
