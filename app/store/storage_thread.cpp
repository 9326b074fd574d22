// SPDX-License-Identifier: MIT
#include "app/store/storage_thread.hpp"

#include <atomic>
#include <cassert>
#include <deque>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "app/store/backup_slot.hpp"
#include "app/store/batch.hpp"
#include "app/store/search_index.hpp"
#include "app/store/signal.hpp"
#include "net/bounded_queue.hpp"

namespace kith::store {
namespace {

/// Jobs between the threads at any time. The results' queue is as large, so neither ever overflows:
/// a job is handed over only while fewer than this are on their way there or back.
constexpr std::size_t in_flight_max = 8192;

struct Request {
    std::uint64_t ticket = 0;
    Job job;
};
struct Outcome {
    std::uint64_t ticket = 0;
    Result result;
};

Error store_closed() { return {Errc::io, "The history is closed already. Start Kith again."}; }

}  // namespace

struct ThreadedStore::Shared {
    Shared(Database opened, Wake on_results)
        : database(std::move(opened)), wake(std::move(on_results)) {}

    void run();
    std::optional<Request> next();
    void take_batch();
    void run_taken();
    void rest();
    bool work_aside();
    bool back_up_some();
    std::size_t index_backlog();
    bool index_due();

    // Storage thread only, while it runs.
    std::optional<Database> database;
    BrokenSessions broken;
    std::vector<std::uint64_t> tickets;
    std::vector<Job> jobs;
    bool quiet = false;         ///< no job for a while
    std::vector<Outcome> late;  ///< what the results' queue cannot hold while stopping

