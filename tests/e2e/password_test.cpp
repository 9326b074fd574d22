// SPDX-License-Identifier: MIT
//
// Setting, changing and removing the password of a running profile.
#include <signal.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <random>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

Json change(const std::string& current, const std::string& password) {
    return {{"cmd", "set_password"}, {"current", current}, {"password", password}};
}

std::string file_with(const Instance& instance, const std::string& name, const std::string& line) {
    const auto file = instance.folder() / name;
    std::ofstream(file) << line << "\n";
    return file.string();
}

Finished kith_of(Instance& instance, std::vector<std::string> words) {
    words.insert(words.begin(), {"--profile-dir", instance.profile().string()});
    return run(kith_program(), words);
}

/// Whether the profile, which does not run, opens with this.
bool opens(Instance& instance, const std::string& password) {
    instance.use_password(password);
    const auto words = instance.arguments();
    const TemporaryFolder folder;
    Process process(kith_program(), words, folder.path() / "stderr");
    if (!process.read_line()) {
        CHECK(process.wait() == 4);
        return false;
    }
    process.signal(SIGTERM);
    CHECK(process.wait() == 0);
    return true;
}

}  // namespace

TEST_CASE("a password is set, changed and removed") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    const std::string fingerprint = alice.fingerprint();
    const auto is_protected = [&] {
        return alice.ask({{"cmd", "whoami"}}).at("password_protected");
    };
    CHECK(is_protected() == false);
    alice.ask({{"cmd", "set_password"}, {"password", "first words"}});
    CHECK(is_protected() == true);
    const std::string id = alice.say(bob.fingerprint(), "the conversation goes on");
    bob.wait_for_message(alice.fingerprint(), id, [](const Json&) { return true; });
    CHECK(alice.quit() == 0);
    CHECK_FALSE(opens(alice, ""));
    CHECK_FALSE(opens(alice, "other words"));
    CHECK(opens(alice, "first words"));
    alice.start();
    CHECK(is_protected() == true);
    CHECK(alice.request(change("wrong words", "x")).at("code") == "wrong_password");
    CHECK(alice.request({{"cmd", "set_password"}, {"password", "x"}}).at("code") ==
          "wrong_password");
    alice.ask(change("first words", "second words"));
    CHECK(alice.request(change("first words", "third words")).at("code") == "wrong_password");
    CHECK(alice.quit() == 0);
    CHECK_FALSE(opens(alice, "first words"));
    CHECK(opens(alice, "second words"));
    alice.start();
    alice.ask(change("second words", ""));
    CHECK(is_protected() == false);
    CHECK(alice.quit() == 0);
    CHECK(opens(alice, ""));
    alice.start();
    CHECK(alice.fingerprint() == fingerprint);
    CHECK(alice.message(bob.fingerprint(), id).is_object());
}

TEST_CASE("the password by the command line") {
    Instance alice("Alice");
    const auto first = file_with(alice, "first", "first words"),
               second = file_with(alice, "second", "second words");
    CHECK(kith_of(alice, {"password"}).code == 2);  // no terminal to ask on
    CHECK(kith_of(alice, {"password", "--password-file", first}).code == 0);
    const auto wrong =
        kith_of(alice, {"password", "--current-file", second, "--password-file", first});
    CHECK(wrong.code == 4);
    CHECK(wrong.out.empty());
    CHECK_FALSE(wrong.err.empty());
    CHECK(wrong.err.find("words") == std::string::npos);
    CHECK(kith_of(alice, {"password", "--current-file", first, "--password-file", second}).code ==
          0);
    CHECK(alice.quit() == 0);
    CHECK_FALSE(opens(alice, "first words"));
    CHECK(opens(alice, "second words"));
    alice.start();
    CHECK(kith_of(alice, {"password", "--current-file", second, "--remove"}).code == 0);
    CHECK(alice.quit() == 0);
    CHECK(opens(alice, ""));
}

TEST_CASE("killed while it changes its password, a profile has the old or the new one") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    Instance alice(Instance::Options{"Alice", "password 0", {}, {}, {}});
    const std::string fingerprint = alice.fingerprint();
    std::string now = "password 0";
    for (int round = 1; round <= 12; ++round) {
        CAPTURE(round);
        const std::string next = "password " + std::to_string(round);
        alice.send(change(now, next));
        // The moment of the kill: anywhere within about the time the change takes.
        kith::net::LocalClient watcher;
        REQUIRE(watcher.connect(alice.ready().at("control").get<std::string>()));
        CHECK_FALSE(watcher.read_line(static_cast<int>(random() % 1000)));
        alice.kill();
        const bool with_new = opens(alice, next);
        if (!with_new) REQUIRE(opens(alice, now));
        if (with_new) now = next;
        alice.use_password(now);
        alice.start();
        CHECK(alice.fingerprint() == fingerprint);
        for (const auto& entry : std::filesystem::directory_iterator(alice.profile()))
            CHECK(entry.path().filename().string().find("key.") == std::string::npos);
    }
}
