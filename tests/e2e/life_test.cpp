// SPDX-License-Identifier: MIT
//
// The life of a message between two people: waiting, sent, delivered, read; replied to, edited,
// reacted to, deleted, taken back; with one side or the other away in between.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

struct Pair {
    Pair() { befriend(alice, bob); }

    /// Until the other side has what `from` just sent.
    void exchange(Instance& from, Instance& to) {
        const std::string id = from.say(to.fingerprint(), "in between");
        to.wait_for_message(from.fingerprint(), id, [](const Json&) { return true; });
    }
    void away(Instance& who, Instance& seen_by) {
        CHECK(who.quit() == 0);
        seen_by.wait_until("offline",
                           [&] { return seen_by.peer(who.fingerprint()).at("state") != "online"; });
    }

    Instance alice{"Alice"}, bob{"Bob"};
};

bool delivered(const Json& m) { return m.at("state") == "delivered" || m.at("state") == "read"; }

Json edit(const std::string& id, const std::string& text) {
    return {{"cmd", "edit_message"}, {"message", id}, {"text", text}};
}
Json erase(const std::string& id, const std::string& whom = "both") {
    return {{"cmd", "delete_message"}, {"message", id}, {"for", whom}};
}
Json react(const std::string& id, const std::string& emoji, bool on = true) {
    return {{"cmd", "react"}, {"message", id}, {"emoji", emoji}, {"on", on}};
}

}  // namespace

TEST_CASE_METHOD(Pair, "what is done to a message is seen on both sides") {
    const std::string question = alice.say(bob.fingerprint(), "Lnch?");
    bob.wait_for_message(alice.fingerprint(), question, [](const Json&) { return true; });
    alice.ask(edit(question, "Lunch?"));
    bob.wait_for_message(alice.fingerprint(), question, [](const Json& m) {
        return m.at("text") == "Lunch?" && m.at("edited") == true;
    });
    const std::string answer =
        bob.ask({{"cmd", "send_text"}, {"peer", "Alice"}, {"text", "yes"}, {"reply_to", question}})
            .at("message");
    const Json reply =
        alice.wait_for_message(bob.fingerprint(), answer, [](const Json&) { return true; });
    CHECK(reply.at("reply_to") == question);
    CHECK(reply.at("quote") == Json{{"text", "Lunch?"}, {"outgoing", true}, {"deleted", false}});
    bob.ask(react(question, "👍"));
    bob.ask(react(question, "🍜"));
    alice.ask(react(question, "👍"));
    const Json expected{{"👍", Json::array({alice.fingerprint(), bob.fingerprint()})},
                        {"🍜", Json::array({bob.fingerprint()})}};
    const auto all_three = [&](const Json& m) {
        return m.at("reactions").value("👍", Json()).size() == 2 && m.at("reactions").contains("🍜");
    };
    alice.wait_for_message(bob.fingerprint(), question, all_three);
    bob.wait_for_message(alice.fingerprint(), question, all_three);
    bob.ask(react(question, "🍜", false));
    alice.wait_for_message(bob.fingerprint(), question, [](const Json& m) {
        return !m.at("reactions").contains("🍜") && m.at("reactions").contains("👍");
    });
    alice.ask(erase(question));
    const Json tombstone = bob.wait_for_message(
        alice.fingerprint(), question, [](const Json& m) { return m.at("deleted") == true; });
    CHECK(tombstone.at("text") == "");
    CHECK(bob.message(alice.fingerprint(), answer).at("quote").at("deleted") == true);
    CHECK(bob.message(alice.fingerprint(), answer).at("quote").at("text") == "");
    wait_until_agreed(alice, bob);
}

TEST_CASE_METHOD(Pair, "what is done while the other is away arrives when they return") {
    const std::string first = alice.say(bob.fingerprint(), "first");
    const std::string second = alice.say(bob.fingerprint(), "second");
    bob.wait_for_message(alice.fingerprint(), second, [](const Json&) { return true; });
    away(bob, alice);
    alice.ask(edit(first, "first, again"));
    alice.ask(edit(first, "first, for good"));
    alice.ask(react(first, "🎉"));
    alice.ask(erase(second));
    const std::string third = alice.say(bob.fingerprint(), "third");
    alice.ask(edit(third, "third, edited while it waits"));
    const std::string never = alice.say(bob.fingerprint(), "said and deleted while it waits");
    alice.ask(erase(never));
    SECTION("with the sender running on") {}
    SECTION("after the sender was killed") { alice.restart(); }
    SECTION("after the sender was closed and opened") {
        CHECK(alice.quit() == 0);
        alice.start();
    }
    bob.start();
    bob.wait_for_message(alice.fingerprint(), third, [](const Json& m) {
        return m.at("text") == "third, edited while it waits";
    });
    bob.wait_for_message(alice.fingerprint(), first, [&](const Json& m) {
        return m.at("text") == "first, for good" && m.at("edited") == true &&
               m.at("reactions").contains("🎉");
    });
    bob.wait_for_message(alice.fingerprint(), second,
                         [](const Json& m) { return m.at("deleted") == true; });
    for (const Json& m : bob.history(alice.fingerprint()))
        CHECK(m.at("text").get<std::string>().find("said and deleted") == std::string::npos);
    bob.restart();
    wait_until_agreed(alice, bob);
}

