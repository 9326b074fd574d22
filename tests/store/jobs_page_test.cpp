// SPDX-License-Identifier: MIT
#include <sqlcipher/sqlite3.h>

#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::message_id;
using test::peer;

namespace {

/// Two conversations, woven; ids of the first do not rise with the positions.
void fill(Database& database, std::uint64_t count) {
    for (std::uint64_t i = 1; i <= count; ++i) {
        get<Inserted>(database.run(InsertIncoming{message(peer(1), 1000 - i, std::to_string(i))}));
        get<Inserted>(database.run(InsertIncoming{message(peer(2), i, "other")}));
    }
}

std::vector<std::string> texts(const Page& page) {
    std::vector<std::string> out;
    for (const auto& one : page.messages) out.push_back(one.text);
    return out;
}

}  // namespace

TEST_CASE("a page is the newest messages, oldest first") {
    auto database = test::in_memory();
    fill(database, 10);
    const auto page = get<Page>(database.run(LoadPage{peer(1), 3, {}, {}, {}}));
    CHECK(texts(page) == std::vector<std::string>{"8", "9", "10"});
    CHECK(page.more);
}

TEST_CASE("pages backwards meet every message once") {
    auto database = test::in_memory();
    fill(database, 25);
    std::vector<std::string> all;
    std::optional<MessageId> before;
    for (bool more = true; more;) {
        const auto page = get<Page>(database.run(LoadPage{peer(1), 4, before, {}, {}}));
        REQUIRE_FALSE(page.messages.empty());
        const auto part = texts(page);
        all.insert(all.begin(), part.begin(), part.end());
        before = page.messages.front().id;
        more = page.more;
    }
    REQUIRE(all.size() == 25);
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == std::to_string(i + 1));
}

TEST_CASE("the bounds of pages") {
    auto database = test::in_memory();
    fill(database, 3);
    CHECK(get<Page>(database.run(LoadPage{peer(9), 10, {}, {}, {}})).messages.empty());
    const auto exact = get<Page>(database.run(LoadPage{peer(1), 3, {}, {}, {}}));
    CHECK(exact.messages.size() == 3);
    CHECK_FALSE(exact.more);
    const auto none = get<Page>(database.run(LoadPage{peer(1), 0, {}, {}, {}}));
    CHECK(none.messages.empty());
    CHECK(none.more);
    const auto oldest = get<Page>(database.run(LoadPage{peer(1), 3, message_id(999), {}, {}}));
    CHECK(oldest.messages.empty());
    CHECK_FALSE(oldest.more);
}

TEST_CASE("a page is at most a thousand messages") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 1001; ++i)
        get<Inserted>(database.run(InsertIncoming{message(peer(1), i)}));
    const auto page = get<Page>(database.run(LoadPage{peer(1), 1'000'000, {}, {}, {}}));
    CHECK(page.messages.size() == 1000);
    CHECK(page.more);
}

TEST_CASE("continuing from a message of nobody or of another conversation is an error") {
    auto database = test::in_memory();
    fill(database, 3);
    for (const auto& job : {LoadPage{peer(1), 3, message_id(1), {}, {}},
                            LoadPage{peer(9), 3, message_id(999), {}, {}}}) {
        const auto result = database.run(job);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::no_such_message);
    }
}

namespace {

Page load(Database& database, std::size_t limit, std::optional<MessageId> before,
          std::optional<MessageId> after, std::optional<MessageId> around) {
    return get<Page>(database.run(LoadPage{peer(1), limit, before, after, around}));
}

/// fill() gives the message with text "n" this id.
MessageId id_of(std::uint64_t n) { return message_id(1000 - n); }

struct Expectation {
    std::size_t limit;
    std::uint64_t around;
    std::uint64_t first, last;
    bool more, more_newer;
};

}  // namespace

TEST_CASE("pages forwards meet every message once, from the beginning on") {
    auto database = test::in_memory();
    fill(database, 25);
    std::vector<std::string> all;
    MessageId after;  // zeros: the beginning
    for (bool more = true; more;) {
        const auto page = load(database, 4, {}, after, {});
        REQUIRE_FALSE(page.messages.empty());
        CHECK(page.more == !all.empty());
        for (const auto& one : texts(page)) all.push_back(one);
        after = page.messages.back().id;
        more = page.more_newer;
    }
    REQUIRE(all.size() == 25);
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == std::to_string(i + 1));
    const auto behind = load(database, 4, {}, after, {});
    CHECK(behind.messages.empty());
    CHECK((behind.more && !behind.more_newer));
}

