// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::peer;
using test::peer_row;

TEST_CASE("a peer comes back as it was put in, and is replaced as a whole") {
    const test::TempFolder folder;
    auto row = peer_row(3);
    {
        auto database = test::open(folder.file());
        get<Stored>(database.run(PutPeer{row}));
        get<Stored>(database.run(PutPeer{peer_row(1)}));
    }
    {
        auto database = test::open(folder.file());
        CHECK(get<Snapshot>(database.run(LoadAll{})).peers == std::vector{peer_row(1), row});
        row.relation = Relation::removed;
        row.blocked = true;
        row.verified = false;
        row.alias = row.greeting = "";
        row.dial_token.clear();
        row.addresses = {{Blob{10, 0, 0, 1}, 1}};
        get<Stored>(database.run(PutPeer{row}));
    }
    auto database = test::open(folder.file());
    CHECK(get<Snapshot>(database.run(LoadAll{})).peers == std::vector{peer_row(1), row});
}

TEST_CASE("addresses keep their order; those after the sixteenth are left out") {
    auto database = test::in_memory();
    auto row = peer_row(3);
    row.addresses.clear();
    for (std::uint16_t i = 0; i < 20; ++i)
        row.addresses.push_back({Blob{9, 9, 9, 9}, static_cast<std::uint16_t>(20 - i)});
    get<Stored>(database.run(PutPeer{row}));
    row.addresses.resize(16);
    CHECK(get<Snapshot>(database.run(LoadAll{})).peers == std::vector{row});
}

TEST_CASE("a peer whose addresses cannot be written stays as it was") {
    auto database = test::in_memory();
    get<Stored>(database.run(PutPeer{peer_row(3)}));
    REQUIRE(
        database.connection().execute("CREATE TRIGGER refuse BEFORE INSERT ON peer_addresses WHEN "
                                      "NEW.rank = 1 BEGIN SELECT RAISE(ABORT, 'no'); END;"));
    auto changed = peer_row(3);
    changed.own_name = "Eve";
    CHECK_FALSE(database.run(PutPeer{changed}));
    CHECK(get<Snapshot>(database.run(LoadAll{})).peers == std::vector{peer_row(3)});
}

TEST_CASE("values of the profile are kept by key") {
    auto database = test::in_memory();
    get<Stored>(database.run(PutMeta{"theme", Blob{1}}));
    get<Stored>(database.run(PutMeta{"empty", {}}));
    get<Stored>(database.run(PutMeta{"theme", Blob{2, 0, 3}}));
    CHECK(get<Snapshot>(database.run(LoadAll{})).meta ==
          decltype(Snapshot::meta){{"empty", {}}, {"theme", Blob{2, 0, 3}}});
}

TEST_CASE("conversations are summed up by their newest message") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 50, "old")}));
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 2, "of one")}));
    get<Inserted>(database.run(InsertOutgoing{message(peer(2), 3, "newest")}));
    const auto snapshot = get<Snapshot>(database.run(LoadAll{}));
    REQUIRE(snapshot.conversations.size() == 2);
    CHECK(snapshot.conversations[0].peer == peer(1));
    CHECK(snapshot.conversations[0].unread == 1);
    CHECK(snapshot.conversations[1].last_text == "newest");
    CHECK(snapshot.conversations[1].last_activity == message(peer(2), 3).at);
    CHECK(snapshot.conversations[1].unread == 1);
}

TEST_CASE("a conversation without messages is listed for its timer only") {
    auto database = test::in_memory();
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 1)}));
    get<Gone>(database.run(RemoveLocally{test::message_id(1)}));
    get<Timers>(database.run(SetTimer{peer(2), test::message_id(2), 60}));
    get<Timers>(database.run(ApplyTimer{peer(3), test::message_id(3), 1, 30}));
    const auto conversations = get<Snapshot>(database.run(LoadAll{})).conversations;
    REQUIRE(conversations.size() == 2);
    CHECK(conversations[0].peer == peer(2));
    CHECK(conversations[0].timer_mine == 60);
    CHECK(conversations[0].last_text.empty());
    CHECK(conversations[1].timer_theirs == 30);
}

TEST_CASE("a preview is cut between characters") {
    auto database = test::in_memory();
    std::string text = "x";
    while (text.size() < 300) text += "\xF0\x9F\x90\xA6";
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, text)}));
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 1, std::string(200, 'y'))}));
    get<Inserted>(
        database.run(InsertIncoming{message(peer(3), 1, std::string(300, '\x80'))}));  // not UTF-8
    const auto snapshot = get<Snapshot>(database.run(LoadAll{}));
    CHECK(snapshot.conversations[0].last_text == text.substr(0, 197));
    CHECK(snapshot.conversations[1].last_text.size() == 200);
    CHECK(snapshot.conversations[2].last_text.empty());
}
