// SPDX-License-Identifier: MIT
#include "app/host/history.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/profile/profile_folder.hpp"
#include "app/store/connection.hpp"
#include "tests/host/support.hpp"
#include "tests/profile/interrupted_calls.hpp"

using namespace kith;
using namespace kith::host;
using profile::test::InterruptedCalls;
namespace fs = std::filesystem;

namespace {

constexpr model::Timestamp now = 1'767'323'045'678;
constexpr const char* aside_name = "history-damaged-20260102T030405Z.db";
constexpr std::uint32_t count = 2000;
constexpr int calls_max = 40;

struct Fixture {
    test::TempFolder folder;
    profile::ProfilePaths paths = folder.profile();
    fs::path aside = paths.folder / aside_name;

    Fixture() {
        REQUIRE(profile::create_folder(paths));
        test::make_history(paths.database(), count);
    }
    auto open(bool set_aside = false) const {
        return open_history({paths, false, set_aside, now}, test::database_key());
    }
    [[nodiscard]] std::string open_code() const {
        const auto opened = open();
        if (opened) return "ok";
        INFO(opened.error().text);
        CHECK(opened.error().text.find(paths.database().string()) != std::string::npos);
        return opened.error().code;
    }
    /// Page `number` from 0 becomes unreadable.
    void damage_page(std::size_t number) const {
        auto bytes = test::contents(paths.database());
        REQUIRE(bytes.size() > number * 4096 + 200);
        bytes[number * 4096 + 200] = static_cast<char>(bytes[number * 4096 + 200] ^ 1);
        test::write_contents(paths.database(), bytes);
    }
    [[nodiscard]] std::vector<std::string> texts() const {
        return test::texts_of(paths.database(), test::database_key());
    }
};

bool subset(const std::vector<std::string>& some) {
    const auto all = test::numbered_texts(count);
    auto at = all.begin();
    for (const auto& text : some) {
        at = std::find(at, all.end(), text);
        if (at == all.end()) return false;
        ++at;
    }
    return true;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a sound history opens without a word") {
    const auto opened = open();
    REQUIRE(opened);
    CHECK(opened->notices.empty());
}

TEST_CASE_METHOD(Fixture, "a missing history begins anew and says so, unless the profile is new") {
    fs::remove(paths.database());
    {
        const auto fresh = open_history({paths, true, false, now}, test::database_key());
        REQUIRE(fresh);
        CHECK(fresh->notices.empty());
    }
    fs::remove(paths.database());
    const auto opened = open();
    REQUIRE(opened);
    REQUIRE(opened->notices.size() == 1);
    CHECK(opened->notices[0].find("begins anew") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a damaged history is refused and stays as it is, byte for byte") {
    const auto good = test::contents(paths.database());
    std::string damaged;
    SECTION("garbage") { damaged = std::string(50'000, 'g'); }
    SECTION("too short") { damaged = good.substr(0, 100); }
    SECTION("its first page") {
        damaged = good;
        damaged[1000] = static_cast<char>(damaged[1000] ^ 1);
    }
    test::write_contents(paths.database(), damaged);
    CHECK(open_code() == "damaged");
    CHECK(test::contents(paths.database()) == damaged);
    CHECK(test::names_in(paths.folder) == std::vector<std::string>{"history.db"});
}

TEST_CASE_METHOD(Fixture, "set aside, the damaged file is kept and what can be read taken over") {
    const auto pages = test::contents(paths.database()).size() / 4096;
    damage_page(pages / 2);
    const auto damaged = test::contents(paths.database());
    const auto opened = open(true);
    REQUIRE(opened);
    REQUIRE(opened->notices.size() == 1);
    CHECK(opened->notices[0].find(aside.string()) != std::string::npos);
    CHECK(test::contents(aside) == damaged);
    CHECK_FALSE(fs::exists(paths.aside_marker()));
}

TEST_CASE_METHOD(Fixture, "most of a history survives one bad page") {
    damage_page(test::contents(paths.database()).size() / 4096 / 2);
    REQUIRE(set_history_aside(paths, test::database_key(), now));
    const auto kept = texts();
    CHECK(kept.size() > count / 2);
    CHECK(subset(kept));
}

TEST_CASE_METHOD(Fixture, "when nothing can be read the history begins anew and says so") {
    test::write_contents(paths.database(), std::string(50'000, 'g'));
    const auto opened = open(true);
    REQUIRE(opened);
    REQUIRE(opened->notices.size() == 1);
    CHECK(opened->notices[0].find("begins anew") != std::string::npos);
    CHECK(test::contents(aside) == std::string(50'000, 'g'));
}

TEST_CASE_METHOD(Fixture, "nothing is ever renamed over") {
    test::write_contents(aside, "an earlier one");
    test::write_contents(paths.folder / "history-damaged-20260102T030405Z-2.db-wal", "its log");
    test::write_contents(paths.database(), "garbage");
    test::write_contents(paths.database().string() + "-wal", "the log");
    REQUIRE(set_history_aside(paths, test::database_key(), now));
    CHECK(test::contents(aside) == "an earlier one");
    const auto third = paths.folder / "history-damaged-20260102T030405Z-3.db";
    CHECK(test::contents(third) == "garbage");
    CHECK(test::contents(third.string() + "-wal") == "the log");
}

TEST_CASE_METHOD(Fixture, "a history of a newer version is not set aside") {
    {
        auto database =
            store::Database::open({paths.database().string(), test::database_key(), false});
        REQUIRE(database);
        REQUIRE(database->connection().execute("PRAGMA user_version = 9999;"));
        REQUIRE(database->checkpoint());
    }
    const auto before = test::contents(paths.database());
    CHECK(open_code() == "newer_version");
    const auto opened = open(true);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == "newer_version");
    CHECK(test::contents(paths.database()) == before);
    for (const auto& name : test::names_in(paths.folder)) CHECK(name.starts_with("history.db"));
}

TEST_CASE_METHOD(Fixture, "there is nothing to set aside where there is no history") {
    fs::remove(paths.database());
    const auto kept = set_history_aside(paths, test::database_key(), now);
    REQUIRE(kept);
    CHECK(kept->empty());
    CHECK(fs::is_empty(paths.folder));
}

TEST_CASE_METHOD(Fixture, "setting aside that dies at any moment is ended by the next start") {
    damage_page(test::contents(paths.database()).size() / 4096 / 2);
    test::write_contents(paths.database().string() + "-wal", "a log that cannot be read");
    const auto damaged = test::contents(paths.database());
    const auto log = test::contents(paths.database().string() + "-wal");
    bool before = false, between = false;
    for (int call = 0;; ++call) {
        REQUIRE(call < calls_max);
        INFO("dies at call " << call);
        const int end = profile::test::in_another_process([&] {
            const InterruptedCalls calls(call, InterruptedCalls::End::die);
            return set_history_aside(paths, test::database_key(), now, calls).has_value();
        });
        REQUIRE((end == 0 || end == 9));
        if (fs::exists(paths.aside_marker())) {
            between = true;
            const auto opened = open();
            REQUIRE(opened);
            REQUIRE(opened->notices.size() == 1);
            CHECK(opened->notices[0].find(aside.string()) != std::string::npos);
        }
        CHECK_FALSE(fs::exists(paths.aside_marker()));
        if (fs::exists(aside)) {
            CHECK(test::contents(aside) == damaged);
            CHECK(test::contents(aside.string() + "-wal") == log);
            CHECK(texts().size() > count / 2);
        } else {  // it never began
            before = true;
            CHECK(test::contents(paths.database()) == damaged);
            CHECK(test::contents(paths.database().string() + "-wal") == log);
        }
        if (end == 0) break;
        for (const auto& name : test::names_in(paths.folder)) fs::remove(paths.folder / name);
        test::write_contents(paths.database(), damaged);
        test::write_contents(paths.database().string() + "-wal", log);
    }
    CHECK(before);
    CHECK(between);
}

TEST_CASE_METHOD(Fixture, "a marker that names something else is not believed") {
    for (const char* name : {"", "key", "../history.db", "history-damaged-/../../x"}) {
        test::write_contents(paths.aside_marker(), name);
        REQUIRE(open());
        CHECK_FALSE(fs::exists(paths.aside_marker()));
    }
}
