// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

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

std::uint32_t unread(Database& database, const PeerId& with) {
    for (const auto& one : get<Snapshot>(database.run(LoadAll{})).conversations)
        if (one.peer == with) return one.unread;
    return 0;
}

}  // namespace

TEST_CASE("a page is the newest messages, oldest first") {
    auto database = test::in_memory();
    fill(database, 10);
    const auto page = get<Page>(database.run(LoadPage{peer(1), 3, {}}));
    CHECK(texts(page) == std::vector<std::string>{"8", "9", "10"});
    CHECK(page.more);
}

TEST_CASE("pages backwards meet every message once") {
    auto database = test::in_memory();
    fill(database, 25);
    std::vector<std::string> all;
    std::optional<MessageId> before;
    for (bool more = true; more;) {
        const auto page = get<Page>(database.run(LoadPage{peer(1), 4, before}));
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
    CHECK(get<Page>(database.run(LoadPage{peer(9), 10, {}})).messages.empty());
    const auto exact = get<Page>(database.run(LoadPage{peer(1), 3, {}}));
    CHECK(exact.messages.size() == 3);
    CHECK_FALSE(exact.more);
    const auto none = get<Page>(database.run(LoadPage{peer(1), 0, {}}));
    CHECK(none.messages.empty());
    CHECK(none.more);
    const auto oldest = get<Page>(database.run(LoadPage{peer(1), 3, message_id(999)}));
    CHECK(oldest.messages.empty());
    CHECK_FALSE(oldest.more);
}

TEST_CASE("a page is at most a thousand messages") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 1001; ++i)
        get<Inserted>(database.run(InsertIncoming{message(peer(1), i)}));
    const auto page = get<Page>(database.run(LoadPage{peer(1), 1'000'000, {}}));
    CHECK(page.messages.size() == 1000);
    CHECK(page.more);
}

TEST_CASE("continuing from a message of nobody or of another conversation is an error") {
    auto database = test::in_memory();
    fill(database, 3);
    for (const auto& job :
         {LoadPage{peer(1), 3, message_id(1)}, LoadPage{peer(9), 3, message_id(999)}}) {
        const auto result = database.run(job);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::no_such_message);
    }
}

TEST_CASE("unread counts incoming messages up to the one that was read") {
    auto database = test::in_memory();
    fill(database, 10);
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 5000, "mine")}));
    CHECK(unread(database, peer(1)) == 10);
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 999)}));  // known already
    CHECK(unread(database, peer(1)) == 10);
    CHECK(get<Unread>(database.run(MarkRead{peer(1), message_id(1000 - 4)})).count == 6);
    CHECK(get<Unread>(database.run(MarkRead{peer(1), message_id(1000 - 2)})).count ==
          6);  // never goes back
    CHECK(unread(database, peer(1)) == 6);
    CHECK(unread(database, peer(2)) == 10);
    CHECK(get<Unread>(database.run(MarkRead{peer(1), message_id(5000)})).count ==
          0);  // up to one of ours
    CHECK(unread(database, peer(1)) == 0);
}

TEST_CASE("reading up to a message that is not there is an error") {
    auto database = test::in_memory();
    fill(database, 3);
    for (const auto& job : {MarkRead{peer(1), message_id(1)}, MarkRead{peer(9), message_id(1)}}) {
        const auto result = database.run(job);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::no_such_message);
    }
}
