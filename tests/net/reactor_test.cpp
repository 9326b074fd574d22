// SPDX-License-Identifier: MIT
#include "net/reactor.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <future>
#include <thread>
#include <vector>

using kith::net::Reactor;

TEST_CASE("tasks run on the loop's thread, in order") {
    Reactor reactor;
    bool inline_task = false;
    reactor.run_and_wait([&] { inline_task = true; });  // not started: here and now
    CHECK(inline_task);
    reactor.start();
    CHECK_FALSE(reactor.on_thread());
    std::vector<int> order;
    for (int i = 0; i < 100; ++i) {
        reactor.run_and_wait([&, i] {
            CHECK(reactor.on_thread());
            order.push_back(i);
        });
    }
    CHECK(order.size() == 100);
    CHECK(std::is_sorted(order.begin(), order.end()));
    reactor.stop_and_join();
    reactor.wake();  // harmless after the end
}

TEST_CASE("wakes reach every handler, and handlers may remove themselves and others") {
    Reactor reactor;
    std::promise<void> woken;
    int first = 0;
    int second = 0;
    Reactor::HandlerId other = 0;
    Reactor::HandlerId self = 0;
    self = reactor.add_wake_handler([&] {
        ++first;
        reactor.remove_wake_handler(self);
        reactor.remove_wake_handler(other);
        woken.set_value();
    });
    other = reactor.add_wake_handler([&] { ++second; });
    reactor.start();
    reactor.wake();
    woken.get_future().wait();
    reactor.run_and_wait([] {});
    reactor.wake();
    reactor.run_and_wait([] {});
    reactor.stop_and_join();
    CHECK(first == 1);
    CHECK(second == 0);
}

TEST_CASE("wakes from many threads are not lost") {
    Reactor reactor;
    std::atomic<int> posted{0};
    std::promise<void> seen_all;
    bool done = false;
    reactor.add_wake_handler([&] {
        if (!done && posted == 4000) {
            done = true;
            seen_all.set_value();
        }
    });
    reactor.start();
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 1000; ++i) {
                ++posted;
                reactor.wake();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(seen_all.get_future().wait_for(std::chrono::seconds{5}) == std::future_status::ready);
    reactor.stop_and_join();
}

TEST_CASE("an alarm wakes once, and a later one takes its place") {
    Reactor reactor;
    std::promise<void> rung;
    int wakes = 0;
    reactor.add_wake_handler([&] {
        if (++wakes == 1) rung.set_value();
    });
    reactor.start();
    reactor.run_and_wait([&] {
        wakes = -1;  // the wake of this task itself
        reactor.wake_after(std::chrono::hours{24});
        reactor.wake_after(std::chrono::milliseconds{1});
    });
    CHECK(rung.get_future().wait_for(std::chrono::seconds{10}) == std::future_status::ready);
    reactor.run_and_wait([&] { reactor.wake_after(std::chrono::hours{24}); });
    reactor.stop_and_join();  // with an alarm that has not rung
    CHECK(wakes <= 3);        // the alarm once; the second task and the stop
}
