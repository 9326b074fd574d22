// SPDX-License-Identifier: MIT
//
// A profile in one encrypted file, written while people chat, and restored elsewhere.
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;
namespace fs = std::filesystem;

namespace {

struct Backed {
    Backed() { std::ofstream(folder.path() / "password") << "backup words\n"; }

    [[nodiscard]] std::string file(const std::string& name) const {
        return (folder.path() / name).string();
    }
    Finished restore(const std::string& backup, const fs::path& profile,
                     const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"--profile-dir", profile.string(),  "restore",
                                       backup,          "--password-file", file("password")};
        words.insert(words.end(), more.begin(), more.end());
        return run(kith_program(), words);
    }
    Json order(const std::string& name) const {
        return {{"cmd", "backup"}, {"path", file(name)}, {"password", "backup words"}};
    }

    TemporaryFolder folder;
};

Instance::Options existing(const fs::path& profile, const std::string& password) {
    return {"Restored", password, {}, {}, profile};
}

}  // namespace

TEST_CASE_METHOD(Backed,
                 "a profile is backed up while it chats, and goes on from there elsewhere") {
    std::string first;
    Instance bob("Bob");
    const fs::path restored = folder.path() / "restored";
    std::string fingerprint, old_connection_id;
    {
        Instance alice("Alice");
        fingerprint = alice.fingerprint();
        befriend(alice, bob);
        old_connection_id = alice.connection_id();
        alice.ask({{"cmd", "rename_contact"}, {"peer", "Bob"}, {"name", "Robert"}});
        alice.ask({{"cmd", "set_verified"}, {"peer", "Robert"}, {"verified", true}});
        alice.ask({{"cmd", "set_settings"}, {"theme", "dark"}});
        first = alice.say(bob.fingerprint(), "canary before the backup");
        bob.ask({{"cmd", "send_text"}, {"peer", "Alice"}, {"text", "an answer"}});
        alice.wait_until("both", [&] { return alice.history(bob.fingerprint()).size() == 2; });
        alice.send(order("b.kith"));
        for (int i = 0; i < 50; ++i) {
            alice.send({{"cmd", "send_text"},
                        {"peer", bob.fingerprint()},
                        {"text", "meanwhile " + std::to_string(i)}});
        }
        Json written;
        for (int i = 0; i < 51; ++i) {
            const Json reply = alice.receive();
            INFO(reply.dump());
            CHECK(reply.at("ok") == true);
            if (reply.contains("path")) written = reply;
        }
        CHECK(written.at("path") == file("b.kith"));
        CHECK(written.at("bytes") == fs::file_size(file("b.kith")));
        struct stat status {};
        REQUIRE(::stat(file("b.kith").c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
        CHECK(alice.request(order("b.kith")).at("code") == "exists");
        CHECK(alice.quit() == 0);
    }
    const auto done = restore(file("b.kith"), restored);
    INFO(done.err);
    REQUIRE(done.code == 0);
    Instance alice(existing(restored, "backup words"));
    CHECK(alice.fingerprint() == fingerprint);
    CHECK(alice.connection_id() != old_connection_id);
    const Json robert = alice.peer(bob.fingerprint());
    CHECK(robert.at("name") == "Robert");
    CHECK(robert.at("verified") == true);
    CHECK(robert.at("contact") == true);
    CHECK(alice.ask({{"cmd", "settings"}}).at("settings").at("theme") == "dark");
    const auto history = alice.history(bob.fingerprint());
    CHECK(history.size() >= 2);
    CHECK(history.front().at("message") == first);
    CHECK(alice.ask({{"cmd", "search"}, {"text", "canary"}}).at("messages").size() == 1);
    wait_until_online(alice, bob);
    const std::string there = alice.say(bob.fingerprint(), "from the restored one");
    bob.wait_for_message(fingerprint, there, [](const Json&) { return true; });
    const std::string back = bob.say(fingerprint, "welcome back");
    alice.wait_for_message(bob.fingerprint(), back, [](const Json&) { return true; });
}

TEST_CASE_METHOD(Backed, "an edit after the restore of an old backup wins over all before") {
    Instance bob("Bob");
    std::string id, fingerprint;
    {
        Instance alice("Alice");
        fingerprint = alice.fingerprint();
        befriend(alice, bob);
        id = alice.say(bob.fingerprint(), "original");
        alice.wait_for_message(bob.fingerprint(), id,
                               [](const Json& m) { return m.at("state") == "delivered"; });
        alice.ask(order("old.kith"));
        for (int i = 0; i < 20; ++i) {
            alice.ask(
                {{"cmd", "edit_message"}, {"message", id}, {"text", "edit " + std::to_string(i)}});
        }
        bob.wait_for_message(fingerprint, id,
                             [](const Json& m) { return m.at("text") == "edit 19"; });
        CHECK(alice.quit() == 0);
    }
    const fs::path restored = folder.path() / "restored";
    REQUIRE(restore(file("old.kith"), restored, {"--without-password"}).code == 0);
    Instance alice(existing(restored, ""));
    CHECK(alice.message(bob.fingerprint(), id).at("text") == "original");
    alice.ask({{"cmd", "edit_message"}, {"message", id}, {"text", "edited after the restore"}});
    bob.wait_for_message(fingerprint, id,
                         [](const Json& m) { return m.at("text") == "edited after the restore"; });
}

TEST_CASE_METHOD(Backed, "what cannot be restored is refused and leaves nothing") {
    std::string fingerprint;
    {
        Instance alice("Alice");
        fingerprint = alice.fingerprint();
        alice.ask(order("b.kith"));
        const auto onto_existing = restore(file("b.kith"), alice.profile());
        CHECK(onto_existing.code != 0);
        CHECK(alice.ask({{"cmd", "whoami"}}).at("fingerprint") == fingerprint);
        CHECK(alice.quit() == 0);
        const auto stopped = restore(file("b.kith"), alice.profile());
        CHECK(stopped.code == 1);
        CHECK_FALSE(stopped.err.empty());
        alice.start();
        CHECK(alice.fingerprint() == fingerprint);
    }
    const fs::path target = folder.path() / "new";
    std::ofstream(folder.path() / "password") << "wrong words\n";
    const auto wrong = restore(file("b.kith"), target);
    CHECK(wrong.code == 4);
    CHECK(wrong.err.find("words") == std::string::npos);
    std::ofstream(folder.path() / "password") << "backup words\n";
    CHECK(restore(file("missing.kith"), target).code == 1);
    std::ofstream(file("garbage.kith")) << std::string(100'000, 'x');
    CHECK(restore(file("garbage.kith"), target).code != 0);
    CHECK_FALSE(fs::exists(target / "key"));
    CHECK_FALSE(fs::exists(target / "history.db"));
    REQUIRE(restore(file("b.kith"), target).code == 0);
    Instance alice(existing(target, "backup words"));
    CHECK(alice.fingerprint() == fingerprint);
}

TEST_CASE_METHOD(Backed, "backups by the command line") {
    Instance alice("Alice");
    const auto words = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"--profile-dir", alice.profile().string()});
        return run(kith_program(), more);
    };
    const auto done = words({"backup", file("b.kith"), "--password-file", file("password")});
    CHECK(done.code == 0);
    CHECK(done.out.find(file("b.kith")) != std::string::npos);
    CHECK(words({"backup", file("b.kith"), "--password-file", file("password")}).code == 1);
    CHECK(words({"backup", file("c.kith")}).code == 2);  // no terminal to ask on
    CHECK(words({"backup", file("nowhere/c.kith"), "--password-file", file("password")}).code == 1);
    for (const auto& entry : fs::directory_iterator(folder.path()))
        CHECK(entry.path().extension() != ".part");
}
