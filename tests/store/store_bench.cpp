// SPDX-License-Identifier: MIT
//
// How many messages a second the store takes, and what encryption costs.
//   kith_store_bench [messages, 300000] [folder, the system's for temporary files]
// Messages carry 100 bytes of text and alternate between 100 conversations.
#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "app/store/batch.hpp"
#include "app/store/migrations.hpp"
#include "app/store/settings.hpp"
#include "app/store/storage_thread.hpp"
#include "tests/store/support.hpp"

namespace {

using namespace kith::store;
using Clock = std::chrono::steady_clock;

Message sample(std::uint64_t number) {
    static const std::string text(100, 'x');
    auto message = test::message(test::peer(static_cast<std::uint8_t>(number % 100)), number, text);
    for (std::size_t i = 8; i < 16; ++i)  // the random half of a UUIDv7
        message.id.bytes[i] =
            static_cast<std::uint8_t>((number * 0x9e3779b97f4a7c15U) >> (8 * (i - 8)));
    return message;
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void report(const char* what, std::uint64_t count, double seconds) {
    std::printf("%-44s %9.0f per second  (%.2f s)\n", what, static_cast<double>(count) / seconds,
                seconds);
}

template <typename MakeJob>
void measure_batches(const char* what, Database& database, std::uint64_t count, MakeJob make) {
    const auto start = Clock::now();
    for (std::uint64_t done = 0; done < count;) {
        std::vector<Job> jobs;
        for (; jobs.size() < batch_jobs_max && done < count; ++done) jobs.push_back(make(done));
        for (const auto& result : run_batch(database, jobs))
            if (!result) test::give_up(result.error());
        database.checkpoint_if_due();
    }
    report(what, count, seconds_since(start));
}

Database open_plain(const std::string& file) {
    auto connection = Connection::open(file, true);
    if (!connection) test::give_up(connection.error());
    auto ready = keep_untouched(**connection)
                     .and_then([&] { return apply_settings(**connection); })
                     .and_then([&] { return migrate(**connection, schema_steps()); });
    if (!ready) test::give_up(ready.error());
    return Database(std::move(*connection));
}

void measure_jobs(const char* name, Database database, std::uint64_t count) {
    std::printf("-- %s\n", name);
    measure_batches("InsertIncoming, groups of 2048", database, count,
                    [](std::uint64_t n) { return InsertIncoming{sample(n)}; });
    measure_batches("InsertOutgoing, groups of 2048", database, count,
                    [count](std::uint64_t n) { return InsertOutgoing{sample(count + n)}; });
    measure_batches("MarkDelivered, one id each", database, count, [count](std::uint64_t n) {
        const auto message = sample(count + n);
        return MarkDelivered{message.peer, {message.id}};
    });
    measure_batches("InsertIncoming, all duplicates", database, count,
                    [](std::uint64_t n) { return InsertIncoming{sample(n)}; });
    measure_batches("LoadPage of 100", database, 2000, [](std::uint64_t n) {
        return LoadPage{test::peer(static_cast<std::uint8_t>(n % 100)), 100, {}};
    });
    const auto start = Clock::now();
    for (int i = 0; i < 200; ++i)
        if (auto one =
                database.run(InsertIncoming{sample(3 * count + static_cast<std::uint64_t>(i))});
            !one)
            test::give_up(one.error());
    report("InsertIncoming, a commit each", 200, seconds_since(start));
}

/// From submit to continuation, with at most `window` jobs under way.
void measure_thread(const std::string& file, std::uint64_t count, std::uint64_t window) {
    std::mutex mutex;
    std::condition_variable condition;
    bool woken = false;
    ThreadedStore store(test::open(file), [&] {
        const std::lock_guard lock(mutex);
        woken = true;
        condition.notify_one();
    });
    store.start();
    const auto start = Clock::now();
    std::uint64_t submitted = 0, completed = 0;
    while (completed < count) {
        for (; submitted < count && submitted - completed < window; ++submitted)
            store.submit(InsertIncoming{sample(submitted)}, [&](Result result) {
                if (!result) test::give_up(result.error());
                ++completed;
            });
        std::unique_lock lock(mutex);
        condition.wait(lock, [&] { return std::exchange(woken, false); });
        lock.unlock();
        store.drain();
    }
    report(("thread, window of " + std::to_string(window)).c_str(), count, seconds_since(start));
    store.stop_and_join();
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 300'000;
    const test::TempFolder folder(argc > 2 ? argv[2] : "");
    measure_jobs("SQLCipher", test::open(folder.file("cipher.db")), count);
    measure_jobs("plain SQLite, for comparison only", open_plain(folder.file("plain.db")), count);
    std::printf("-- storage thread, SQLCipher\n");
    for (const std::uint64_t window : {1U, 64U, 1024U, 8192U, 16384U})
        measure_thread(folder.file(("thread" + std::to_string(window) + ".db").c_str()),
                       window == 1 ? 500 : count, window);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak resident memory %ld KiB\n", usage.ru_maxrss);
}
