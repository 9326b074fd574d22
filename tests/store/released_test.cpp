// SPDX-License-Identifier: MIT
//
// Files that released versions have written, opened by this one. What is in them: tests/released.
#include <sqlcipher/sqlite3.h>

#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "app/store/migrations.hpp"
#include "app/store/settings.hpp"
#include "tests/store/failing_disk.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using kith::model::MessageState;
using test::get;

namespace {

namespace fs = std::filesystem;

struct Profile {
    const char* folder;
    const char* key;
};
constexpr Profile crashed{"v1-crashed",
                          "74f0d29e089a96c66a1d9e27c8e521b49c93a6ab12eb3626eb88a5fe1daa010f"};
constexpr Profile clean{"v1-clean",
                        "902db00e8a84fda8ec4e5645da018ac8bd36b320f903a4cc8eb76c788b72b3b2"};

test::Key key_of(const Profile& profile) {
    const auto peer = kith::model::parse_peer_id(profile.key);  // 64 hex digits as well
    REQUIRE(peer);
    return peer->bytes;
}

/// A copy of a profile's history.
class Copy {
public:
    explicit Copy(const Profile& profile) : key_(key_of(profile)) {
        for (const auto* name : {"history.db", "history.db-wal"}) {
            const auto from = fs::path(KITH_RELEASED_PROFILES) / profile.folder / name;
            if (fs::exists(from)) fs::copy(from, folder_.path() / name);
        }
    }
    [[nodiscard]] std::string file() const { return folder_.file(); }
    [[nodiscard]] const test::Key& key() const { return key_; }
    [[nodiscard]] Database open() const { return test::open(file(), key_); }

private:
    test::TempFolder folder_;
    test::Key key_;
};

struct Said {
    std::string text;
    MessageState state;
    bool operator==(const Said&) const = default;
};

std::vector<Said> sayings(const std::vector<Message>& messages) {
    std::vector<Said> all;
    for (const auto& one : messages) all.push_back({one.text, one.state});
    return all;
}

PeerRow only_peer(Database& database) {
    const auto snapshot = get<Snapshot>(database.run(LoadAll{}));
    REQUIRE(snapshot.peers.size() == 1);
    return snapshot.peers[0];
}

std::vector<Said> conversation(MessageState of_ada, MessageState of_ben) {
    std::vector<Said> all;
    for (int i = 0; i < 8; ++i) all.push_back({"from Ada " + std::to_string(i), of_ada});
    all.push_back({"an answer, \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E too", of_ben});
    for (int i = 0; i < 3; ++i) all.push_back({"from Ben " + std::to_string(i), of_ben});
    return all;
}

void check_reply(const std::vector<Message>& messages) {
    REQUIRE(messages.size() > 8);
    CHECK(messages[8].reply_to == messages[2].id);
    REQUIRE(messages[8].quote);
    CHECK(messages[8].quote->text == "from Ada 2");
}

/// Everything the README says of Ada's profile.
void check_ada(Database& database) {
    const auto ben = only_peer(database);
    CHECK(ben.alias == "Benjamin");
    CHECK(ben.own_name == "Ben");
    CHECK(ben.verified);
    CHECK(ben.relation == Relation::contact);
    const auto snapshot = get<Snapshot>(database.run(LoadAll{}));
    bool dark = false;
    for (const auto& [name, value] : snapshot.meta)
        dark = dark || (name == "theme" && std::string(value.begin(), value.end()) == "dark");
    CHECK(dark);
    const auto messages = test::newest(database, ben.id);
    auto expected = conversation(MessageState::delivered, MessageState::received);
    expected.push_back({"waiting 0", MessageState::queued});
    expected.push_back({"waiting 1", MessageState::queued});
    CHECK(sayings(messages) == expected);
    check_reply(messages);
    CHECK(test::unread(database, ben.id) == 2);
    const auto entries = test::outbox(database, ben.id);
    REQUIRE(entries.size() == 2);
    CHECK((entries[0].text == "waiting 0" && entries[0].kind == Kind::text));
    CHECK(entries[1].id == messages[13].id);
    CHECK(entries[1].at == messages[13].at);
}

/// And of Ben's.
void check_ben(Database& database) {
    const auto ada = only_peer(database);
    CHECK(ada.own_name == "Ada");
    const auto messages = test::newest(database, ada.id);
    CHECK(sayings(messages) == conversation(MessageState::received, MessageState::delivered));
    check_reply(messages);
    CHECK(test::outbox(database, ada.id).empty());
}

/// Goes on with a migrated history as with any other.
void write_on(Database& database) {
    const auto with = only_peer(database).id;
    const auto old = test::newest(database, with);
    auto text = test::message(with, 0xfff0, "new");
    const auto added = get<Inserted>(database.run(InsertOutgoing{text}));
    CHECK(added.message.position > old.back().position);
    const auto own = std::find_if(old.begin(), old.end(), [](auto& one) { return one.outgoing; });
    CHECK(get<Changed>(database.run(EditOwn{own->id, test::message_id(0xfff1), "edited"}))
              .message->edited);
    CHECK(get<Delivered>(database.run(Acknowledged{with, {text.id}})).texts.size() == 1);
    CHECK(get<Unread>(database.run(MarkRead{with, text.id, {}})).count == 0);
    CHECK(test::newest(database, with).size() == old.size() + 1);
}

std::int64_t version_of(const Copy& copy) {
    auto connection = Connection::open(copy.file(), false);
    REQUIRE(connection);
    REQUIRE(
        apply_key(**connection, copy.key()).and_then([&] { return keep_untouched(**connection); }));
    return check_version(**connection, 1000).value();
}

}  // namespace

