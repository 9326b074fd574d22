// SPDX-License-Identifier: MIT
//
// The mailbox.db of a relay: one SQLite file, without encryption, since nobody types a password
// when a server starts; what waits in it is sealed by its senders. Opened on any thread and moved
// to the one that uses it; one thread at a time.
#pragma once

#include <span>

#include "app/store/checkpoints.hpp"
#include "app/store/mailbox/mailbox_job.hpp"
#include "crypto/random.hpp"

namespace kith::store::mailbox {

class MailboxDatabase {
public:
    /// Opens, checks and brings the schema up to date; made (mode 0600) when it is not there. A
    /// file that is refused stays as it is, byte for byte. Errors, in sentences for whoever runs
    /// the relay: damaged, newer_version, read_only, full, io.
    static tl::expected<MailboxDatabase, Error> open(const std::string& file,
                                                     crypto::RandomSource& random);
    /// Without a file, for tests and simulations.
    static tl::expected<MailboxDatabase, Error> open_in_memory(crypto::RandomSource& random);

    MailboxDatabase(MailboxDatabase&&) noexcept;
    MailboxDatabase& operator=(MailboxDatabase&&) noexcept;
    ~MailboxDatabase();

    void set_limits(const MailboxLimits& limits) { limits_ = limits; }
    /// The latest time in the file when it was opened: see MailboxTime. Nothing: there is none.
    [[nodiscard]] std::optional<Milliseconds> latest() const { return latest_; }

    /// Carries out all of them in one transaction, in their order, and returns when that is
    /// durable. When the disk says no they are tried once more, each by itself, so that one that
    /// meets a damaged page does not take the others with it. Whatever is refused or fails changes
    /// nothing. `now`: since 1970 UTC.
    [[nodiscard]] std::vector<Reply> run(const std::vector<Job>& jobs, Milliseconds now);
    /// A step of taking out what is too old: so short that others need not wait. True: there is
    /// more.
    [[nodiscard]] tl::expected<bool, Error> expire(Milliseconds now);
    /// Gives a piece of a file that has become much too large back to the system. True: there is
    /// more.
    [[nodiscard]] bool shrink();

    /// As of the last transaction.
    [[nodiscard]] net::MailboxFigures figures();
    /// Transactions that were flushed to the disk.
    [[nodiscard]] std::uint64_t commits() const { return commits_; }
    /// The last no of the disk, in a sentence; taken out.
    [[nodiscard]] std::optional<Error> trouble() { return std::exchange(trouble_, std::nullopt); }

    /// See Checkpoints.
    void checkpoint_if_due() { checkpoints_.make_if_due(); }
    [[nodiscard]] tl::expected<void, Error> checkpoint();
    /// For this room and its tests.
    [[nodiscard]] Connection& connection() { return *connection_; }

private:
    MailboxDatabase(std::unique_ptr<Connection> connection, Bytes depositor_key);
    static tl::expected<MailboxDatabase, Error> finish(std::unique_ptr<Connection> connection,
                                                       crypto::RandomSource& random);

    [[nodiscard]] std::optional<std::vector<Reply>> run_together(std::span<const Job> jobs,
                                                                 Milliseconds now);
    [[nodiscard]] std::vector<Reply> run_one_by_one(std::span<const Job> jobs, Milliseconds now);
    [[nodiscard]] Reply run_one(const Job& job, Milliseconds now);
    [[nodiscard]] bool commit();
    void roll_back();
    void note_trouble();

    std::unique_ptr<Connection> connection_;
    Checkpoints checkpoints_;
    Bytes depositor_key_;
    std::optional<Milliseconds> latest_;
    MailboxLimits limits_;
    std::uint64_t commits_ = 0;
    std::optional<Error> trouble_;
};

}  // namespace kith::store::mailbox