TEST_CASE_METHOD(Pair, "both edit and react while apart, and agree afterwards") {
    const std::string of_alice = alice.say(bob.fingerprint(), "of Alice");
    const std::string of_bob = bob.say(alice.fingerprint(), "of Bob");
    alice.wait_for_message(bob.fingerprint(), of_bob, [](const Json&) { return true; });
    bob.wait_for_message(alice.fingerprint(), of_alice, [](const Json&) { return true; });
    away(bob, alice);
    alice.ask(edit(of_alice, "of Alice, edited"));
    alice.ask(react(of_bob, "👍"));
    CHECK(alice.quit() == 0);
    bob.start();
    bob.ask(edit(of_bob, "of Bob, edited"));
    bob.ask(react(of_bob, "👍"));
    bob.ask(react(of_alice, "🎉"));
    alice.start();
    for (Instance* who : {&alice, &bob}) {
        Instance& other = who == &alice ? bob : alice;
        who->wait_for_message(other.fingerprint(), of_alice, [](const Json& m) {
            return m.at("text") == "of Alice, edited" && m.at("reactions").contains("🎉");
        });
        who->wait_for_message(other.fingerprint(), of_bob, [](const Json& m) {
            return m.at("text") == "of Bob, edited" && m.at("reactions").at("👍").size() == 2;
        });
    }
    wait_until_agreed(alice, bob);
}

TEST_CASE_METHOD(Pair, "queued, delivered, read") {
    away(bob, alice);
    const std::string id = alice.say(bob.fingerprint(), "hi");
    CHECK(alice.message(bob.fingerprint(), id).at("state") == "queued");
    alice.restart();
    CHECK(alice.message(bob.fingerprint(), id).at("state") == "queued");
    bob.start();
    alice.wait_for_message(bob.fingerprint(), id, delivered);
    CHECK(alice.message(bob.fingerprint(), id).at("state") == "delivered");
    const std::string behind = alice.say(bob.fingerprint(), "not read yet");
    bob.wait_for_message(alice.fingerprint(), behind, [](const Json&) { return true; });
    bob.ask({{"cmd", "mark_read"}, {"peer", "Alice"}, {"message", id}});
    alice.wait_for_message(bob.fingerprint(), id,
                           [](const Json& m) { return m.at("state") == "read"; });
    CHECK(alice.message(bob.fingerprint(), behind).at("state") == "delivered");
    bob.ask({{"cmd", "mark_read"}, {"peer", "Alice"}});
    alice.wait_for_message(bob.fingerprint(), behind,
                           [](const Json& m) { return m.at("state") == "read"; });
    alice.restart();
    CHECK(alice.message(bob.fingerprint(), id).at("state") == "read");
}

TEST_CASE_METHOD(Pair, "a receipt waits for whom it is meant") {
    const std::string id = alice.say(bob.fingerprint(), "hi");
    bob.wait_for_message(alice.fingerprint(), id, [](const Json&) { return true; });
    away(alice, bob);
    bob.ask({{"cmd", "mark_read"}, {"peer", "Alice"}, {"message", id}});
    bob.restart();
    alice.start();
    alice.wait_for_message(bob.fingerprint(), id,
                           [](const Json& m) { return m.at("state") == "read"; });
}

TEST_CASE_METHOD(Pair, "read receipts can be turned off") {
    bob.ask({{"cmd", "set_settings"}, {"read_receipts", false}});
    const std::string id = alice.say(bob.fingerprint(), "hi");
    bob.wait_for_message(alice.fingerprint(), id, [](const Json&) { return true; });
    bob.ask({{"cmd", "mark_read"}, {"peer", "Alice"}, {"message", id}});
    CHECK(bob.peer(alice.fingerprint()).at("unread") == 0);
    exchange(bob, alice);  // goes out behind what a receipt would have been
    CHECK(alice.message(bob.fingerprint(), id).at("state") == "delivered");
    bob.restart();
    wait_until_online(alice, bob);
    exchange(bob, alice);
    CHECK(alice.message(bob.fingerprint(), id).at("state") == "delivered");
    bob.ask({{"cmd", "set_settings"}, {"read_receipts", true}});
    const std::string later = alice.say(bob.fingerprint(), "and now");
    bob.wait_for_message(alice.fingerprint(), later, [](const Json&) { return true; });
    bob.ask({{"cmd", "mark_read"}, {"peer", "Alice"}, {"message", later}});
    alice.wait_for_message(bob.fingerprint(), later,
                           [](const Json& m) { return m.at("state") == "read"; });
}

