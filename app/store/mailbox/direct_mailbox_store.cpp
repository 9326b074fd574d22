// SPDX-License-Identifier: MIT
#include "app/store/mailbox/direct_mailbox_store.hpp"

namespace kith::store::mailbox {

std::size_t DirectMailboxStore::run() {
    while (database_.expire(time_.now()).value_or(false)) {
    }
    auto waiting = std::exchange(waiting_, {});
    std::vector<Job> jobs;
    for (auto& one : waiting) jobs.push_back(std::move(one.job));
    auto replies = database_.run(jobs, time_.now());
    for (std::size_t i = 0; i < replies.size(); ++i) finish(waiting[i].done, std::move(replies[i]));
    return replies.size();
}

MailboxCounts DirectMailboxStore::counts() const {
    MailboxCounts counts = counts_;
    counts.commits = database_.commits();
    return counts;
}

void DirectMailboxStore::submit(Job job, Continuation done) {
    waiting_.push_back({std::move(job), std::move(done)});
}

}  // namespace kith::store::mailbox
