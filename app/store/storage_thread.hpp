// SPDX-License-Identifier: MIT
//
// The store on a thread of its own.
//
//   network thread                          storage thread
//   submit(job, done) -- ticket, job -->    all that waits -> one transaction -> one fsync
//   drain(): done(result) <-- ticket, result -- wake()
//
// Only values cross. Continuations stay on the network thread, in order of their tickets. While the
// disk is busy jobs gather, and the next transaction takes them all: the slower the disk, the
// larger the groups. Between two transactions a backup goes on by a step, and the search index
// catches up in groups when nothing else waits. An idle thread sleeps.
#pragma once

#include <functional>
#include <memory>

#include "app/store/database.hpp"
#include "app/store/store.hpp"

namespace kith::store {

class ThreadedStore final : public Store {
public:
    using Wake = std::function<void()>;

    /// `wake` is called on the storage thread when there is something to drain().
    ThreadedStore(Database database, Wake wake);
    /// Stops; answers nobody has drained are dropped.
    ~ThreadedStore() override;
    ThreadedStore(const ThreadedStore&) = delete;
    ThreadedStore& operator=(const ThreadedStore&) = delete;

    /// Once, before or after the first submit().
    void start();
    /// Carries out everything submitted, empties the write-ahead log, closes the file and waits for
    /// the thread to end. The network thread, or another one once that has ended. drain()
    /// afterwards gives the remaining answers.
    void stop_and_join();

    /// Network thread: always the same one, which gives jobs their order. After stop_and_join() the
    /// answer is Errc::io.
    void submit(Job job, Continuation done) override;
    /// One that is at work when the store stops is given up.
    void back_up(Backup order, std::function<void(BackedUp)> done) override;
    [[nodiscard]] std::size_t backlog() const override;
    /// Network thread: runs the continuations of what has completed.
    void drain();

private:
    struct Shared;
    struct Local;
    void launch();
    void hand_over();
    void complete(std::uint64_t ticket, Result result);
    void complete_backups();
    void assert_thread();

    std::unique_ptr<Shared> shared_;  ///< what both threads touch
    std::unique_ptr<Local> local_;    ///< what only the network thread touches
};

}  // namespace kith::store
