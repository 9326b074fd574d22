// SPDX-License-Identifier: MIT
#include "app/profile/leftovers.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/profile/profile_folder.hpp"
#include "tests/profile/support.hpp"

using namespace kith::profile;
namespace fs = std::filesystem;

namespace {

struct Fixture {
    test::TempFolder folder;
    ProfilePaths paths = folder.profile();
    Fixture() { REQUIRE(create_folder(paths)); }

    void put(const std::string& name) const {
        test::write_contents(paths.folder / name, "of " + name);
    }
    [[nodiscard]] bool has(const std::string& name) const {
        return fs::exists(paths.folder / name);
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "temporary files are removed and nothing else") {
    for (const char* name :
         {"key", "key.new", "restoring.new", "setting-aside.new", "history.db", "history.db-wal",
          "history.db.part", "history.db.part-wal", "history.db.part-journal",
          "history.db.part.copy", "history.db.part.copy-wal", "window.ini",
          "history-damaged-20260102T030405Z.db"})
        put(name);
    REQUIRE(clear_leftovers(paths));
    for (const char* name :
         {"key.new", "restoring.new", "setting-aside.new", "history.db.part", "history.db.part-wal",
          "history.db.part-journal", "history.db.part.copy", "history.db.part.copy-wal"})
        CHECK_FALSE(has(name));
    for (const char* name : {"key", "history.db", "history.db-wal", "window.ini",
                             "history-damaged-20260102T030405Z.db"})
        CHECK(test::contents(paths.folder / name) == std::string("of ") + name);
}

TEST_CASE_METHOD(Fixture, "a restore that got no key file never happened") {
    for (const char* name : {"restoring", "history.db", "history.db-wal"}) put(name);
    REQUIRE(clear_leftovers(paths));
    CHECK(fs::is_empty(paths.folder));
}

TEST_CASE_METHOD(Fixture, "a restore that got its key file was complete") {
    for (const char* name : {"restoring", "history.db", "key"}) put(name);
    REQUIRE(clear_leftovers(paths));
    CHECK(has("history.db"));
    CHECK(has("key"));
    CHECK_FALSE(has("restoring"));
}

TEST_CASE_METHOD(Fixture, "a history without a key file is kept when no restore was at work") {
    put("history.db");
    REQUIRE(clear_leftovers(paths));
    CHECK(has("history.db"));
}

TEST_CASE_METHOD(Fixture, "what cannot be removed is named") {
    fs::create_directory(paths.key_file().string() + ".new");
    test::write_contents(paths.key_file().string() + ".new/x", "");
    const auto cleared = clear_leftovers(paths);
    REQUIRE_FALSE(cleared);
    CHECK(cleared.error().text.find("key.new") != std::string::npos);
}
