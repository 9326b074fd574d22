// SPDX-License-Identifier: MIT
#include "app/host/worker.hpp"

#include <catch2/catch_test_macros.hpp>
#include <future>
#include <vector>

#include "tests/host/support.hpp"

using kith::host::Worker;
using kith::host::test::Pump;

TEST_CASE("tasks run one after the other on another thread, answers on ours") {
    Pump pump;
    std::vector<int> order;
    const auto here = std::this_thread::get_id();
    int wrong_thread = 0, answered = 0;
    for (int i = 0; i < 20; ++i) {
        REQUIRE(pump.worker.submit([&, i]() -> Worker::Answer {
            order.push_back(i);
            if (std::this_thread::get_id() == here) ++wrong_thread;
            return [&, i] {
                if (std::this_thread::get_id() != here || i != answered) ++wrong_thread;
                ++answered;
            };
        }));
    }
    pump.until([&] { return answered == 20; });
    CHECK(order.size() == 20);
    CHECK(std::is_sorted(order.begin(), order.end()));
    CHECK(wrong_thread == 0);
}

TEST_CASE("what waits is bounded until its answers are drained") {
    Pump pump;
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    std::size_t taken = 0, answered = 0;
    while (pump.worker.submit([opened, &answered] {
        opened.wait();
        return [&answered] { ++answered; };
    }))
        ++taken;
    CHECK(taken == Worker::tasks_max);
    gate.set_value();
    pump.until([&] { return answered == taken; });
    CHECK(pump.worker.submit([] { return Worker::Answer{}; }));
}

TEST_CASE("stopping ends what was submitted, and nothing after it") {
    Worker worker({});
    int done = 0, answered = 0;
    for (int i = 0; i < 10; ++i) {
        REQUIRE(worker.submit([&] {
            ++done;
            return [&] { ++answered; };
        }));
    }
    worker.stop_and_join();
    CHECK(done == 10);
    CHECK_FALSE(worker.submit([] { return Worker::Answer{}; }));
    CHECK(answered == 0);
    worker.drain();
    CHECK(answered == 10);
}

TEST_CASE("an answer may submit the next task") {
    Pump pump;
    int left = 100;
    std::function<void()> next = [&] {
        if (--left > 0) REQUIRE(pump.worker.submit([&] { return [&] { next(); }; }));
    };
    next();
    pump.until([&] { return left == 0; });
}
