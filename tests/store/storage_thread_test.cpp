// SPDX-License-Identifier: MIT
#include "app/store/storage_thread.hpp"

#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::peer;

namespace {

/// Stands for the network thread's loop: sleeps until woken, then drains.
class Loop {
public:
    void wake() {
        const std::lock_guard lock(mutex_);
        ++wakes_;
        condition_.notify_one();
    }
    /// Drains at each wake until `done`; false when that takes longer than 20 seconds.
    template <typename Predicate>
    bool run_until(ThreadedStore& store, Predicate done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done()) {
            std::unique_lock lock(mutex_);
            if (!condition_.wait_until(lock, deadline, [this] { return wakes_ > seen_; }))
                return false;
            seen_ = wakes_;
            lock.unlock();
            store.drain();
        }
        return true;
    }
    [[nodiscard]] std::size_t wakes() {
        const std::lock_guard lock(mutex_);
        return wakes_;
    }

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    std::size_t wakes_ = 0, seen_ = 0;
};

struct Fixture {
    test::TempFolder folder;
    Loop loop;
    ThreadedStore store{test::open(folder.file()), [this] { loop.wake(); }};

    std::size_t stored() {
        auto database = test::open(folder.file());
        return get<Page>(database.run(LoadPage{peer(1), 1000, {}, {}, {}})).messages.size();
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "jobs complete in the order they were submitted, never inside submit") {
    store.start();
    std::vector<std::uint64_t> order;
    bool submitting = false;
    for (std::uint64_t i = 0; i < 500; ++i) {
        submitting = true;
        store.submit(InsertIncoming{message(peer(1), i)}, [&, i](Result result) {
            CHECK_FALSE(submitting);
            CHECK(get<Inserted>(std::move(result)).message.position == i + 1);
            order.push_back(i);
        });
        submitting = false;
    }
    CHECK(order.empty());
    CHECK(store.backlog() == 500);
    REQUIRE(loop.run_until(store, [&] { return order.size() == 500; }));
    CHECK(store.backlog() == 0);
    for (std::uint64_t i = 0; i < 500; ++i) CHECK(order[i] == i);
    CHECK(loop.wakes() < 500);  // groups
}

TEST_CASE_METHOD(Fixture, "more jobs than fit between the threads wait their turn") {
    constexpr std::uint64_t many = 30'000;
    std::uint64_t next = 0;
    bool in_order = true;
    for (std::uint64_t i = 0; i < many; ++i)
        store.submit(PutMeta{"key", Blob(8)},
                     [&, i](Result result) { in_order = in_order && result && i == next++; });
    CHECK(store.backlog() == many);
    store.start();
    REQUIRE(loop.run_until(store, [&] { return next == many; }));
    CHECK(in_order);
}

TEST_CASE_METHOD(Fixture, "what a continuation submits is done as well") {
    store.start();
    int left = 50;
    std::function<void(Result)> again = [&](Result result) {
        CHECK(result);
        if (--left > 0)
            store.submit(InsertIncoming{message(peer(1), static_cast<std::uint64_t>(left))}, again);
    };
    store.submit(InsertIncoming{message(peer(1), 1000)}, again);
    REQUIRE(loop.run_until(store, [&] { return left == 0; }));
}

TEST_CASE_METHOD(Fixture, "an answer means that it is on the disk") {
    store.start();
    bool answered = false;
    store.submit(InsertIncoming{message(peer(1), 1)},
                 [&](Result result) { answered = result.has_value(); });
    REQUIRE(loop.run_until(store, [&] { return answered; }));
    namespace fs = std::filesystem;  // a copy is what a crash would leave
    fs::copy(folder.file(), folder.file("copy.db"));
    fs::copy(folder.file() + "-wal", folder.file("copy.db-wal"));
    auto copy = test::open(folder.file("copy.db"));
    CHECK(get<Page>(copy.run(LoadPage{peer(1), 10, {}, {}, {}})).messages.size() == 1);
}

TEST_CASE_METHOD(Fixture, "stopping completes everything that was submitted, and empties the log") {
    constexpr std::uint64_t many = 20'000;  // more than fit between the threads
    std::uint64_t answers = 0;
    store.start();
    for (std::uint64_t i = 0; i < many; ++i)
        store.submit(InsertIncoming{message(peer(static_cast<std::uint8_t>(1 + i / 500)), i)},
                     [&, i](Result result) {
                         CHECK(result);
                         CHECK(i == answers++);
                     });
    store.stop_and_join();
    CHECK_FALSE(std::filesystem::exists(folder.file() + "-wal"));
    CHECK(answers == 0);
    store.drain();
    CHECK(answers == many);
    CHECK(store.backlog() == 0);
    CHECK(stored() == 500);
}

TEST_CASE_METHOD(Fixture, "a store that never started still completes what it was given") {
    store.submit(InsertIncoming{message(peer(1), 1)}, {});
    store.stop_and_join();
    CHECK(stored() == 1);
}

TEST_CASE_METHOD(Fixture, "another thread may stop it once the network thread has ended") {
    store.start();
    std::thread([&] {
        for (std::uint64_t i = 0; i < 700; ++i)
            store.submit(InsertIncoming{message(peer(1), i)}, {});
    }).join();
    store.stop_and_join();
    store.stop_and_join();  // again: nothing to do
    store.drain();
    CHECK(store.backlog() == 0);
    CHECK(stored() == 700);
}

TEST_CASE_METHOD(Fixture, "after the end every job is answered with an error") {
    store.start();
    store.stop_and_join();
    Result answer = Stored{};
    store.submit(PutMeta{"a", {}}, [&](Result result) { answer = std::move(result); });
    CHECK(answer.has_value());
    store.drain();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::io);
}

