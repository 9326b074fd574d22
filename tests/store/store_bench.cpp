// SPDX-License-Identifier: MIT
//
// How fast the store is, and what encryption and the search index cost.
//   kith_store_bench jobs|history|search|all [messages, 1000000] [folder, the system's for
//   temporary files]
// `jobs`: messages of 100 bytes in 100 conversations, a third of `messages` at most. `history` and
// `search`: that many texts made up from a seed (search_corpus.hpp) in one conversation, a tenth of
// them in 200 others.
#include <sqlcipher/sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <mutex>

#include "app/store/batch.hpp"
#include "app/store/migrations.hpp"
#include "app/store/search_index.hpp"
#include "app/store/settings.hpp"
#include "app/store/storage_thread.hpp"
#include "tests/store/search_corpus.hpp"
#include "tests/store/support.hpp"

namespace {

using namespace kith::store;
using test::Corpus;
using test::Language;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t seed = 1;
constexpr std::uint8_t big_conversation = 1, small_conversation = 201;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double per_message(std::uint64_t bytes, std::uint64_t count) {
    return static_cast<double>(bytes) / static_cast<double>(count);
}

void report(const char* what, std::uint64_t count, double seconds) {
    std::printf("%-44s %9.0f per second  (%.2f s)\n", what, static_cast<double>(count) / seconds,
                seconds);
}

void report(const char* what, std::vector<double> milliseconds, double hits = 0) {
    std::sort(milliseconds.begin(), milliseconds.end());
    const auto at = [&](double part) {
        return milliseconds[static_cast<std::size_t>(part *
                                                     static_cast<double>(milliseconds.size() - 1))];
    };
    std::printf("%-44s p50 %7.2f  p95 %7.2f  max %7.2f ms  hits %5.1f\n", what, at(0.5), at(0.95),
                at(1), hits);
}

template <typename Work>
double milliseconds_of(Work work) {
    const auto start = Clock::now();
    work();
    return seconds_since(start) * 1000;
}

void must(const Result& result) {
    if (!result) test::give_up(result.error());
}

std::int64_t number(Database& database, const std::string& sql) {
    const auto result = database.connection().number(sql);
    if (!result) test::give_up(result.error());
    return *result;
}

MessageId random_half(MessageId id, std::uint64_t number) {  // as a UUIDv7 has one
    for (std::size_t i = 8; i < 16; ++i)
        id.bytes[i] = static_cast<std::uint8_t>((number * 0x9e3779b97f4a7c15U) >> (8 * (i - 8)));
    return id;
}

Message sample(std::uint64_t number) {
    static const std::string text(100, 'x');
    auto message = test::message(test::peer(static_cast<std::uint8_t>(number % 100)), number, text);
    message.id = random_half(message.id, number);
    return message;
}

template <typename MakeJob>
void measure_batches(const char* what, Database& database, std::uint64_t count, MakeJob make) {
    const auto start = Clock::now();
    for (std::uint64_t done = 0; done < count;) {
        std::vector<Job> jobs;
        for (; jobs.size() < batch_jobs_max && done < count; ++done) jobs.push_back(make(done));
        for (const auto& result : run_batch(database, jobs)) must(result);
        database.checkpoint_if_due();
    }
    report(what, count, seconds_since(start));
}

/// The same schema without encryption.
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
    measure_batches("Acknowledged, one id each", database, count, [count](std::uint64_t n) {
        const auto message = sample(count + n);
        return Acknowledged{message.peer, {message.id}, 1};
    });
    measure_batches("InsertIncoming, all duplicates", database, count,
                    [](std::uint64_t n) { return InsertIncoming{sample(n)}; });
    measure_batches("LoadPage of 100", database, 2000, [](std::uint64_t n) {
        return LoadPage{test::peer(static_cast<std::uint8_t>(n % 100)), 100, {}, {}, {}};
    });
    const auto start = Clock::now();
    for (std::uint64_t i = 0; i < 200; ++i)
        must(database.run(InsertIncoming{sample(3 * count + i)}));
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
            store.submit(InsertIncoming{sample(submitted)}, [&](const Result& result) {
                must(result);
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

Message corpus_message(Corpus& corpus, std::uint64_t n) {
    std::uint8_t of = big_conversation;
    if (n % 11 == 0)
        of = static_cast<std::uint8_t>(n % 11'000 == 0 ? small_conversation : 2 + n % 199);
    auto message = test::message(test::peer(of), n + 1, corpus.text());
    message.id = random_half(message.id, n);
    return message;
}

/// Returns the bytes of all texts.
std::uint64_t fill(Database& database, Corpus& corpus, std::uint64_t count) {
    std::uint64_t bytes = 0;
    double making = 0;
    const auto start = Clock::now();
    for (std::uint64_t done = 0; done < count;) {
        std::vector<Job> jobs;
        making += milliseconds_of([&] {
            for (; jobs.size() < batch_jobs_max && done < count; ++done) {
                auto message = corpus_message(corpus, done);
                bytes += message.text.size();
                jobs.emplace_back(InsertIncoming{std::move(message)});
            }
        });
        for (const auto& result : run_batch(database, jobs)) must(result);
        database.checkpoint_if_due();
    }
    report("corpus, groups of 2048, not yet indexed", count, seconds_since(start) - making / 1000);
    return bytes;
}

std::uint64_t file_bytes(Database& database) {
    (void)database.checkpoint();
    return std::filesystem::file_size(database.file());
}

/// The history with its index, and what both take on disk.
void build(const std::string& file, std::uint64_t count) {
    auto database = test::open(file);
    Corpus corpus(seed);
    const auto text = fill(database, corpus, count);
    const auto without = file_bytes(database);
    const auto start = Clock::now();
    for (auto more = index_some(database.connection(), index_rows_max); more && *more;
         more = index_some(database.connection(), index_rows_max))
        database.checkpoint_if_due();
    report("indexing, a commit for 512", count, seconds_since(start));
    const auto with = file_bytes(database);
    std::printf(
        "bytes per message: text %.1f, file without index %.1f (%.2f times the text), "
        "with %.1f (%.2f)\n",
        per_message(text, count), per_message(without, count),
        static_cast<double>(without) / static_cast<double>(text), per_message(with, count),
        static_cast<double>(with) / static_cast<double>(text));
    std::vector<double> times;
    for (std::uint64_t i = 0; i < 500; ++i) {
        const auto one = corpus_message(corpus, count + i);
        times.push_back(milliseconds_of([&] { must(database.run(InsertIncoming{one})); }));
    }
    report("one more message, a commit each", std::move(times));
}

std::uint64_t resident_kib() {
    std::ifstream in("/proc/self/statm");
    std::uint64_t total = 0, resident = 0;
    in >> total >> resident;
    return resident * 4;
}

void measure_history(const std::string& file) {
    const LoadPage newest{test::peer(big_conversation), 100, {}, {}, {}};
    std::vector<double> cold, warm, middle;
    for (int i = 0; i < 20; ++i) {
        auto database = test::open(file);
        cold.push_back(milliseconds_of([&] { must(database.run(newest)); }));
        for (int k = 0; k < 10; ++k)
            warm.push_back(milliseconds_of([&] { must(database.run(newest)); }));
    }
    auto database = test::open(file);
    const auto last =
        static_cast<std::uint64_t>(number(database, "SELECT max(position) FROM messages"));
    Corpus dice(2);
    for (int i = 0; i < 200; ++i) {
        std::uint64_t n = dice.number(last - 1000);
        if (n % 11 == 0) ++n;
        LoadPage page = newest;
        page.around = random_half(test::message_id(n + 1), n);
        middle.push_back(milliseconds_of([&] { must(database.run(page)); }));
    }
    report("newest page, connection just opened", std::move(cold));
    report("newest page again", std::move(warm));
    report("page around a message anywhere", std::move(middle));

    const auto before = resident_kib();
    std::uint64_t most = before, seen = 0;
    LoadPage page = newest;
    const auto start = Clock::now();
    for (bool more = true; more && seen < 100'000;) {
        const auto got = test::get<Page>(database.run(page));
        seen += got.messages.size();
        page.before = got.messages.front().id;
        more = got.more;
        most = std::max(most, resident_kib());
    }
    report("scrolling back, pages of 100", seen, seconds_since(start));
    std::printf("resident memory: %llu KiB before, at most %llu KiB while scrolling\n",
                static_cast<unsigned long long>(before), static_cast<unsigned long long>(most));
}

std::string first_letters(const std::string& word, std::size_t letters) {
    std::size_t at = 0;
    for (; at < word.size() && letters > 0; --letters)
        for (++at; at < word.size() && (static_cast<unsigned char>(word[at]) & 0xC0) == 0x80;) ++at;
    return word.substr(0, at);
}

struct QueryClass {
    std::string name;
    std::function<std::string(Corpus&)> make;
    std::optional<std::uint8_t> of;
};

Language among(Corpus& corpus, std::size_t first, std::size_t count) {
    return static_cast<Language>(first + corpus.number(count));
}
Language any(Corpus& corpus) { return among(corpus, 0, test::language_count); }
Language spaced(Corpus& corpus) { return among(corpus, 0, 4); }
Language unspaced(Corpus& corpus) { return among(corpus, 4, 2); }

std::vector<QueryClass> query_classes() {
    std::vector<QueryClass> classes{
        {"a common word", [](Corpus& c) { return c.word(any(c), c.number(20)); }, {}},
        {"a word as often as written", [](Corpus& c) { return c.any_word(any(c)); }, {}},
        {"a rare word", [](Corpus& c) { return c.word(any(c), 10'000 + c.number(20'000)); }, {}},
        {"a word that is nowhere",
         [](Corpus& c) { return "zzxqy" + std::to_string(c.number(1000)); },
         {}},
    };
    for (std::size_t letters = 1; letters <= 6; ++letters)
        classes.push_back(
            {"while typing, letter " + std::to_string(letters),
             [letters](Corpus& c) { return first_letters(c.any_word(spaced(c)), letters); },
             {}});
    const std::vector<QueryClass> more{
        {"two common words",
         [](Corpus& c) {
             const auto l = spaced(c);
             return c.word(l, c.number(30)) + ' ' + c.word(l, c.number(30));
         },
         {}},
        {"two common words that rarely meet",
         [](Corpus& c) {
             return c.word(Language::english, c.number(10)) + ' ' +
                    c.word(among(c, 1, 3), c.number(10));
         },
         {}},
        {"a phrase of two words",
         [](Corpus& c) {
             const auto l = spaced(c);
             return '"' + c.any_word(l) + ' ' + c.any_word(l) + '"';
         },
         {}},
        {"two Han or Kana characters",
         [](Corpus& c) {
             const auto l = unspaced(c);
             return first_letters(c.any_word(l), 1) + first_letters(c.any_word(l), 1);
         },
         {}},
        {"a Chinese or Japanese word", [](Corpus& c) { return c.any_word(unspaced(c)); }, {}},
        {"a word in the largest conversation", [](Corpus& c) { return c.any_word(any(c)); },
         big_conversation},
        {"a word in a small conversation", [](Corpus& c) { return c.any_word(any(c)); },
         small_conversation},
        {"a common word in a small conversation",
         [](Corpus& c) { return c.word(any(c), c.number(20)); }, small_conversation},
    };
    classes.insert(classes.end(), more.begin(), more.end());
    return classes;
}

void measure_search(const std::string& file, int queries) {
    auto database = test::open(file);
    // Words are taken from the same vocabulary, but not as the texts were.
    Corpus corpus(seed);
    std::vector<double> all;
    for (const QueryClass& one : query_classes()) {
        std::vector<double> times;
        std::size_t hits = 0;
        for (int i = 0; i < queries; ++i) {
            Search search{one.make(corpus), {}, 50, {}};
            if (one.of) search.peer = test::peer(*one.of);
            times.push_back(milliseconds_of(
                [&] { hits += test::get<Hits>(database.run(search)).hits.size(); }));
        }
        all.insert(all.end(), times.begin(), times.end());
        report(one.name.c_str(), std::move(times), static_cast<double>(hits) / queries);
    }
    report("all of these", std::move(all));
}

/// What is compared with: the same texts in plain SQLite, looked through from the newest.
void measure_scan(const std::string& file, std::uint64_t count) {
    auto connection = Connection::open(file, true);
    if (!connection) test::give_up(connection.error());
    auto& plain = **connection;
    if (auto made = plain.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
                                  "CREATE TABLE texts (position INTEGER PRIMARY KEY, text TEXT);");
        !made)
        test::give_up(made.error());
    Corpus corpus(seed);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto text = corpus.text();
        if (!plain.query("INSERT INTO texts (text) VALUES (?1)").with(text).run())
            test::give_up(plain.error());
    }
    if (auto kept = plain.execute("COMMIT;"); !kept) test::give_up(kept.error());
    for (const bool common : {true, false}) {
        std::vector<double> times;
        for (int i = 0; i < 10; ++i) {
            const auto& word = corpus.word(any(corpus), common ? 5 : 20'000);
            const std::string pattern = '%' + word + '%';
            times.push_back(milliseconds_of([&] {
                auto query = plain.query(
                    "SELECT position, text FROM texts WHERE text LIKE ?1 ORDER BY position DESC "
                    "LIMIT 50");
                query.with(pattern);
                while (query.step() == Step::row) {
                }
            }));
        }
        report(common ? "yardstick: LIKE over plain SQLite, common" : "yardstick: LIKE, rare",
               std::move(times));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string part = argc > 1 ? argv[1] : "all";
    const std::uint64_t count = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
    const test::TempFolder folder(argc > 3 ? argv[3] : "");
    if (part == "jobs" || part == "all") {
        measure_jobs("SQLCipher", test::open(folder.file("cipher.db")), count / 3);
        measure_jobs("plain SQLite, for comparison only", open_plain(folder.file("plain.db")),
                     count / 3);
        std::printf("-- storage thread, SQLCipher\n");
        for (const std::uint64_t window : {1U, 64U, 1024U, 8192U, 16384U})
            measure_thread(folder.file(("thread" + std::to_string(window) + ".db").c_str()),
                           window == 1 ? 500 : count / 3, window);
    }
    if (part == "jobs") return 0;
    const auto history = folder.file("history.db");
    std::printf("-- a history of %llu messages, SQLCipher\n",
                static_cast<unsigned long long>(count * 11 / 10));
    build(history, count * 11 / 10);
    if (part != "search") measure_history(history);
    if (part != "history") {
        measure_search(history, 200);
        measure_scan(folder.file("scan.db"), count * 11 / 10);
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak resident memory %ld KiB\n", usage.ru_maxrss);
}
