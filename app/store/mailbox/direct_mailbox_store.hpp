// SPDX-License-Identifier: MIT
//
// A mailbox without a thread, for tests and simulation: nothing happens until it is told to, and
// everything that waits can be lost as in a crash.
#pragma once

#include "app/store/mailbox/mailbox_calls.hpp"
#include "app/store/mailbox/mailbox_database.hpp"
#include "app/store/mailbox/mailbox_time.hpp"

namespace kith::store::mailbox {

class DirectMailboxStore final : public MailboxCalls {
public:
    /// The database outlives this: what was committed survives a crash() and serves the next store.
    DirectMailboxStore(MailboxDatabase& database, const net::Clock& clock)
        : database_(database), time_(clock, database.latest()) {}

    /// Takes out what is too old, commits what waits and answers it; what continuations ask waits
    /// for the next call. Returns how many were answered.
    std::size_t run();
    /// Everything that waits is gone; nobody is answered.
    void crash() { waiting_.clear(); }

    [[nodiscard]] bool busy() const override { return false; }
    [[nodiscard]] net::MailboxFigures figures() const override { return database_.figures(); }
    [[nodiscard]] MailboxCounts counts() const;

private:
    struct Waiting {
        Job job;
        Continuation done;
    };
    void submit(Job job, Continuation done) override;

    MailboxDatabase& database_;
    const MailboxTime time_;
    std::vector<Waiting> waiting_;
};

}  // namespace kith::store::mailbox