TEST_CASE("a store can be destroyed with answers nobody took") {
    const test::TempFolder folder;
    {
        ThreadedStore store(test::open(folder.file()), {});
        store.start();
        for (std::uint64_t i = 0; i < 100; ++i)
            store.submit(InsertIncoming{message(peer(1), i)},
                         [](Result) { FAIL("nobody drains"); });
    }
    auto database = test::open(folder.file());
    CHECK(get<Page>(database.run(LoadPage{peer(1), 1000, {}, {}, {}})).messages.size() == 100);
}

TEST_CASE_METHOD(Fixture, "an error crosses as a value") {
    store.start();
    Result answer = Stored{};
    bool answered = false;
    store.submit(MarkRead{peer(1), test::message_id(1), {}}, [&](Result result) {
        answer = std::move(result);
        answered = true;
    });
    REQUIRE(loop.run_until(store, [&] { return answered; }));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::no_such_message);
}

TEST_CASE_METHOD(Fixture, "what a peer said after something that failed is not stored") {
    {
        auto database = test::open(folder.file("refusing.db"));
        REQUIRE(database.connection().execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN NEW.text = 'bad' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END;"));
    }
    ThreadedStore refusing(test::open(folder.file("refusing.db")), [this] { loop.wake(); });
    refusing.start();
    std::vector<bool> answers;
    const auto submit = [&](std::uint64_t number, const char* text, SessionNumber session) {
        refusing.submit(InsertIncoming{message(peer(1), number, text), session},
                        [&](Result result) { answers.push_back(result.has_value()); });
    };
    submit(1, "bad", 1);
    REQUIRE(loop.run_until(refusing, [&] { return answers.size() == 1; }));
    submit(2, "good", 1);  // in a later batch
    REQUIRE(loop.run_until(refusing, [&] { return answers.size() == 2; }));
    submit(2, "good", 2);
    REQUIRE(loop.run_until(refusing, [&] { return answers.size() == 3; }));
    CHECK(answers == std::vector{false, false, true});
}

TEST_CASE_METHOD(Fixture, "a job in pieces is answered once, and others do not wait for it") {
    for (std::uint64_t i = 1; i <= 1200; ++i)
        store.submit(InsertIncoming{message(peer(1), i)}, nullptr);
    std::vector<std::uint64_t> order;
    store.submit(DeleteConversation{peer(1), 5, {}},
                 [&](Result result) { order.push_back(get<Emptied>(std::move(result)).removed); });
    store.submit(InsertIncoming{message(peer(1), 2000)},
                 [&](const Result&) { order.push_back(1); });
    store.start();
    REQUIRE(loop.run_until(store, [&] { return order.size() == 2; }));
    CHECK(order == std::vector<std::uint64_t>{1, 1200});
    store.stop_and_join();
    CHECK(stored() == 1);
}

TEST_CASE_METHOD(Fixture,
                 "a job in pieces that the end comes into is answered, and not gone on with") {
    for (std::uint64_t i = 1; i <= 1200; ++i)
        store.submit(InsertIncoming{message(peer(1), i)}, nullptr);
    int answers = 0;
    store.submit(DeleteConversation{peer(1), 5, {}}, [&](Result result) {
        CHECK(result);
        ++answers;
    });
    store.stop_and_join();
    store.drain();
    CHECK(answers == 1);
    CHECK(stored() == 700);
    auto database = test::open(folder.file());
    CHECK(get<Pruned>(database.run(Prune{6, 0, 500})).more);
}
