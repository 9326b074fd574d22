// SPDX-License-Identifier: MIT
//
// How strangers become contacts, or do not.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

Json requests(Instance& who) { return who.ask({{"cmd", "requests"}}).at("requests"); }

void ask_for_contact(Instance& from, Instance& to) {
    from.ask(
        {{"cmd", "add_contact"}, {"connection_id", to.connection_id()}, {"greeting", "hello"}});
    to.wait_until("a request", [&] { return !requests(to).empty(); });
}

std::string state_of(Instance& who, Instance& whom) {
    const Json entry = who.peer(whom.fingerprint());
    return entry.is_object() ? entry.at("state").get<std::string>() : "unknown";
}

}  // namespace

TEST_CASE("a request, accepted, makes two contacts") {
    Instance alice("Alice"), bob("Bob");
    const Json added = alice.ask(
        {{"cmd", "add_contact"}, {"connection_id", bob.connection_id()}, {"greeting", "It's me"}});
    CHECK(added.at("peer") == bob.fingerprint());
    bob.wait_until("a request", [&] { return !requests(bob).empty(); });
    const Json request = requests(bob).at(0);
    CHECK(request.at("peer") == alice.fingerprint());
    CHECK(request.at("name") == "Alice");
    CHECK(request.at("greeting") == "It's me");
    CHECK(state_of(bob, alice) == "pending_in");
    CHECK(state_of(alice, bob) == "pending_out");
    bob.ask({{"cmd", "accept"}, {"peer", alice.fingerprint()}});
    wait_until_online(alice, bob);
    CHECK(requests(bob).empty());
    CHECK(alice.peer(bob.fingerprint()).at("path") == "direct");
    alice.wait_until("the other's name",
                     [&] { return alice.peer(bob.fingerprint()).at("name") == "Bob"; });
    CHECK(alice.ask({{"cmd", "safety_number"}, {"peer", "Bob"}}).at("digits") ==
          bob.ask({{"cmd", "safety_number"}, {"peer", "Alice"}}).at("digits"));
    alice.ask(
        {{"cmd", "set_verified"}, {"peer", bob.fingerprint().substr(0, 8)}, {"verified", true}});
    CHECK(alice.peer(bob.fingerprint()).at("verified") == true);
    alice.restart();
    CHECK(alice.peer(bob.fingerprint()).at("verified") == true);
    wait_until_online(alice, bob);
}

TEST_CASE("a connection ID survives line breaks and is refused when damaged") {
    Instance alice("Alice"), bob("Bob");
    std::string id = bob.connection_id();
    std::string damaged = id;
    damaged[damaged.size() / 2] = damaged[damaged.size() / 2] == 'A' ? 'B' : 'A';
    CHECK(alice.request({{"cmd", "add_contact"}, {"connection_id", damaged}}).at("ok") == false);
    CHECK(alice.request({{"cmd", "add_contact"}, {"connection_id", "kith1"}}).at("ok") == false);
    CHECK(alice.request({{"cmd", "add_contact"}, {"connection_id", alice.connection_id()}})
              .at("ok") == false);
    id.insert(id.size() / 2, "\n  ");
    CHECK(alice.ask({{"cmd", "add_contact"}, {"connection_id", id}}).at("peer") ==
          bob.fingerprint());
}

TEST_CASE("a denied request goes away on both sides") {
    Instance alice("Alice"), bob("Bob");
    ask_for_contact(alice, bob);
    bob.ask({{"cmd", "deny"}, {"peer", alice.fingerprint()}});
    CHECK(requests(bob).empty());
    alice.wait_until("the answer", [&] {
        const Json entry = alice.peer(bob.fingerprint());
        return entry.is_null() || !entry.at("last_error").get<std::string>().empty();
    });
    CHECK(state_of(alice, bob) != "online");
    alice.restart();
    alice.ask({{"cmd", "whoami"}});
    CHECK(requests(bob).empty());
}

