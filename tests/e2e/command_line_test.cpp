// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

Finished kith_of(Instance& instance, std::vector<std::string> words) {
    words.insert(words.begin(), {"--profile-dir", instance.profile().string()});
    return run(kith_program(), words);
}

}  // namespace

TEST_CASE("without a running instance a command exits 5 and says how to start one") {
    const TemporaryFolder folder;
    const auto finished = run(kith_program(), {"peers", "--profile-dir", folder.path().string()});
    CHECK(finished.code == 5);
    CHECK(finished.out.empty());
    CHECK(finished.err.find("--headless") != std::string::npos);
}

TEST_CASE("a conversation by the command line") {
    Instance alice("Alice"), bob("Bob\x1b[31m\xE2\x80\xAE");
    const auto id = kith_of(bob, {"id"});
    CHECK(id.code == 0);
    CHECK(kith_of(alice, {"add", id.out, "--greeting", "hi"}).code == 0);
    bob.wait_until("a request", [&] {
        return !bob.ask({{"cmd", "requests"}}).at("requests").empty();
    });
    CHECK(kith_of(bob, {"requests"}).out.find("Alice") != std::string::npos);
    CHECK(kith_of(bob, {"accept", "Alice"}).code == 0);
    wait_until_online(alice, bob);
    CHECK(kith_of(alice, {"send", bob.fingerprint(), "[hello], --you"}).code == 0);
    bob.wait_until("the text", [&] { return !bob.history(alice.fingerprint()).empty(); });
    CHECK(kith_of(bob, {"history", "Alice"}).out.find("Alice: [hello], --you") !=
          std::string::npos);
    CHECK(kith_of(alice, {"send", bob.fingerprint(), "turned \xE2\x80\xAE round"}).code == 0);
    bob.wait_until("the other", [&] { return bob.history(alice.fingerprint()).size() == 2; });
    const auto turned = kith_of(bob, {"history", "Alice"}).out;
    CHECK(turned.find("turned <U+202E> round") != std::string::npos);
    CHECK(turned.find("\xE2\x80\xAE") == std::string::npos);
    // Out of names it is taken before they are stored.
    const auto peers = kith_of(alice, {"peers"});
    CHECK(peers.out.find("Bob") != std::string::npos);
    CHECK(peers.out.find("\xE2\x80\xAE") == std::string::npos);
    CHECK(peers.out.find('\x1b') == std::string::npos);
    CHECK(Json::parse(kith_of(alice, {"peers", "--json"}).out).at("peers").size() == 1);
    CHECK(Json::parse(
              kith_of(alice, {"call", "messages", "peer=" + bob.fingerprint(), "limit=1"}).out)
              .at("messages")
              .size() == 1);
    CHECK(kith_of(alice, {"send", "nobody", "x"}).code == 1);
    CHECK(kith_of(alice, {"transfers"}).code == 0);
    CHECK(kith_of(alice, {"call", "quit"}).code == 0);
    CHECK(alice.process().wait() == 0);
}

