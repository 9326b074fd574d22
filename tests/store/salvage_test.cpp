// SPDX-License-Identifier: MIT
#include "app/store/salvage.hpp"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "app/store/backup.hpp"
#include "app/store/connection.hpp"
#include "app/store/database.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
namespace fs = std::filesystem;
using test::get;
using test::message;
using test::message_id;
using test::peer;

namespace {

constexpr std::size_t page = 4096;

struct Fixture {
    test::TempFolder folder;
    const std::string file = folder.file("damaged.db");
    const std::string saved = folder.file("history.db");
    test::Key key = test::key();
    std::string whole;  ///< the file before anything happened to it

    /// 3,000 messages in two conversations, and something in every table.
    void make() {
        auto database = test::open(file);
        get<Stored>(database.run(PutPeer{test::peer_row(1)}));
        get<Stored>(database.run(PutPeer{test::peer_row(2)}));
        get<Stored>(database.run(PutMeta{"settings", Blob(4, 2)}));
        REQUIRE(database.begin());
        for (std::uint64_t i = 1; i <= 3000; ++i) {
            auto one = message(peer(static_cast<std::uint8_t>(1 + i % 2)), i,
                               "message " + std::to_string(i) + std::string(200, '.'));
            if (i % 10 == 0)
                get<Inserted>(database.run(InsertOutgoing{one}));
            else
                get<Inserted>(database.run(InsertIncoming{one}));
        }
        get<Changed>(database.run(ReactOwn{message_id(5), message_id(9001), "\u2764", true, 9}));
        get<Gone>(database.run(RemoveLocally{message_id(7), 9}));
        REQUIRE(database.commit());
        get<Hits>(database.run(Search{"message", {}, 1, {}}));
        REQUIRE(database.checkpoint());
        whole = test::contents(file);
    }
    tl::expected<SalvageReport, Error> run() { return salvage({file, key, saved}); }
    SalvageReport succeed() {
        const auto report = run();
        if (!report) test::give_up(report.error());
        return *report;
    }
    std::set<MessageId> ids(const std::string& in) const {
        auto database = test::open(in);
        std::set<MessageId> found;
        auto query = database.connection().query("SELECT id FROM messages");
        while (query.step() == Step::row) found.insert(query.id<MessageId>(0));
        return found;
    }
    void flip(std::size_t number) const {
        auto bytes = whole;
        bytes[number * page + 2000] ^= 1;
        test::write_contents(file, bytes);
    }
    /// Pages by what they hold, as SQLite numbers them from 0.
    std::map<std::size_t, std::set<MessageId>> leaves() const;
};

/// Which messages lie on which page, found out by damaging each: those that cannot be read by
/// their own number any more.
std::map<std::size_t, std::set<MessageId>> Fixture::leaves() const {
    std::map<std::size_t, std::set<MessageId>> found;
    for (std::size_t number = 1; number < whole.size() / page; ++number) {
        flip(number);
        auto database = Database::open({file, key, false});
        if (!database) continue;
        std::set<MessageId> lost;
        for (std::uint64_t position = 1; position <= 3000; ++position) {
            auto query =
                database->connection().query("SELECT text FROM messages WHERE position = ?1");
            query.with(position);
            if (query.step() == Step::failed) lost.insert(message_id(position));
        }
        if (!lost.empty()) found[number] = std::move(lost);
    }
    test::write_contents(file, whole);
    return found;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "salvage: an undamaged history comes over whole") {
    make();
    const auto before = ids(file);
    const auto report = succeed();
    CHECK(report.messages == 2999);
    CHECK(report.peers == 2);
    CHECK(report.gaps == 0);
    CHECK(ids(saved) == before);
    auto a = test::open(file), b = test::open(saved);
    CHECK(test::newest(a, peer(1)) == test::newest(b, peer(1)));
    const auto waits_before = test::outbox(a, peer(1)), waits = test::outbox(b, peer(1));
    REQUIRE(waits.size() == waits_before.size());
    for (std::size_t i = 0; i < waits.size(); ++i) {
        CHECK(waits[i].id == waits_before[i].id);
        CHECK(waits[i].sequence == waits_before[i].sequence);
    }
    CHECK(get<Snapshot>(a.run(LoadAll{})).meta == get<Snapshot>(b.run(LoadAll{})).meta);
    CHECK(get<Snapshot>(a.run(LoadAll{})).peers == get<Snapshot>(b.run(LoadAll{})).peers);
    CHECK(get<Hits>(b.run(Search{"message 1234", {}, 5, {}})).hits.size() == 1);
    // What was removed does not come back, and no position is given twice.
    CHECK(get<Inserted>(b.run(InsertIncoming{message(peer(2), 7)})).duplicate);
    CHECK(get<Inserted>(b.run(InsertIncoming{message(peer(2), 5000)})).message.position == 3001);
}

TEST_CASE_METHOD(Fixture, "salvage: one bad page costs the messages on it and no others") {
    make();
    const auto all = ids(file);
    const auto pages = leaves();
    REQUIRE(pages.size() > 150);
    std::size_t tried = 0;
    for (const auto& [number, lost] : pages) {
        if (lost.size() > 100 || ++tried % 16 != 0) continue;  // the page above the others
        INFO("page " << number);
        flip(number);
        const auto report = succeed();
        CHECK(report.gaps >= 1);
        auto expected = all;
        for (const auto& id : lost) expected.erase(id);
        CHECK(report.messages == expected.size());
        CHECK(ids(saved) == expected);
        fs::remove(saved);
    }
    CHECK(tried > 100);
}

TEST_CASE_METHOD(Fixture, "salvage: a bad page above others costs no message") {
    make();
    const auto all = ids(file);
    std::size_t tried = 0;
    for (const auto& [number, below] : leaves()) {
        if (below.size() <= 100) continue;
        ++tried;
        INFO("page " << number);
        flip(number);
        CHECK(succeed().messages == all.size());
        CHECK(ids(saved) == all);
        fs::remove(saved);
    }
    CHECK(tried >= 1);
}

TEST_CASE_METHOD(Fixture, "salvage: any page may be bad, and many at once") {
    make();
    const auto pages = leaves();
    for (std::size_t number = 1; number < whole.size() / page; number += 9) {
        INFO("page " << number);
        flip(number);
        const auto report = run();
        const auto leaf = pages.find(number);
        const bool is_leaf = leaf != pages.end() && leaf->second.size() <= 100;
        const std::size_t lost = is_leaf ? leaf->second.size() : 0;
        if (!report) test::give_up(report.error());
        CHECK(report->messages >= 2999 - lost);
        CHECK(ids(saved).size() == report->messages);
        fs::remove(saved);
    }
    auto bytes = whole;
    std::set<MessageId> lost;
    std::size_t count = 0;
    for (const auto& [number, ids] : pages) {
        if (ids.size() > 100 || ++count % 4 != 0) continue;
        bytes[number * page + 17] ^= 0x80;
        lost.insert(ids.begin(), ids.end());
    }
    test::write_contents(file, bytes);
    CHECK(succeed().messages + lost.size() >= 2999);
}

TEST_CASE_METHOD(Fixture, "salvage: a file that was cut keeps what is in the part left") {
    make();
    const auto pages = leaves();
    for (const std::size_t kept :
         {whole.size() / page - 1, whole.size() / page * 3 / 4, whole.size() / page / 2}) {
        std::size_t lost = 0;
        for (const auto& [number, ids] : pages)
            if (number >= kept) lost += ids.size();
        test::write_contents(file, whole.substr(0, kept * page - 100));
        // The last page is cut, too.
        const auto last = pages.find(kept - 1);
        if (last != pages.end()) lost += last->second.size();
        const auto report = succeed();
        INFO("kept " << kept << " pages, " << report.messages << " messages");
        CHECK(report.messages + lost >= 2999);
        CHECK(report.messages > 0);
        fs::remove(saved);
    }
}

TEST_CASE_METHOD(Fixture, "salvage: what cannot be read at all, and what must not be touched") {
    make();
    SECTION("garbage") { test::write_contents(file, std::string(100'000, 'g')); }
    SECTION("empty") { test::write_contents(file, ""); }
    SECTION("the first page") { flip(0); }
    SECTION("another key") { key = test::key(9); }
    const auto bytes = test::contents(file);
    const auto refused = run();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::damaged);
    CHECK(refused.error().text.find(file) != std::string::npos);
    CHECK(test::contents(file) == bytes);
    for (const auto& entry : fs::directory_iterator(folder.path())) CHECK(entry.path() == file);
}

TEST_CASE_METHOD(Fixture, "salvage: never over a history that is there") {
    make();
    test::write_contents(saved, "mine");
    CHECK_FALSE(run());
    CHECK(test::contents(saved) == "mine");
}

TEST_CASE_METHOD(Fixture, "salvage: a file of a newer version is left alone") {
    make();
    {
        auto database = test::open(file);
        REQUIRE(database.connection().execute("PRAGMA user_version = 99;"));
    }
    const auto refused = run();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::newer_version);
    CHECK_FALSE(fs::exists(saved));
}

TEST_CASE_METHOD(Fixture, "salvage: the write-ahead log counts, and neither file is written") {
    make();
    std::string log;
    {
        auto database = test::open(file);
        get<Inserted>(database.run(InsertIncoming{message(peer(1), 5001, "in the log")}));
        log = test::contents(file + "-wal");
        whole = test::contents(file);
    }
    REQUIRE(log.size() > page);
    test::write_contents(file, whole);
    test::write_contents(file + "-wal", log);
    CHECK(succeed().messages == 3000);
    CHECK(test::contents(file) == whole);
    CHECK(test::contents(file + "-wal") == log);
    fs::remove(saved);
    // A log of garbage is no log.
    test::write_contents(file + "-wal", std::string(50'000, 'g'));
    CHECK(succeed().messages == 2999);
    for (const auto& entry : fs::directory_iterator(folder.path()))
        CHECK(entry.path().filename().string().find(".part") == std::string::npos);
}

namespace {

/// Offers in both directions: 1 to 40 ours, 41 to 80 theirs, each with a list.
void offer_files(const std::string& file) {
    auto database = test::open(file);
    get<Stored>(database.run(PutPeer{test::peer_row(1)}));
    REQUIRE(database.begin());
    for (std::uint64_t i = 1; i <= 80; ++i) {
        const auto row = test::offer(peer(1), i, i <= 40);
        const auto said = message(peer(1), i, row.name);
        const Blob list(700, static_cast<std::uint8_t>(i));
        if (i <= 40)
            get<Inserted>(database.run(InsertOutgoing{said, 100, row, list}));
        else
            get<Inserted>(database.run(InsertIncoming{said, 1, 100, row, list}));
    }
    REQUIRE(database.commit());
    REQUIRE(database.checkpoint());
}

/// What is one thing is there whole, or not at all.
void check_offers(const std::string& file) {
    auto database = test::open(file);
    const auto count = [&](const std::string& sql) {
        return database.connection().number(sql).value();
    };
    CHECK(count("SELECT count(*) FROM transfers t LEFT JOIN messages m ON m.id = t.id AND"
                " m.conversation = t.conversation WHERE m.id IS NULL;") == 0);
    CHECK(count("SELECT count(*) FROM transfers t LEFT JOIN manifests f ON f.id = t.id AND"
                " f.conversation = t.conversation WHERE t.listed <> (f.id IS NOT NULL);") == 0);
    CHECK(count("SELECT count(*) FROM manifests f LEFT JOIN transfers t ON t.id = f.id AND"
                " t.conversation = f.conversation WHERE t.id IS NULL;") == 0);
    CHECK(count("SELECT count(*) FROM outbox o LEFT JOIN transfers t ON t.id = o.id AND"
                " t.conversation = o.conversation WHERE (o.kind = 7) <> (t.id IS NOT NULL);") == 0);
    CHECK(count("SELECT count(*) FROM messages WHERE state = 1;") ==
          count("SELECT count(*) FROM outbox;"));
    for (const auto& row : get<Snapshot>(database.run(LoadAll{})).transfers) {
        const auto list = get<Manifest>(database.run(LoadManifest{row.peer, row.id})).manifest;
        CHECK(list == (row.listed ? Blob(700, row.manifest_hash.at(0)) : Blob{}));
    }
}

}  // namespace

TEST_CASE_METHOD(Fixture, "salvage: transfers come over with their lists") {
    offer_files(file);
    CHECK(succeed().gaps == 0);
    check_offers(saved);
    auto a = test::open(file), b = test::open(saved);
    CHECK(get<Snapshot>(b.run(LoadAll{})).transfers.size() == 80);
    CHECK(get<Snapshot>(a.run(LoadAll{})).transfers == get<Snapshot>(b.run(LoadAll{})).transfers);
    CHECK(test::newest(a, peer(1)) == test::newest(b, peer(1)));
    CHECK(test::outbox(b, peer(1)).size() == 40);
}

TEST_CASE_METHOD(Fixture, "salvage: offers of which a part is lost") {
    offer_files(file);
    const auto lose = [&](const std::string& table, int number) {
        auto database = test::open(file);
        REQUIRE(database.connection().execute("DELETE FROM " + table + " WHERE id = x'" +
                                              std::string(14, '0') + (number < 16 ? "0" : "") +
                                              (std::ostringstream{} << std::hex << number).str() +
                                              std::string(16, '0') + "';"));
        REQUIRE(database.connection().changes() == 1);
    };
    lose("messages", 1);
    lose("transfers", 2);
    lose("manifests", 3);
    lose("outbox", 4);
    lose("transfers", 50);
    lose("manifests", 51);
    succeed();
    check_offers(saved);
    auto database = test::open(saved);
    const auto shown = test::newest(database, peer(1));
    REQUIRE(shown.size() == 79);
    CHECK(shown[0].id == message_id(2));
    CHECK(shown[0].state == kith::model::MessageState::failed);
    CHECK_FALSE(shown[0].transfer);
    CHECK_FALSE(shown[1].transfer->listed);
    CHECK(shown[2].state == kith::model::MessageState::queued);
    CHECK(test::outbox(database, peer(1)).size() == 38);
    CHECK(test::outbox(database, peer(1)).back().id == message_id(4));
}

TEST_CASE_METHOD(Fixture, "salvage: any page of a history with offers may be bad") {
    offer_files(file);
    whole = test::contents(file);
    std::size_t succeeded = 0;
    for (std::size_t number = 1; number < whole.size() / page; ++number) {
        INFO("page " << number);
        flip(number);
        if (!run()) continue;
        ++succeeded;
        check_offers(saved);
        fs::remove(saved);
    }
    CHECK(succeeded > 40);
}

TEST_CASE_METHOD(Fixture, "salvage: a history of version 1, as it was released") {
    const test::Key ada = {0x74, 0xf0, 0xd2, 0x9e, 0x08, 0x9a, 0x96, 0xc6, 0x6a, 0x1d, 0x9e,
                           0x27, 0xc8, 0xe5, 0x21, 0xb4, 0x9c, 0x93, 0xa6, 0xab, 0x12, 0xeb,
                           0x36, 0x26, 0xeb, 0x88, 0xa5, 0xfe, 0x1d, 0xaa, 0x01, 0x0f};
    const std::string released = KITH_RELEASED_PROFILES "/v1-crashed/history.db";
    key = ada;
    fs::copy_file(released, file);
    fs::copy_file(released + "-wal", file + "-wal");
    const auto report = succeed();
    CHECK(report.messages == 14);
    CHECK(report.peers == 1);
    CHECK(report.gaps == 0);
    auto database = test::open(saved, ada);
    const auto them = get<Snapshot>(database.run(LoadAll{})).peers.at(0);
    CHECK(them.alias == "Benjamin");
    CHECK(test::outbox(database, them.id).size() == 2);
    CHECK(get<Hits>(database.run(Search{"\u672c\u8a9e", {}, 5, {}})).hits.size() == 1);
}