TEST_CASE("a stranger can say nothing but a request") {
    Instance alice("Alice"), bob("Bob");
    ask_for_contact(alice, bob);
    const Json sent =
        alice.request({{"cmd", "send_text"}, {"peer", bob.fingerprint()}, {"text", "unasked"}});
    bob.restart();
    alice.wait_until("a new session or none",
                     [&] { return state_of(alice, bob) == "pending_out"; });
    CHECK(requests(bob).size() == 1);
    const Json page = bob.request({{"cmd", "messages"}, {"peer", alice.fingerprint()}});
    if (page.at("ok") == true) CHECK(page.at("messages").empty());
    // What was written before is delivered once both agreed, if it was taken at all.
    bob.ask({{"cmd", "accept"}, {"peer", alice.fingerprint()}});
    wait_until_online(alice, bob);
    alice.say(bob.fingerprint(), "asked");
    bob.wait_until("the text", [&] { return !bob.history(alice.fingerprint()).empty(); });
    if (sent.at("ok") == false) CHECK(bob.history(alice.fingerprint()).size() == 1);
}

TEST_CASE("a blocked contact is cut off until unblocked") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    bob.ask({{"cmd", "block"}, {"peer", alice.fingerprint()}});
    CHECK(state_of(bob, alice) == "blocked");
    alice.wait_until("the end of the session", [&] { return state_of(alice, bob) != "online"; });
    alice.say(bob.fingerprint(), "while blocked");
    alice.ask({{"cmd", "connect"}, {"peer", bob.fingerprint()}});
    CHECK(bob.history(alice.fingerprint()).empty());
    bob.restart();
    CHECK(state_of(bob, alice) == "blocked");
    bob.ask({{"cmd", "unblock"}, {"peer", alice.fingerprint()}});
    bob.ask({{"cmd", "connect"}, {"peer", alice.fingerprint()}});
    wait_until_online(alice, bob);
    bob.wait_until("the text", [&] { return bob.history(alice.fingerprint()).size() == 1; });
}

TEST_CASE("a blocked stranger's request does not come back") {
    Instance alice("Alice"), bob("Bob");
    ask_for_contact(alice, bob);
    bob.ask({{"cmd", "block"}, {"peer", alice.fingerprint()}});
    CHECK(requests(bob).empty());
    alice.restart();
    alice.ask({{"cmd", "connect"}, {"peer", bob.fingerprint()}});
    alice.wait_until("a closed door", [&] {
        return !alice.peer(bob.fingerprint()).at("last_error").get<std::string>().empty();
    });
    CHECK(requests(bob).empty());
}

TEST_CASE("two who ask each other at once become contacts") {
    Instance alice("Alice"), bob("Bob");
    const std::string a = alice.connection_id(), b = bob.connection_id();
    alice.send({{"cmd", "add_contact"}, {"connection_id", b}});
    bob.send({{"cmd", "add_contact"}, {"connection_id", a}});
    CHECK(alice.receive().at("ok") == true);
    CHECK(bob.receive().at("ok") == true);
    wait_until_online(alice, bob);
}

TEST_CASE("a rotated connection ID keeps strangers out and contacts in") {
    Instance alice("Alice"), bob("Bob"), carol("Carol");
    befriend(alice, bob);
    const std::string old_id = bob.connection_id();
    const Json rotated = bob.ask({{"cmd", "new_connection_id"}});
    CHECK(rotated.at("connection_id") != old_id);
    carol.ask({{"cmd", "add_contact"}, {"connection_id", old_id}});
    alice.restart();
    wait_until_online(alice, bob);
    CHECK(requests(bob).empty());
    carol.ask({{"cmd", "add_contact"}, {"connection_id", rotated.at("connection_id")}});
    bob.wait_until("a request", [&] { return requests(bob).size() == 1; });
}

TEST_CASE("removing a contact is for both the end of the conversation") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    alice.ask({{"cmd", "remove_contact"}, {"peer", bob.fingerprint()}});
    const Json entry = alice.peer(bob.fingerprint());
    CHECK((entry.is_null() || entry.at("contact") == false));
    CHECK(alice.request({{"cmd", "send_text"}, {"peer", bob.fingerprint()}, {"text", "x"}})
              .at("ok") == false);
}

TEST_CASE("names: own, given, and back") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    bob.ask({{"cmd", "set_name"}, {"name", "Robert"}});
    alice.wait_until("the new name",
                     [&] { return alice.peer(bob.fingerprint()).at("name") == "Robert"; });
    alice.ask({{"cmd", "rename_contact"}, {"peer", "Robert"}, {"name", "Bobby"}});
    CHECK(alice.peer(bob.fingerprint()).at("name") == "Bobby");
    CHECK(alice.ask({{"cmd", "messages"}, {"peer", "Bobby"}}).at("messages").empty());
}
