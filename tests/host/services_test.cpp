// SPDX-License-Identifier: MIT
#include "app/host/services.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/host/restore.hpp"
#include "app/profile/key_store.hpp"
#include "app/profile/profile_folder.hpp"
#include "tests/host/support.hpp"

using namespace kith;
using namespace kith::host;
namespace fs = std::filesystem;

namespace {

struct Fixture {
    test::TempFolder folder;
    profile::ProfilePaths paths = folder.profile();
    crypto::SystemRandom random;
    test::FixedClock clock;
    std::vector<bool> told;
    std::vector<std::optional<crypto::TeamKey>> teams;  ///< as the node would take them

    Fixture() {
        REQUIRE(profile::create_folder(paths));
        REQUIRE(profile::create_key(paths, test::secrets(), "", random));
        test::make_history(paths.database(), 100);
    }

    Services::Options options() {
        const auto clear = crypto::seal_key_file(test::secrets(), "", random);
        return {paths,
                {clear.begin(), clear.end()},
                test::cheap,
                [this](bool on) { told.push_back(on); },
                [this](auto team, auto done) {
                    teams.push_back(team);
                    done({});
                }};
    }
};

/// Services on a real store and key file; taken down in the order of the program.
struct Running : Fixture {
    store::Database database =
        *store::Database::open({paths.database().string(), test::database_key(), false});
    store::DirectStore store{database};
    test::FakeNode node;
    test::Pump pump;
    Services services{node, store, pump.worker, clock, options()};
    std::vector<model::Reply> replies;

    Running() : node(3) {}
    void ask(model::Command command) {
        services.execute(std::move(command),
                         [this](model::Reply reply) { replies.push_back(std::move(reply)); });
    }
    void wait_for(std::size_t count) {
        pump.until([&] {
            store.run_all();
            return replies.size() >= count;
        });
    }
    model::Reply answer_to(model::Command command) {
        replies.clear();
        ask(std::move(command));
        wait_for(1);
        return replies[0];
    }
    std::string code_of(model::Command command) {
        const auto reply = answer_to(std::move(command));
        if (reply) return "ok";
        CHECK_FALSE(reply.error().text.empty());
        return reply.error().code;
    }
    [[nodiscard]] bool opens_with(std::string_view password) const {
        return profile::load_key(paths, password).has_value();
    }
};

}  // namespace

TEST_CASE_METHOD(Running, "the password is set, changed and removed, and the node hears of it") {
    CHECK(code_of(model::SetPassword{"", "first"}) == "ok");
    CHECK(profile::key_needs_password(paths) == true);
    CHECK(opens_with("first"));
    CHECK(code_of(model::SetPassword{"first", "second"}) == "ok");
    CHECK_FALSE(opens_with("first"));
    CHECK(opens_with("second"));
    CHECK(code_of(model::SetPassword{"second", ""}) == "ok");
    CHECK(profile::key_needs_password(paths) == false);
    CHECK(told == std::vector{true, true, false});
    CHECK_FALSE(fs::exists(paths.key_file().string() + ".new"));
    CHECK(node.others.empty());
}

TEST_CASE_METHOD(Running, "a wrong or impossible password changes nothing") {
    CHECK(code_of(model::SetPassword{"guess", "new"}) == "wrong_password");
    REQUIRE(code_of(model::SetPassword{"", "first"}) == "ok");
    const auto before = test::contents(paths.key_file());
    for (const char* wrong : {"", "First", "first "})
        CHECK(code_of(model::SetPassword{wrong, "second"}) == "wrong_password");
    CHECK(code_of(model::SetPassword{"first", std::string(1025, 'x')}) == "bad_password");
    CHECK(test::contents(paths.key_file()) == before);
    CHECK(told.back());
}

TEST_CASE_METHOD(Running, "of two changes at once the second is refused") {
    ask(model::SetPassword{"", "one"});
    ask(model::SetPassword{"", "two"});
    wait_for(2);
    CHECK(replies[0]);
    REQUIRE_FALSE(replies[1]);
    CHECK(replies[1].error().code == "wrong_password");
    CHECK(opens_with("one"));
}

TEST_CASE_METHOD(Running, "a team's passphrase becomes its key; without one it is everybody") {
    CHECK(code_of(model::SetTeam{"between the two of us"}) == "ok");
    CHECK(code_of(model::SetTeam{""}) == "ok");
    CHECK(code_of(model::SetTeam{"between the two of us"}) == "ok");
    CHECK(code_of(model::SetTeam{"between the three of us"}) == "ok");
    CHECK(code_of(model::SetTeam{std::string(257, 'x')}) == "bad_passphrase");
    REQUIRE(teams.size() == 4);
    REQUIRE(teams[0]);
    CHECK_FALSE(teams[1]);
    CHECK(teams[2] == teams[0]);
    CHECK(teams[3] != teams[0]);
}