TEST_CASE("a history of version 1 that crashed loses nothing") {
    const Copy copy(crashed);
    {
        auto database = copy.open();
        check_ada(database);
    }
    auto database = copy.open();  // as stored
    check_ada(database);
    write_on(database);
    CHECK(database.connection().number("PRAGMA user_version;") ==
          static_cast<std::int64_t>(schema_steps().size()));
}

TEST_CASE("a history of version 1 that was closed loses nothing") {
    const Copy copy(clean);
    {
        auto database = copy.open();
        check_ben(database);
    }
    auto database = copy.open();
    check_ben(database);
    write_on(database);
}

TEST_CASE("a migrated history has the tables of a new one") {
    const Copy copy(crashed);
    auto migrated = copy.open();
    auto fresh = test::in_memory();
    const char* const schema =
        "SELECT group_concat(sql, char(10)) FROM (SELECT replace(sql, '\"', '') AS sql FROM"
        " sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name)";
    auto here = migrated.connection().query(schema);
    auto there = fresh.connection().query(schema);
    REQUIRE(here.step() == Step::row);
    REQUIRE(there.step() == Step::row);
    CHECK(here.text(0) == there.text(0));
    CHECK(here.text(0).size() > 1000);
    auto check = migrated.connection().query("PRAGMA integrity_check");
    REQUIRE(check.step() == Step::row);
    CHECK(check.text(0) == "ok");
    CHECK(migrated.connection().query("PRAGMA foreign_key_check").step() == Step::done);
}

TEST_CASE("a step that cannot be done leaves the file of version 1 byte for byte") {
    const Copy copy(clean);
    const auto before = test::contents(copy.file());
    {
        auto connection = Connection::open(copy.file(), false);
        REQUIRE(connection);
        REQUIRE(apply_key(**connection, copy.key())
                    .and_then([&] { return keep_untouched(**connection); })
                    .and_then([&] { return apply_settings(**connection); }));
        const std::string broken =
            std::string(schema_steps()[1]) + "INSERT INTO nowhere VALUES (1);";
        const char* const steps[] = {schema_steps()[0], broken.c_str()};
        CHECK_FALSE(migrate(**connection, steps));
    }
    CHECK(test::contents(copy.file()) == before);
    CHECK(version_of(copy) == 1);
    auto database = copy.open();
    check_ben(database);
}

TEST_CASE("a migration on a failing disk is done whole or not at all, wherever it fails") {
    std::size_t failures = 0;
    for (std::size_t at = 0;; ++at) {
        INFO("operation " << at);
        const Copy copy(crashed);
        test::FailingDisk disk(at % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_FSYNC);
        disk.fail_after(at);
        bool opened = false;
        {
            const auto database = Database::open({copy.file(), copy.key(), false});
            opened = database.has_value();
            if (!opened) {
                CHECK(database.error().text.find(copy.file()) != std::string::npos);
                ++failures;
            }
        }
        const bool failed = disk.failed();
        disk.repair();
        const auto version = version_of(copy);
        const auto newest = static_cast<std::int64_t>(schema_steps().size());
        CHECK((version >= 1 && version <= newest));
        if (opened) CHECK(version == newest);
        auto database = copy.open();
        check_ada(database);
        if (!failed) break;
        REQUIRE(at < 2000);
    }
    CHECK(failures > 20);
}