TEST_CASE_METHOD(Pair, "typing is seen, ends, and can be turned off") {
    const auto typing = [](bool on) {
        return [on](const Json& e) { return e.at("event") == "typing" && e.at("on") == on; };
    };
    const Json on{{"cmd", "typing"}, {"peer", "Alice"}, {"on", true}};
    bob.ask(on);
    CHECK(alice.wait_for_event("typing", typing(true)).at("peer") == bob.fingerprint());
    CHECK(alice.peer(bob.fingerprint()).at("typing") == true);
    bob.ask({{"cmd", "typing"}, {"peer", "Alice"}, {"on", false}});
    alice.wait_for_event("typing ends", typing(false));
    CHECK(alice.peer(bob.fingerprint()).at("typing") == false);
    bob.ask({{"cmd", "set_settings"}, {"typing", false}});
    bob.ask(on);
    const std::string id = bob.say(alice.fingerprint(), "said without typing");
    bool seen = false;
    alice.wait_for_event("the text", [&](const Json& e) {
        seen = seen || typing(true)(e);
        return e.at("event") == "message" && e.at("message") == id;
    });
    CHECK_FALSE(seen);
}

TEST_CASE_METHOD(Pair, "a message that waits can be taken back") {
    away(bob, alice);
    const std::string unsaid = alice.say(bob.fingerprint(), "unsaid");
    const std::string said = alice.say(bob.fingerprint(), "said");
    SECTION("at once") {}
    SECTION("after a restart") { alice.restart(); }
    alice.ask({{"cmd", "cancel_message"}, {"message", unsaid}});
    CHECK(alice.message(bob.fingerprint(), unsaid) == nullptr);
    bob.start();
    alice.wait_for_message(bob.fingerprint(), said, delivered);
    CHECK(bob.message(alice.fingerprint(), unsaid) == nullptr);
    wait_until_agreed(alice, bob);
    const Json late = alice.request({{"cmd", "cancel_message"}, {"message", said}});
    CHECK(late.at("code") == "too_late");
    CHECK(alice.message(bob.fingerprint(), said).at("text") == "said");
}

TEST_CASE_METHOD(Pair, "deleted for oneself is gone here, stays there, and does not come back") {
    const std::string id = alice.say(bob.fingerprint(), "hi");
    bob.wait_for_message(alice.fingerprint(), id, [](const Json&) { return true; });
    bob.ask(erase(id, "me"));
    CHECK(bob.message(alice.fingerprint(), id) == nullptr);
    alice.ask(edit(id, "hello"));
    alice.ask(react(id, "🎉"));
    exchange(alice, bob);
    CHECK(bob.message(alice.fingerprint(), id) == nullptr);
    bob.restart();
    CHECK(bob.message(alice.fingerprint(), id) == nullptr);
    CHECK(alice.message(bob.fingerprint(), id).at("text") == "hello");
}

TEST_CASE_METHOD(Pair, "what cannot be done to a message is refused with a reason") {
    const std::string id = alice.say(bob.fingerprint(), "hi");
    bob.wait_for_message(alice.fingerprint(), id, [](const Json&) { return true; });
    const auto code = [](Instance& who, const Json& fields) {
        const Json reply = who.request(fields);
        CHECK(reply.at("ok") == false);
        return reply.value("code", "");
    };
    const std::string unknown = "01890a5d-ac96-774b-bcce-b302099a8057";
    CHECK(code(bob, edit(id, "mine now")) == "not_yours");
    CHECK(code(bob, erase(id)) == "not_yours");
    CHECK(code(alice, edit(unknown, "x")) == "no_such_message");
    CHECK(code(alice, erase(unknown)) == "no_such_message");
    CHECK(code(alice, react(unknown, "👍")) == "no_such_message");
    CHECK(code(alice, {{"cmd", "cancel_message"}, {"message", unknown}}) == "no_such_message");
    CHECK(alice.request(react(id, "a b")).at("ok") == false);
    for (const char* emoji : {"1", "2", "3", "4", "5", "6", "7", "8"}) alice.ask(react(id, emoji));
    CHECK(code(alice, react(id, "9")) == "too_many");
    CHECK(alice.message(bob.fingerprint(), id).at("text") == "hi");
    CHECK(bob.message(alice.fingerprint(), id).at("text") == "hi");
}