TEST_CASE_METHOD(Running, "what is given to the services before they stop is done") {
    ask(model::SetPassword{"", "last"});
    pump.worker.stop_and_join();
    pump.worker.drain();
    CHECK(replies.size() == 1);
    CHECK(opens_with("last"));
    ask(model::SetPassword{"last", "later"});
    REQUIRE(replies.size() == 2);
    CHECK(replies[1].error().code == "busy");
}

TEST_CASE_METHOD(Running, "everything else goes on to the node") {
    ask(model::SetName{"Ada"});
    ask(model::MarkRead{node.peer, test::message_id(1)});
    CHECK(replies.size() == 2);
    REQUIRE(node.others.size() == 2);
    CHECK(std::get<model::SetName>(node.others[0]).name == "Ada");
    CHECK(services.resolve("whoever") == node.peer);
}

TEST_CASE_METHOD(Running, "an export goes through, and several at once are bounded") {
    std::vector<std::function<void(model::Reply)>> held;
    node.hold = &held;
    for (int i = 0; i <= Services::exports_max; ++i)
        ask(model::ExportHistory{node.peer, folder.path() / ("chat" + std::to_string(i)),
                                 model::ExportFormat::text});
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].error().code == "busy");
    pump.until([&] { return held.size() == Services::exports_max; });
    node.hold = nullptr;
    for (const auto& done : held) done(tl::unexpected(model::Error{"storage", "Gone."}));
    CHECK(replies.size() == 1 + Services::exports_max);
    replies.clear();
    ask(model::ExportHistory{node.peer, folder.path() / "chat", model::ExportFormat::json});
    wait_for(1);
    CHECK(replies[0]);
    CHECK(fs::exists(folder.path() / "chat"));
}

TEST_CASE_METHOD(Running, "a backup becomes a profile again, with all that was in it") {
    const auto file = folder.path() / "ada.kith-backup";
    const auto reply = answer_to(model::CreateBackup{file, "of the backup"});
    REQUIRE(reply);
    CHECK(std::get<model::BackedUp>(*reply).path == file.string());
    CHECK(std::get<model::BackedUp>(*reply).bytes == fs::file_size(file));
    CHECK(profile::test::mode(file) == 0600);
    CHECK(test::contents(file).find("text 1") == std::string::npos);

    const profile::ProfilePaths other{folder.path() / "other"};
    REQUIRE(profile::create_folder(other));
    const auto restored =
        restore_profile({other, file.string(), "of the backup", "of the profile", 1, test::cheap});
    REQUIRE(restored);
    const auto opened = profile::load_key(other, "of the profile");
    REQUIRE(opened);
    CHECK(opened->identity.rsa_pkcs8 == test::secrets().identity.rsa_pkcs8);
    CHECK(opened->identity.ed25519_seed == test::secrets().identity.ed25519_seed);
    CHECK(opened->database_key == restored->database_key);
    CHECK(opened->database_key != test::secrets().database_key);
    const std::span<const std::uint8_t, 32> key(opened->database_key.data(), 32);
    CHECK(test::texts_of(other.database(), key) == test::numbered_texts(100));
}

TEST_CASE_METHOD(Running, "a backup needs a password, a whole path and a free name") {
    const auto file = folder.path() / "backup";
    CHECK(code_of(model::CreateBackup{file, ""}) == "bad_password");
    CHECK(code_of(model::CreateBackup{file, std::string(1025, 'x')}) == "bad_password");
    CHECK(code_of(model::CreateBackup{"backup", "x"}) == "bad_path");
    CHECK(code_of(model::CreateBackup{folder.path() / "missing" / "b", "x"}) == "no_such_folder");
    test::write_contents(file, "precious");
    CHECK(code_of(model::CreateBackup{file, "x"}) == "exists");
    CHECK(test::contents(file) == "precious");
    ask(model::CreateBackup{folder.path() / "one", "x"});
    CHECK(code_of(model::CreateBackup{folder.path() / "two", "x"}) == "busy");
    wait_for(2);
    CHECK(replies[1]);
    CHECK(code_of(model::CreateBackup{folder.path() / "two", "x"}) == "ok");
}
