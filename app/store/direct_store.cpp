// SPDX-License-Identifier: MIT
#include "app/store/direct_store.hpp"

#include "app/store/backup.hpp"
#include "app/store/batch.hpp"

namespace kith::store {

void DirectStore::submit(Job job, Continuation done) {
    jobs_.push_back(std::move(job));
    waiting_.push_back(std::move(done));
}

void DirectStore::back_up(Backup order, std::function<void(BackedUp)> done) {
    backups_.push_back({std::move(order), std::move(done)});
}

std::size_t DirectStore::backlog() const { return jobs_.size() + finished_.size(); }

void DirectStore::refuse_writes() {
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
        const Error full{Errc::full, "The disk is full. Make room and try again."};
        auto result = writes(jobs_[i]) ? Result(tl::unexpected(full)) : database_.run(jobs_[i]);
        if (!result) broken_.note_failure(jobs_[i]);
        finished_.push_back({std::move(result), std::move(waiting_[i])});
    }
    jobs_.clear();
    waiting_.clear();
}

void DirectStore::commit_pending() {
    if (fail_writes_) return refuse_writes();
    auto results = run_batch(database_, jobs_, broken_);
    for (std::size_t i = 0; i < results.size(); ++i)
        finished_.push_back({std::move(results[i]), std::move(waiting_[i])});
    jobs_.clear();
    waiting_.clear();
}

std::size_t DirectStore::run_pending() {
    commit_pending();
    const std::size_t answered = answer();
    answer_backups();
    return answered;
}

std::size_t DirectStore::run_all() {
    std::size_t count = 0;
    while (backlog() > 0 || !backups_.empty()) count += run_pending();
    return count;
}

std::size_t DirectStore::answer() {
    std::size_t count = 0;
    while (!finished_.empty()) {  // crash() inside a continuation empties it
        Finished next = std::move(finished_.front());
        finished_.pop_front();
        if (auto rest = rest_of(next.result)) {
            submit(std::move(*rest), std::move(next.done));
            continue;
        }
        ++count;
        if (next.done) next.done(std::move(next.result));
    }
    return count;
}

void DirectStore::answer_backups() {
    auto pending = std::exchange(backups_, {});
    for (std::size_t i = 0; i < pending.size(); ++i)
        pending[i].done(i == 0 ? back_up_at_once(database_, pending[i].order)
                               : tl::unexpected(backup_under_way()));
}

void DirectStore::crash() {
    backups_.clear();
    jobs_.clear();
    waiting_.clear();
    finished_.clear();
}

}  // namespace kith::store
