// SPDX-License-Identifier: MIT
#include "app/host/restore.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/host/backup_key.hpp"
#include "app/profile/key_store.hpp"
#include "app/profile/leftovers.hpp"
#include "app/profile/profile_folder.hpp"
#include "tests/host/support.hpp"
#include "tests/profile/interrupted_calls.hpp"

using namespace kith;
using namespace kith::host;
using profile::test::InterruptedCalls;
namespace fs = std::filesystem;

namespace {

constexpr int calls_max = 40;

struct Fixture {
    test::TempFolder folder;
    profile::ProfilePaths paths = folder.profile();
    fs::path backup = folder.path() / "backup";

    Fixture() {
        REQUIRE(profile::create_folder(paths));
        make_backup();
    }
    void make_backup() const {
        const auto source = folder.path() / "source.db";
        test::make_history(source, 50);
        auto database = store::Database::open({source.string(), test::database_key(), false});
        REQUIRE(database);
        store::DirectStore store(*database);
        crypto::SystemRandom random;
        const BackupSalt salt{1, 2, 3};
        const auto key = derive_backup_key("right", salt, test::cheap);
        REQUIRE(key);
        std::optional<store::BackedUp> done;
        store.back_up(
            {backup.string(), *key, salt, crypto::seal_key_file(test::secrets(), "", random)},
            [&](const store::BackedUp& result) { done = result; });
        store.run_all();
        REQUIRE(done);
        REQUIRE(*done);
    }
    [[nodiscard]] RestoreOrder order(std::string_view password = "right") const {
        return {paths, backup.string(), password, "", 1, test::cheap};
    }
    std::string code(const RestoreOrder& order) const {
        const auto restored = restore_profile(order);
        if (restored) return "ok";
        INFO(restored.error().text);
        CHECK_FALSE(restored.error().text.empty());
        return restored.error().code;
    }
    void check_whole() const {
        const auto secrets = profile::load_key(paths, "");
        REQUIRE(secrets);
        CHECK(secrets->identity.ed25519_seed == test::secrets().identity.ed25519_seed);
        const std::span<const std::uint8_t, 32> key(secrets->database_key.data(), 32);
        CHECK(test::texts_of(paths.database(), key) == test::numbered_texts(50));
        CHECK_FALSE(fs::exists(paths.restore_marker()));
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a restored profile is whole and nothing else is in the folder") {
    CHECK(code(order()) == "ok");
    CHECK(test::names_in(paths.folder) == std::vector<std::string>{"history.db", "key"});
    check_whole();
    CHECK(profile::test::mode(paths.key_file()) == 0600);
    CHECK(profile::test::mode(paths.database()) == 0600);
}

TEST_CASE_METHOD(Fixture, "the connection ID that was backed up is not used again") {
    REQUIRE(code(order()) == "ok");
    const auto secrets = profile::load_key(paths, "");
    REQUIRE(secrets);
    auto database = store::Database::open(
        {paths.database().string(),
         std::span<const std::uint8_t, 32>(secrets->database_key.data(), 32), false});
    REQUIRE(database);
    const auto all = database->run(store::LoadAll{});
    REQUIRE(all);
    for (const auto& [key, value] : std::get<store::Snapshot>(*all).meta)
        CHECK(key != "invite_token");
}

TEST_CASE_METHOD(Fixture,
                 "what is not the backup, or not its password, is refused without a trace") {
    const auto good = test::contents(backup);
    CHECK(code(order("wrong")) == "wrong_password");
    CHECK(code(order("")) == "bad_password");
    auto missing = order();
    missing.file = (folder.path() / "missing").string();
    CHECK(code(missing) == "storage");
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16},
                                   std::size_t{4096}, good.size() / 2}) {
        INFO("cut to " << size << " of " << good.size());
        test::write_contents(backup, good.substr(0, size));
        CHECK(code(order()) != "ok");
        CHECK(fs::is_empty(paths.folder));
    }
    for (std::size_t at = 0; at < good.size(); at += 4096) {
        INFO("flipped at " << at);
        auto bytes = good;
        bytes[at + 100] = static_cast<char>(bytes[at + 100] ^ 1);
        test::write_contents(backup, bytes);
        CHECK(code(order()) == (at == 0 ? "wrong_password" : "damaged"));
        CHECK(fs::is_empty(paths.folder));
    }
    test::write_contents(backup, good);
    CHECK(code(order()) == "ok");
    CHECK(test::contents(backup) == good);
}

TEST_CASE_METHOD(Fixture, "a profile that is there stays as it is") {
    crypto::SystemRandom random;
    SECTION("with its key") { REQUIRE(profile::create_key(paths, test::secrets(), "", random)); }
    SECTION("without it") { test::write_contents(paths.database(), "somebody's history"); }
    const auto names = test::names_in(paths.folder);
    const auto bytes = test::contents(paths.folder / names.at(0));
    CHECK(code(order()) == "exists");
    CHECK(test::names_in(paths.folder) == names);
    CHECK(test::contents(paths.folder / names[0]) == bytes);
}

TEST_CASE_METHOD(Fixture,
                 "a restore that dies at any moment is whole at the next start, or never was") {
    bool never = false, whole = false;
    for (int call = 0;; ++call) {
        REQUIRE(call < calls_max);
        INFO("dies at call " << call);
        const int end = profile::test::in_another_process([&] {
            const InterruptedCalls calls(call, InterruptedCalls::End::die);
            return restore_profile(order(), calls).has_value();
        });
        REQUIRE((end == 0 || end == 9));
        REQUIRE(profile::clear_leftovers(paths));
        if (profile::has_key(paths)) {
            whole = true;
            check_whole();
        } else {
            never = true;
            CHECK(fs::is_empty(paths.folder));
            CHECK(code(order()) == "ok");
            check_whole();
        }
        for (const auto& name : test::names_in(paths.folder)) fs::remove(paths.folder / name);
        if (end == 0) break;
    }
    CHECK(never);
    CHECK(whole);
}

TEST_CASE_METHOD(Fixture, "a full disk during a restore is named, and a second try works") {
    for (int call = 0;; ++call) {
        REQUIRE(call < calls_max);
        INFO("fails at call " << call);
        const InterruptedCalls calls(call, InterruptedCalls::End::fail);
        const auto restored = restore_profile(order(), calls);
        if (!restored) {
            CHECK(restored.error().code == "disk_full");
            CHECK(restored.error().text.find("Free some space") != std::string::npos);
        }
        // The key file's last call comes when all is in place: then the profile is there.
        if (!profile::has_key(paths)) {
            CHECK(fs::is_empty(paths.folder));
            CHECK(code(order()) == "ok");
        }
        check_whole();
        for (const auto& name : test::names_in(paths.folder)) fs::remove(paths.folder / name);
        if (!calls.reached()) break;
    }
}
