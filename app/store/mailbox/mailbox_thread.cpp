// SPDX-License-Identifier: MIT
#include "app/store/mailbox/mailbox_thread.hpp"

#include <atomic>
#include <cassert>
#include <deque>
#include <thread>

#include "app/store/mailbox/mailbox_time.hpp"
#include "app/store/signal.hpp"
#include "net/bounded_queue.hpp"

namespace kith::store::mailbox {
namespace {

using namespace std::chrono_literals;

// Of one transaction: bounds how long the first of them waits for the others.
constexpr std::size_t batch_jobs = 2048;
constexpr std::size_t batch_work = 8U << 20;
constexpr auto look_for_old = 60s;  ///< when nobody asks anything
constexpr auto complain_every = 60s;

}  // namespace

struct MailboxThread::Shared {
    Shared(MailboxDatabase opened, const net::Clock& given, Hooks given_hooks)
        : database(std::move(opened)),
          clock(given),
          time(given, database->latest()),
          hooks(std::move(given_hooks)) {
        publish();
    }

    void run();
    bool take_batch();
    void run_taken();
    bool tidy();
    void publish();
    void complain(const std::optional<Error>& error);

    // Mailbox thread only, while it runs.
    std::optional<MailboxDatabase> database;
    std::vector<Job> jobs;
    std::optional<Milliseconds> complained_at;

    const net::Clock& clock;
    const MailboxTime time;
    const Hooks hooks;
    net::BoundedQueue<Job> requests{jobs_max};
    net::BoundedQueue<Reply> replies{jobs_max};  ///< as many places: it never overflows
    Signal signal;
    std::atomic<bool> stopping{false};
    std::atomic<std::uint64_t> items{0}, bytes{0}, slots{0}, owners{0}, names{0}, commits{0};
};

struct MailboxThread::Local {
    struct Waiting {
        Continuation done;
        std::size_t weight = 0;
    };
    std::thread thread;
    std::thread::id owner;
    bool stopped = false;
    std::size_t bytes = 0;
    std::deque<Waiting> waiting;         ///< in the order of the calls, as the replies are
    std::vector<Continuation> too_many;  ///< to be refused
};

void MailboxThread::Shared::run() {
    for (;;) {
        const bool last_round = stopping.load(std::memory_order_acquire);
        const bool more_old = !last_round && tidy();
        if (take_batch()) {
            run_taken();
            continue;
        }
        if (last_round) break;
        if (more_old) continue;
        if (!database->shrink()) signal.wait_for(look_for_old);
    }
    (void)database->checkpoint();  // failing leaves a longer log, which the next start reads
    database.reset();
}

/// False: nothing waits.
bool MailboxThread::Shared::take_batch() {
    jobs.clear();
    for (std::size_t taken = 0; jobs.size() < batch_jobs && taken < batch_work;) {
        auto job = requests.try_pop();
        if (!job) break;
        taken += work(*job);
        jobs.push_back(std::move(*job));
    }
    return !jobs.empty();
}

void MailboxThread::Shared::run_taken() {
    auto answers = database->run(jobs, time.now());
    jobs.clear();
    publish();
    for (auto& answer : answers) {
        [[maybe_unused]] const bool pushed = replies.try_push(answer);
        assert(pushed);
    }
    if (hooks.wake) hooks.wake();
    complain(database->trouble());
    database->checkpoint_if_due();
}

/// A step of taking out what is too old. True: there is more of it.
bool MailboxThread::Shared::tidy() {
    const auto more = database->expire(time.now());
    if (!more) {
        complain(more.error());
        return false;
    }
    publish();
    database->checkpoint_if_due();
    return *more;
}

void MailboxThread::Shared::publish() {
    const auto now = database->figures();
    items = now.items;
    bytes = now.bytes;
    slots = now.slots;
    owners = now.owners;
    names = now.names;
    commits = database->commits();
}

void MailboxThread::Shared::complain(const std::optional<Error>& error) {
    const auto now = clock.monotonic();
    if (!error || (complained_at && now - *complained_at < complain_every)) return;
    complained_at = now;
    if (hooks.complain) hooks.complain(error->text);
}

MailboxThread::MailboxThread(MailboxDatabase database, const net::Clock& clock, Hooks hooks)
    : shared_(std::make_unique<Shared>(std::move(database), clock, std::move(hooks))),
      local_(std::make_unique<Local>()) {}

MailboxThread::~MailboxThread() { stop_and_join(); }

void MailboxThread::start() {
    assert(!local_->thread.joinable() && !local_->stopped);
    local_->thread = std::thread([shared = shared_.get()] { shared->run(); });
}

void MailboxThread::stop_and_join() {
    if (local_->stopped) return;
    local_->stopped = true;
    shared_->stopping.store(true, std::memory_order_release);
    shared_->signal.set();
    if (local_->thread.joinable())
        local_->thread.join();
    else
        shared_->run();  // never started: what was asked is carried out here
    local_->owner = {};
}

void MailboxThread::assert_thread() {
    if (local_->owner == std::thread::id{}) local_->owner = std::this_thread::get_id();
    assert(local_->owner == std::this_thread::get_id());
}

void MailboxThread::submit(Job job, Continuation done) {
    assert_thread();
    const auto weighs = weight(job);
    const bool room = !local_->stopped && local_->waiting.size() < jobs_max &&
                      local_->bytes + weighs <= bytes_max;
    if (!room || !shared_->requests.try_push(job)) {
        local_->too_many.push_back(std::move(done));
        if (shared_->hooks.wake) shared_->hooks.wake();
        return;
    }
    local_->bytes += weighs;
    local_->waiting.push_back({std::move(done), weighs});
    shared_->signal.set();
}

void MailboxThread::drain() {
    assert_thread();
    for (auto left = shared_->replies.size(); left > 0; --left) {
        auto reply = shared_->replies.try_pop();
        if (!reply) break;
        const auto next = std::move(local_->waiting.front());
        local_->waiting.pop_front();
        local_->bytes -= next.weight;
        finish(next.done, std::move(*reply));
    }
    for (auto& done : std::exchange(local_->too_many, {}))
        finish(done, refused(MailboxOutcome::failed, Refusal::overload));
}

bool MailboxThread::busy() const {
    return local_->waiting.size() >= busy_jobs || local_->bytes >= busy_bytes;
}

net::MailboxFigures MailboxThread::figures() const {
    return {shared_->items, shared_->bytes, shared_->slots, shared_->owners, shared_->names};
}

MailboxCounts MailboxThread::counts() const {
    MailboxCounts counts = counts_;
    counts.commits = shared_->commits;
    return counts;
}

}  // namespace kith::store::mailbox