TEST_CASE("the life of a message by the command line") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    const auto line = [](const Finished& finished) {
        CHECK(finished.err.empty());
        CHECK(finished.code == 0);
        return finished.out.substr(0, finished.out.find('\n'));
    };
    const std::string id = line(kith_of(alice, {"send", "Bob", "--", "--first"}));
    bob.wait_for_message(alice.fingerprint(), id, [](const Json&) { return true; });
    const std::string answer = line(kith_of(bob, {"send", "Alice", "yes", "--reply-to", id}));
    CHECK(kith_of(alice, {"edit", id, "--", "--second"}).code == 0);
    CHECK(kith_of(bob, {"react", id, "👍"}).code == 0);
    alice.wait_for_message(bob.fingerprint(), id,
                           [](const Json& m) { return m.at("reactions").contains("👍"); });
    alice.wait_for_message(bob.fingerprint(), answer, [](const Json&) { return true; });
    bob.wait_for_message(alice.fingerprint(), id,
                         [](const Json& m) { return m.at("text") == "--second"; });
    CHECK(kith_of(bob, {"read", "Alice"}).code == 0);
    alice.wait_for_message(bob.fingerprint(), id,
                           [](const Json& m) { return m.at("state") == "read"; });
    const std::string shown = kith_of(alice, {"history", "Bob"}).out;
    CHECK(shown.find("me: --second  [read, edited]\n  reactions: 👍 Bob\n") != std::string::npos);
    CHECK(shown.find("Bob: yes\n  reply to me: \"--second\"\n") != std::string::npos);
    CHECK(kith_of(alice, {"history", "Bob", "--ids", "--limit", "1"}).out.starts_with(answer));
    CHECK(kith_of(alice, {"history", "Bob", "--before", answer}).out.find("yes") ==
          std::string::npos);
    const std::string found = kith_of(alice, {"search", "sec", "--peer", "Bob"}).out;
    CHECK(found.find("me to Bob: --second") != std::string::npos);
    CHECK(found.find('\x1b') == std::string::npos);
    const auto file = (alice.folder() / "out.txt").string();
    CHECK(kith_of(alice, {"export", "Bob", file, "--format", "text"}).out ==
          "Wrote 2 messages to " + file + ".\n");
    CHECK(kith_of(alice, {"export", "Bob", file}).code == 1);
    CHECK(kith_of(bob, {"react", id, "👍", "--off"}).code == 0);
    CHECK(kith_of(bob, {"delete", id, "--for-me"}).code == 0);
    CHECK(kith_of(bob, {"delete", answer}).code == 0);
    alice.wait_for_message(bob.fingerprint(), answer,
                           [](const Json& m) { return m.at("deleted") == true; });
    CHECK(kith_of(bob, {"delete", id}).code == 1);
    CHECK(kith_of(alice, {"disappear", "Bob", "1h"}).code == 0);
    CHECK(alice.peer(bob.fingerprint()).at("timer_mine") == 3600);
    CHECK(kith_of(alice, {"disappear", "Bob", "off"}).code == 0);
    CHECK(
        kith_of(alice, {"settings", "typing=off", "history_days=30"}).out.find("typing=false\n") !=
        std::string::npos);
    CHECK(kith_of(alice, {"settings"}).out.find("history_days=30\n") != std::string::npos);
    CHECK(kith_of(alice, {"settings", "typing=maybe"}).code == 1);
    CHECK(kith_of(alice, {"delete-conversation", "Bob"}).code == 2);
    CHECK(kith_of(alice, {"delete-conversation", "Bob", "--yes"}).code == 0);
    CHECK(alice.history(bob.fingerprint()).empty());
    CHECK(bob.quit() == 0);
    alice.wait_until("offline",
                     [&] { return alice.peer(bob.fingerprint()).at("state") != "online"; });
    const std::string waiting = line(kith_of(alice, {"send", "Bob", "never mind"}));
    CHECK(kith_of(alice, {"cancel", waiting}).code == 0);
    CHECK(alice.history(bob.fingerprint()).empty());
}

TEST_CASE("watch prints events as JSON lines") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    const TemporaryFolder folder;
    Process watch(kith_program(), {"--profile-dir", bob.profile().string(), "watch"},
                  folder.path() / "stderr");
    // Its subscription begins somewhere in this stream of messages.
    std::optional<std::string> line;
    for (int i = 0; !line && i < 600; ++i) {
        alice.say(bob.fingerprint(), std::to_string(i));
        try {
            line = watch.read_line(100ms);
        } catch (const std::runtime_error&) {
        }
    }
    REQUIRE(line);
    CHECK(Json::parse(*line).contains("event"));
    bob.quit();
    while (watch.read_line()) {
    }
    CHECK(watch.wait() == 1);
}

TEST_CASE("help and version need no profile") {
    CHECK(run(kith_program(), {"--version"}).out.starts_with("kith "));
    const auto help = run(kith_program(), {"--help"});
    CHECK(help.code == 0);
    CHECK(help.out.find("--headless") != std::string::npos);
}
