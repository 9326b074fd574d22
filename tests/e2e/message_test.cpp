// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

std::string state_of(Instance& who, Instance& whom, const std::string& message) {
    for (const Json& m : who.history(whom.fingerprint())) {
        if (m.at("message") == message) return m.at("state");
    }
    return "unknown";
}

void wait_until_delivered(Instance& from, Instance& to, const std::string& message) {
    from.wait_until("delivery", [&] {
        const std::string state = state_of(from, to, message);
        return state == "delivered" || state == "read";
    });
}

std::vector<std::string> texts(Instance& who, Instance& whom) {
    std::vector<std::string> all;
    for (const Json& m : who.history(whom.fingerprint())) all.push_back(m.at("text"));
    return all;
}

}  // namespace

TEST_CASE("texts go both ways and say when they arrived") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    const std::string text = "Grüße, 世界 🙂\nline two\t\"quoted\" \\ \x01";
    const std::string id = alice.say(bob.fingerprint(), text);
    const Json event = bob.wait_for_event("the text", [&](const Json& e) {
        return e.at("event") == "message" && e.at("message") == id;
    });
    CHECK(event.at("text") == text);
    CHECK(event.at("from") == alice.fingerprint());
    CHECK(event.at("peer") == alice.fingerprint());
    CHECK(event.at("state") == "received");
    alice.wait_for_event("delivery", [&](const Json& e) {
        return e.at("event") == "message_state" && e.at("message") == id &&
               e.at("state") == "delivered";
    });
    const std::string answer =
        bob.ask({{"cmd", "send_text"}, {"peer", "Alice"}, {"text", "yes"}, {"reply_to", id}})
            .at("message");
    alice.wait_until("the answer", [&] { return alice.history(bob.fingerprint()).size() == 2; });
    const auto page = alice.history(bob.fingerprint());
    CHECK(page[0].at("from") == alice.fingerprint());
    CHECK(page[0].at("state") == "delivered");
    CHECK(page[1].at("message") == answer);
    CHECK(page[1].at("from") == bob.fingerprint());
    CHECK(page[1].at("reply_to") == id);
    CHECK(page[1].at("state") == "received");
    CHECK(page[1].at("edited") == false);
    CHECK(page[1].at("deleted") == false);
    CHECK(page[1].at("reactions") == Json::object());
    CHECK(page[1].at("files") == Json::array());
}

TEST_CASE("unread messages are counted until marked read") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    std::vector<std::string> ids;
    ids.reserve(3);
    for (int i = 0; i < 3; ++i) ids.push_back(alice.say(bob.fingerprint(), std::to_string(i)));
    const auto unread = [&] { return bob.peer(alice.fingerprint()).at("unread"); };
    bob.wait_until("three unread", [&] { return unread() == 3; });
    bob.ask({{"cmd", "mark_read"}, {"peer", "Alice"}, {"message", ids[1]}});
    CHECK(unread() == 1);
    bob.restart();
    CHECK(unread() == 1);
    bob.ask({{"cmd", "mark_read"}, {"peer", "Alice"}, {"message", ids[2]}});
    CHECK(unread() == 0);
    CHECK(alice.peer(bob.fingerprint()).at("unread") == 0);
}

TEST_CASE("history comes in pages") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    std::vector<std::string> said;
    for (int i = 0; i < 25; ++i) {
        said.push_back(std::to_string(i));
        alice.say(bob.fingerprint(), said.back());
    }
    const auto page = [&](Json fields) {
        fields.update({{"cmd", "messages"}, {"peer", bob.fingerprint()}, {"limit", 10}});
        return alice.ask(fields).at("messages");
    };
    const Json newest = page(Json::object());
    REQUIRE(newest.size() == 10);
    CHECK(newest.back().at("text") == "24");
    CHECK(newest.front().at("text") == "15");
    const Json older = page({{"before", newest.front().at("message")}});
    CHECK(older.back().at("text") == "14");
    const Json oldest = page({{"before", older.front().at("message")}});
    CHECK(oldest.size() == 5);
    CHECK(texts(alice, bob) == said);
}

TEST_CASE("messages to somebody offline arrive when they return") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    CHECK(bob.quit() == 0);
    alice.wait_until("offline",
                     [&] { return alice.peer(bob.fingerprint()).at("state") != "online"; });
    std::string last;
    for (int i = 0; i < 20; ++i) last = alice.say(bob.fingerprint(), std::to_string(i));
    CHECK(state_of(alice, bob, last) == "queued");
    SECTION("with the sender running on") {}
    SECTION("after the sender was killed as well") { alice.kill(), alice.start(); }
    SECTION("after the sender was closed and opened") { alice.quit(), alice.start(); }
    bob.start();
    wait_until_delivered(alice, bob, last);
    CHECK(texts(bob, alice) == texts(alice, bob));
    CHECK(texts(bob, alice).size() == 20);
}

TEST_CASE("contacts find each other after either side restarts") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    for (Instance* restarted : {&alice, &bob, &alice, &bob}) {
        restarted->restart();
        wait_until_online(alice, bob);
        wait_until_delivered(alice, bob, alice.say(bob.fingerprint(), "ping"));
        wait_until_delivered(bob, alice, bob.say(alice.fingerprint(), "pong"));
    }
    CHECK(texts(alice, bob) == texts(bob, alice));
}

TEST_CASE("a text of the largest size arrives whole") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    const std::string text(64 * 1024, 'x');
    wait_until_delivered(alice, bob, alice.say(bob.fingerprint(), text));
    CHECK(texts(bob, alice) == std::vector{text});
    const Json refused =
        alice.request({{"cmd", "send_text"}, {"peer", "Bob"}, {"text", text + "x"}});
    CHECK(refused.at("code") == "too_long");
}

TEST_CASE("disconnect and connect") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    alice.ask({{"cmd", "disconnect"}, {"peer", "Bob"}});
    alice.wait_until("offline",
                     [&] { return alice.peer(bob.fingerprint()).at("state") != "online"; });
    alice.ask({{"cmd", "connect"}, {"peer", "Bob"}});
    wait_until_online(alice, bob);
}
