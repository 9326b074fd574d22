// SPDX-License-Identifier: MIT
//
// The mailboxes of a relay on a thread of their own.
//
//   network thread                        mailbox thread
//   deposit(…, done) -- job -->           all that waits -> one transaction -> one fsync
//   drain(): done(outcome) <-- reply --   wake()
//
// Only values cross; continuations stay on the network thread. While the disk is busy deposits
// gather, and the next transaction takes them all: the slower the disk, the larger the groups. In
// between, what is too old goes out in small steps.
#pragma once

#include "app/store/mailbox/mailbox_calls.hpp"
#include "app/store/mailbox/mailbox_database.hpp"
#include "net/transport.hpp"

namespace kith::store::mailbox {

// Of what is asked and not answered yet, replies included.
inline constexpr std::size_t busy_jobs = 4096;
inline constexpr std::size_t busy_bytes = 32U << 20;
/// What comes in spite of busy() is refused from here on.
inline constexpr std::size_t jobs_max = 2 * busy_jobs;
inline constexpr std::size_t bytes_max = 2 * busy_bytes;

class MailboxThread final : public MailboxCalls {
public:
    struct Hooks {
        /// On the mailbox thread: there is something to drain(). Also on the network thread.
        std::function<void()> wake;
        /// On the mailbox thread, at most once a minute: what the disk says, in a sentence.
        std::function<void(const std::string&)> complain;
    };

    MailboxThread(MailboxDatabase database, const net::Clock& clock, Hooks hooks);
    /// Stops; answers nobody has drained are dropped.
    ~MailboxThread() override;
    MailboxThread(const MailboxThread&) = delete;
    MailboxThread& operator=(const MailboxThread&) = delete;

    /// Once.
    void start();
    /// Carries out everything asked so far (at most jobs_max and bytes_max), closes the file and
    /// waits for the thread to end. The network thread, or another one once that has ended. drain()
    /// afterwards gives the remaining answers; what is asked afterwards fails.
    void stop_and_join();
    /// Network thread: gives the answers that are there.
    void drain();

    [[nodiscard]] bool busy() const override;
    [[nodiscard]] net::MailboxFigures figures() const override;
    [[nodiscard]] MailboxCounts counts() const;

private:
    struct Shared;
    struct Local;
    void submit(Job job, Continuation done) override;
    void assert_thread();

    std::unique_ptr<Shared> shared_;  ///< what both threads touch
    std::unique_ptr<Local> local_;    ///< what only the network thread touches
};

}  // namespace kith::store::mailbox
