// SPDX-License-Identifier: MIT
#include "app/node/people.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith;
using node::People;
using store::Relation;

namespace {

model::PeerId id(std::uint8_t first, std::uint8_t last = 0) {
    model::PeerId peer;
    peer.bytes[0] = first;
    peer.bytes[31] = last;
    return peer;
}

node::Person& add(People& people, model::PeerId peer, std::string name,
                  Relation relation = Relation::contact) {
    store::PeerRow row;
    row.id = peer;
    row.own_name = std::move(name);
    row.relation = relation;
    return people.put(std::move(row));
}

}  // namespace

TEST_CASE("people are found by fingerprint, prefix and name") {
    People people;
    add(people, id(0xab, 1), "Ada");
    add(people, id(0xcd, 2), "Bob").row.alias = "Bobby";
    CHECK(people.resolve(model::to_hex(id(0xab, 1))) == id(0xab, 1));
    CHECK(people.resolve("AB000000") == id(0xab, 1));
    CHECK(people.resolve("Ada") == id(0xab, 1));
    CHECK(people.resolve("Bobby") == id(0xcd, 2));
    CHECK(people.resolve("Bob") == id(0xcd, 2));
    CHECK(people.resolve("ab00000").error().code == "no_such_peer");  // too short for a prefix
    CHECK(people.resolve("").error().code == "no_such_peer");
}

TEST_CASE("what fits two people names neither") {
    People people;
    add(people, id(0xab, 1), "Ada");
    add(people, id(0xab, 2), "Ada");
    CHECK(people.resolve("ab000000").error().code == "ambiguous_peer");
    CHECK(people.resolve("Ada").error().code == "ambiguous_peer");
    CHECK(people.resolve(model::to_hex(id(0xab, 2))) == id(0xab, 2));
}

TEST_CASE("nobody can take the name of a contact who goes by an alias") {
    People people;
    add(people, id(1), "Alice").row.alias = "Alice (work)";
    add(people, id(2), "Alice");
    CHECK(people.resolve("Alice").error().code == "ambiguous_peer");
    CHECK(people.resolve("Alice (work)") == id(1));
    add(people, id(3), "Alice (work)");
    CHECK(people.resolve("Alice (work)") == id(1));  // the user's own names come first
}

TEST_CASE("somebody who has told no name is shown by their fingerprint") {
    People people;
    CHECK(to_model(add(people, id(0xab), "")).name == "ab000000");
}

TEST_CASE("a name made of hex digits is still a name") {
    People people;
    add(people, id(0x01), "deadbeef");
    CHECK(people.resolve("deadbeef") == id(0x01));
}

TEST_CASE("presence follows relation, block and session") {
    People people;
    auto& person = add(people, id(1), "Ada");
    CHECK(to_model(person).presence == model::Presence::offline);
    person.dialling = true;
    CHECK(to_model(person).presence == model::Presence::connecting);
    person.session = true;
    CHECK(to_model(person).presence == model::Presence::online);
    CHECK(to_model(person).path == model::PathKind::direct);
    person.row.relation = Relation::pending_in;
    CHECK(to_model(person).presence == model::Presence::pending_in);
    person.row.blocked = true;
    CHECK(to_model(person).presence == model::Presence::blocked);
    CHECK_FALSE(person.is_contact());
}

TEST_CASE("removed contacts and denied strangers are not listed, blocked ones are") {
    People people;
    add(people, id(1), "kept");
    add(people, id(2), "removed", Relation::removed);
    add(people, id(3), "denied", Relation::denied);
    add(people, id(4), "blocked", Relation::denied).row.blocked = true;
    const auto listed = people.listed().peers;
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].name == "kept");
    CHECK(listed[1].name == "blocked");
}

TEST_CASE("the list begins with the latest conversation, requests with the oldest") {
    People people;
    add(people, id(1), "old").last_activity = 10;
    add(people, id(2), "new").last_activity = 20;
    add(people, id(3), "second", Relation::pending_in).row.created_at = 9;
    add(people, id(4), "first", Relation::pending_in).row.created_at = 5;
    CHECK(people.listed().peers[0].name == "new");
    CHECK(people.requests().requests[0].name == "first");
    CHECK(people.count(Relation::pending_in) == 2);
}