    const Wake wake;
    net::BoundedQueue<Request> requests{in_flight_max};
    net::BoundedQueue<Outcome> outcomes{in_flight_max};
    BackupSlot backups;
    Signal signal;
    std::atomic<bool> stopping{false};
    std::deque<Request> last;  ///< written before `stopping` is set, read after
};

struct ThreadedStore::Local {
    std::thread thread;
    std::thread::id owner;
    bool stopped = false;
    std::uint64_t next_ticket = 0;
    std::size_t in_flight = 0;
    std::deque<Request> overflow;      ///< waits for room in the queue
    std::deque<Continuation> waiting;  ///< front belongs to next_ticket - waiting.size()
    std::uint64_t next_backup = 0;
    std::map<std::uint64_t, std::function<void(BackedUp)>> backups;
};

void ThreadedStore::Shared::run() {
    for (;;) {
        const bool last_round = stopping.load(std::memory_order_acquire);
        take_batch();
        const bool idle = jobs.empty();
        if (!idle) run_taken();
        if (last_round && idle) break;
        quiet = quiet && idle;
        if (!last_round && work_aside()) continue;
        if (idle) rest();
    }
    backups.abandon();
    (void)database->checkpoint();  // failing leaves a longer log, which the next start reads
    database.reset();
}

std::optional<Request> ThreadedStore::Shared::next() {
    // Asked first: once it is true the queue gets nothing more, so empty then means `last` is next.
    const bool closing = stopping.load(std::memory_order_acquire);
    if (auto request = requests.try_pop()) return request;
    if (!closing || last.empty()) return std::nullopt;
    Request request = std::move(last.front());
    last.pop_front();
    return request;
}

void ThreadedStore::Shared::take_batch() {
    tickets.clear();
    jobs.clear();
    for (std::size_t bytes = 0; jobs.size() < batch_jobs_max && bytes < batch_bytes_max;) {
        auto request = next();
        if (!request) return;
        bytes += weight(request->job);
        tickets.push_back(request->ticket);
        jobs.push_back(std::move(request->job));
    }
}

void ThreadedStore::Shared::run_taken() {
    auto results = run_batch(*database, jobs, broken);
    for (std::size_t i = 0; i < results.size(); ++i) {
        Outcome outcome{tickets[i], std::move(results[i])};
        if (!late.empty() || !outcomes.try_push(outcome)) late.push_back(std::move(outcome));
    }
    if (wake) wake();
    database->checkpoint_if_due();
}

/// Until there is something to do. Between the jobs of a burst there is no time for the index.
void ThreadedStore::Shared::rest() {
    if (!quiet && index_backlog() >= index_rows_due)
        quiet = !signal.wait_for(index_pause);
    else
        signal.wait();
}

/// What may take its time, in small pieces. True: there is more of it.
bool ThreadedStore::Shared::work_aside() {
    const bool more_backup = back_up_some();
    const bool more_index = index_due();
    return more_backup || more_index;
}

bool ThreadedStore::Shared::back_up_some() {
    const auto progress = backups.step(*database);
    if (progress == BackupSlot::Progress::answered && wake) wake();
    return progress == BackupSlot::Progress::more;
}

std::size_t ThreadedStore::Shared::index_backlog() {
    return store::index_backlog(database->connection()).value_or(0);
}

/// One group when nothing else waits; as many as have to be when the backlog would grow for ever.
bool ThreadedStore::Shared::index_due() {
    for (auto left = index_backlog(); left >= (quiet ? index_rows_due : index_rows_late);
         left = index_backlog()) {
        // Failed, as on a full disk: tried again behind the next jobs.
        const bool done = index_some(database->connection(), index_rows_max).has_value();
        database->checkpoint_if_due();
        if (!done || quiet) return done && quiet;
    }
    return false;
}

ThreadedStore::ThreadedStore(Database database, Wake wake)
    : shared_(std::make_unique<Shared>(std::move(database), std::move(wake))),
      local_(std::make_unique<Local>()) {}

ThreadedStore::~ThreadedStore() { stop_and_join(); }

void ThreadedStore::start() {
    assert(!local_->thread.joinable() && !local_->stopped);
    launch();
}

void ThreadedStore::launch() {
    local_->thread = std::thread([shared = shared_.get()] { shared->run(); });
}

void ThreadedStore::stop_and_join() {
    if (local_->stopped) return;
    local_->stopped = true;
    // Not through the queue: it keeps the order of one producing thread, and this may be another.
    shared_->last = std::move(local_->overflow);
    shared_->stopping.store(true, std::memory_order_release);
    if (!local_->thread.joinable()) launch();
    shared_->signal.set();
    local_->thread.join();
    local_->owner = {};
}

void ThreadedStore::submit(Job job, Continuation done) {
    assert_thread();
    const auto ticket = local_->next_ticket++;
    local_->waiting.push_back(std::move(done));
    if (local_->stopped) {
        shared_->late.push_back({ticket, tl::unexpected(store_closed())});
        return;
    }
    local_->overflow.push_back({ticket, std::move(job)});
    hand_over();
}

void ThreadedStore::back_up(Backup order, std::function<void(BackedUp)> done) {
    assert_thread();
    const auto ticket = local_->next_backup++;
    local_->backups.emplace(ticket, std::move(done));
    if (local_->stopped) return;
    shared_->backups.order(ticket, std::move(order));
    shared_->signal.set();
}

std::size_t ThreadedStore::backlog() const { return local_->waiting.size(); }

void ThreadedStore::hand_over() {
    bool handed = false;
    while (!local_->overflow.empty() && local_->in_flight < in_flight_max &&
           shared_->requests.try_push(local_->overflow.front())) {
        local_->overflow.pop_front();
        ++local_->in_flight;
        handed = true;
    }
    if (handed) shared_->signal.set();
}

void ThreadedStore::drain() {
    assert_thread();
    for (auto left = shared_->outcomes.size(); left > 0; --left) {
        auto outcome = shared_->outcomes.try_pop();
        if (!outcome) break;
        --local_->in_flight;
        complete(outcome->ticket, std::move(outcome->result));
    }
    complete_backups();
    if (!local_->stopped) return hand_over();
    for (auto& outcome : std::exchange(shared_->late, {}))
        complete(outcome.ticket, std::move(outcome.result));
}

void ThreadedStore::complete(std::uint64_t ticket, Result result) {
    assert(ticket == local_->next_ticket - local_->waiting.size());
    (void)ticket;
    Continuation done = std::move(local_->waiting.front());
    local_->waiting.pop_front();
    // While stopping the first piece is the answer: the next start goes on.
    if (auto rest = rest_of(result); rest && !local_->stopped)
        return submit(std::move(*rest), std::move(done));
    if (done) done(std::move(result));
}

void ThreadedStore::complete_backups() {
    for (auto& [ticket, result] : shared_->backups.take_answers()) {
        const auto done = local_->backups.extract(ticket);
        if (!done.empty() && done.mapped()) done.mapped()(std::move(result));
    }
    if (!local_->stopped) return;
    for (auto& [ticket, done] : std::exchange(local_->backups, {}))
        if (done) done(tl::unexpected(store_closed()));
}

void ThreadedStore::assert_thread() {
    if (local_->owner == std::thread::id{}) local_->owner = std::this_thread::get_id();
    assert(local_->owner == std::this_thread::get_id());
}

}  // namespace kith::store