TEST_CASE("a page says whether there are newer ones") {
    auto database = test::in_memory();
    fill(database, 10);
    CHECK_FALSE(load(database, 3, {}, {}, {}).more_newer);
    const auto older = load(database, 3, id_of(8), {}, {});
    CHECK(texts(older) == std::vector<std::string>{"5", "6", "7"});
    CHECK((older.more && older.more_newer));
    const auto first = load(database, 3, id_of(4), {}, {});
    CHECK_FALSE(first.more);
    CHECK(first.more_newer);
    const auto none = load(database, 3, id_of(1), {}, {});
    CHECK(none.messages.empty());
    CHECK((!none.more && none.more_newer));
}

TEST_CASE("a page around a message has it in its middle, as far as there are messages") {
    auto database = test::in_memory();
    fill(database, 10);
    for (const auto& one :
         {Expectation{5, 5, 3, 7, true, true}, Expectation{4, 5, 3, 6, true, true},
          Expectation{1, 5, 5, 5, true, true}, Expectation{5, 1, 1, 5, false, true},
          Expectation{5, 2, 1, 5, false, true}, Expectation{5, 10, 6, 10, true, false},
          Expectation{5, 9, 6, 10, true, false}, Expectation{10, 5, 1, 10, false, false},
          Expectation{100, 10, 1, 10, false, false}}) {
        INFO(one.limit << " around " << one.around);
        const auto page = load(database, one.limit, {}, {}, id_of(one.around));
        REQUIRE(page.messages.size() == one.last - one.first + 1);
        CHECK(page.messages.front().text == std::to_string(one.first));
        CHECK(page.messages.back().text == std::to_string(one.last));
        CHECK(page.more == one.more);
        CHECK(page.more_newer == one.more_newer);
    }
}

TEST_CASE("paging goes on behind a message that was removed meanwhile") {
    auto database = test::in_memory();
    fill(database, 10);
    for (const auto n : {1, 5, 10})
        get<Gone>(database.run(RemoveLocally{id_of(static_cast<std::uint64_t>(n))}));
    CHECK(texts(load(database, 2, id_of(5), {}, {})) == std::vector<std::string>{"3", "4"});
    CHECK(texts(load(database, 2, {}, id_of(5), {})) == std::vector<std::string>{"6", "7"});
    CHECK(texts(load(database, 2, {}, {}, id_of(5))) == std::vector<std::string>{"4", "6"});
    const auto all = load(database, 100, {}, {}, id_of(10));
    CHECK(all.messages.size() == 7);
    CHECK((!all.more && !all.more_newer));
}

TEST_CASE("a page is at most some megabytes of text, but never without its first message") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 20; ++i)
        get<Inserted>(
            database.run(InsertIncoming{message(peer(1), i, std::string(1'000'000, 'x'))}));
    const auto page = load(database, 100, {}, {}, {});
    CHECK(page.messages.size() == 8);
    CHECK(page.messages.back().id == message_id(20));
    CHECK(page.more);
    const auto middle = load(database, 100, {}, {}, message_id(10));
    CHECK(middle.messages.size() == 8);
    CHECK(middle.messages[4].id == message_id(10));
    CHECK((middle.more && middle.more_newer));
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 30, std::string(9'000'000, 'x'))}));
    CHECK(load(database, 100, {}, {}, {}).messages.size() == 1);
}

TEST_CASE("a page of a long conversation touches few pages of the file, wherever it lies") {
    constexpr std::uint64_t many = 200'000;
    auto database = test::in_memory();
    REQUIRE(database.begin());
    for (std::uint64_t i = 1; i <= many; ++i)
        get<Inserted>(
            database.run(InsertIncoming{message(peer(1), i, "some text of usual length")}));
    REQUIRE(database.commit());
    auto* const handle = database.connection().handle();
    const auto touched = [&] {
        int hits = 0, misses = 0, ignored = 0;
        sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_HIT, &hits, &ignored, 1);
        sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_MISS, &misses, &ignored, 1);
        return hits + misses;
    };
    for (const auto at : {1UL, many / 2, many}) {
        touched();
        CHECK(load(database, 100, {}, {}, message_id(at)).messages.size() == 100);
        CHECK(touched() < 5000);
        CHECK(load(database, 100, message_id(at), {}, {}).messages.size() == (at > 1 ? 100 : 0));
        CHECK(touched() < 5000);
    }
    get<Snapshot>(database.run(LoadAll{}));
    touched();
    get<Changed>(
        database.run(ApplyEdit{peer(1), message_id(many / 3), message_id(1), 1, "edited"}));
    CHECK(touched() < 5000);
}
