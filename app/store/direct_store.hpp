// SPDX-License-Identifier: MIT
//
// A Store without a thread, for tests and simulation: nothing happens until it is told to, and
// everything that waits can be lost as in a crash.
#pragma once

#include <deque>
#include <vector>

#include "app/store/broken_sessions.hpp"
#include "app/store/database.hpp"
#include "app/store/store.hpp"

namespace kith::store {

class DirectStore final : public Store {
public:
    /// The database outlives this: what was committed survives a crash() and serves the next store.
    explicit DirectStore(Database& database) : database_(database) {}

    void submit(Job job, Continuation done) override;
    /// Done as a whole in the next run_pending(), behind the jobs.
    void back_up(Backup order, std::function<void(BackedUp)> done) override;
    [[nodiscard]] std::size_t backlog() const override;

    /// Commits what waits and answers it. Returns how many jobs were answered. What continuations
    /// submit waits for the next call.
    std::size_t run_pending();
    /// Runs until nothing waits.
    std::size_t run_all();
    /// The first half of run_pending(): committed, not yet answered. A crash() now loses only the
    /// answers.
    void commit_pending();
    /// From now on jobs that write fail as on a full disk; reading works.
    void fail_writes(bool fail) { fail_writes_ = fail; }
    /// Every job waiting and every answer not given are gone; no continuation is called.
    void crash();

private:
    struct PendingBackup {
        Backup order;
        std::function<void(BackedUp)> done;
    };
    struct Finished {
        Result result;
        Continuation done;
    };
    std::size_t answer();
    void answer_backups();

    void refuse_writes();

    Database& database_;
    BrokenSessions broken_;
    bool fail_writes_ = false;
    std::vector<PendingBackup> backups_;
    std::vector<Job> jobs_;
    std::vector<Continuation> waiting_;
    std::deque<Finished> finished_;
};

}  // namespace kith::store
