// SPDX-License-Identifier: MIT
#include "app/store/direct_store.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::peer;

namespace {

std::size_t stored(Database& database) {
    return get<Page>(database.run(LoadPage{peer(1), 1000, {}, {}, {}})).messages.size();
}

}  // namespace

TEST_CASE("jobs wait until they are run, and answer in order") {
    auto database = test::in_memory();
    DirectStore store(database);
    std::vector<int> order;
    store.submit(InsertIncoming{message(peer(1), 1)}, [&](Result result) {
        CHECK(result);
        order.push_back(1);
        store.submit(InsertIncoming{message(peer(1), 3)}, [&](Result) { order.push_back(3); });
    });
    store.submit(InsertIncoming{message(peer(1), 2)}, [&](Result) { order.push_back(2); });
    CHECK(order.empty());
    CHECK(store.backlog() == 2);
    CHECK(stored(database) == 0);
    CHECK(store.run_pending() == 2);
    CHECK(order == std::vector{1, 2});
    CHECK(store.backlog() == 1);
    CHECK(store.run_all() == 1);
    CHECK(order == std::vector{1, 2, 3});
    CHECK(store.run_all() == 0);
}

TEST_CASE("a crash before the commit loses the jobs, one after it only the answers") {
    auto database = test::in_memory();
    DirectStore store(database);
    bool answered = false;
    const auto done = [&](Result) { answered = true; };
    store.submit(InsertIncoming{message(peer(1), 1)}, done);
    store.crash();
    CHECK(store.run_all() == 0);
    CHECK(stored(database) == 0);
    store.submit(InsertIncoming{message(peer(1), 2)}, done);
    store.commit_pending();
    CHECK(store.backlog() == 1);
    store.crash();
    CHECK(store.run_all() == 0);
    CHECK(stored(database) == 1);
    CHECK_FALSE(answered);
}

TEST_CASE("a crash from inside an answer drops the answers behind it") {
    auto database = test::in_memory();
    DirectStore store(database);
    int answers = 0;
    store.submit(PutMeta{"a", {}}, [&](Result) {
        ++answers;
        store.crash();
    });
    store.submit(PutMeta{"b", {}}, [&](Result) { ++answers; });
    store.run_all();
    CHECK(answers == 1);
}

TEST_CASE("what could not be stored breaks its session, until the next one or the next start") {
    auto database = test::in_memory();
    std::vector<Errc> refusals;
    const auto submit = [&](Store& store, std::uint64_t number, SessionNumber session) {
        store.submit(InsertIncoming{message(peer(1), number), session}, [&](Result result) {
            if (!result) refusals.push_back(result.error().code);
        });
    };
    DirectStore store(database);
    store.fail_writes(true);
    submit(store, 1, 5);
    store.run_all();
    store.fail_writes(false);
    submit(store, 2, 5);
    store.run_all();
    CHECK(refusals == std::vector{Errc::full, Errc::after_failure});
    CHECK(stored(database) == 0);
    submit(store, 1, 6);
    submit(store, 2, 6);
    store.run_all();
    CHECK(stored(database) == 2);
    store.fail_writes(true);
    submit(store, 3, 7);
    store.run_all();
    DirectStore next(database);  // counts sessions from the beginning
    submit(next, 3, 1);
    next.run_all();
    CHECK(refusals.size() == 3);
    CHECK(stored(database) == 3);
}

TEST_CASE("a job in pieces is answered once, and others do not wait for it") {
    auto database = test::in_memory();
    DirectStore store(database);
    for (std::uint64_t i = 1; i <= 1200; ++i)
        store.submit(InsertIncoming{message(peer(1), i)}, [](const Result&) {});
    store.run_all();
    std::vector<std::uint64_t> order;
    store.submit(DeleteConversation{peer(1), 5, {}}, [&](Result result) {
        const auto emptied = get<Emptied>(std::move(result));
        CHECK_FALSE(emptied.rest);
        order.push_back(emptied.removed);
    });
    store.submit(InsertIncoming{message(peer(1), 2000)},
                 [&](const Result&) { order.push_back(1); });
    store.run_all();
    CHECK(order == std::vector<std::uint64_t>{1, 1200});
    CHECK(stored(database) == 1);
}
