// SPDX-License-Identifier: MIT
//
// Names at a relay, of whole nodes: claimed, kept up to date, looked up, and what all of them
// refuse.
#include <catch2/catch_test_macros.hpp>

#include "tests/net/memory_mailbox_store.hpp"
#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;

namespace {

/// Bob and Mallory have a relay; Alice has none of her own.
struct Town {
    explicit Town(bool keeps_names = true)
        : network(1),
          relay(network, sim::test_identity("carol"), 9),
          store(std::make_unique<MemoryMailboxStore>(relay.clock())),
          a(network, "alice", 1),
          b(network, "bob", 2),
          m(network, "mallory", 3) {
        open_relay(keeps_names);
        for (auto* node : {&a, &b, &m}) {
            node->live_relays = true;
            if (node != &a) node->relays = {relay.relay_address()};
            node->start();
        }
        if (!until([&] { return online(b) && online(m); })) throw std::runtime_error("no relay");
    }
    void open_relay(bool keeps_names = true) {
        answer(true);
        relay.start_relay({}, {}, keeps_names ? store.get() : nullptr);
    }
    /// Without, the relay does what it is asked and says nothing.
    void answer(bool on) {
        relay.on_settle = [this, on] {
            while (on && store->run() > 0) {
            }
        };
    }
    bool until(const std::function<bool()>& done, std::chrono::milliseconds limit = 120s) {
        return network.run_until(done, limit);
    }
    static model::Relay row(sim::SimNode& node) {
        return std::get<model::Relays>(node.call(model::ListRelays{}).value()).relays.at(0);
    }
    static bool online(sim::SimNode& node) { return row(node).state == model::RelayState::online; }
    [[nodiscard]] std::string host() const { return "192.0.2.9:4711"; }
    [[nodiscard]] std::string at_relay(const std::string& name) const {
        return name + "@" + crypto::format(relay.relay_address());
    }
    /// Reply of a command, which may wait for a relay that is not there.
    model::Reply ask(sim::SimNode& node, model::Command command) {
        std::optional<model::Reply> reply;
        node.send(std::move(command), [&](model::Reply given) { reply = std::move(given); });
        if (!until([&] { return reply.has_value(); })) throw std::runtime_error("no reply");
        return *reply;
    }
    std::string claim(sim::SimNode& node, const std::string& name) {
        return code(ask(node, model::ClaimName{host(), name}));
    }
    tl::expected<model::FoundName, model::Error> find(const std::string& whom) {
        auto reply = ask(a, model::FindName{whom});
        if (!reply) return tl::unexpected(reply.error());
        return std::get<model::FoundName>(*reply);
    }
    std::string found_id(const std::string& whom) {
        const auto found = find(whom);
        return found ? found->connection_id : found.error().code;
    }

    sim::SimNetwork network;
    sim::SimHost relay;
    std::unique_ptr<MemoryMailboxStore> store;
    sim::SimNode a, b, m;
};

}  // namespace

TEST_CASE(
    "names: claimed once, found by everybody who knows the relay, and there after a restart") {
    Town town;
    REQUIRE(town.claim(town.b, " Bob.B ") == "ok");
    CHECK(Town::row(town.b).registered_name == "bob.b");
    CHECK(Town::row(town.b).registered);
    const auto found = town.find(town.at_relay("BOB.b")).value();
    CHECK(found.name == "bob.b");
    CHECK(found.relay == town.host());
    CHECK(found.connection_id == town.b.connection_id());
    CHECK(found.peer == town.b.id());

    town.b.crash();
    town.b.start();
    CHECK(Town::row(town.b).registered_name == "bob.b");
    REQUIRE(town.until([&] { return Town::row(town.b).registered; }));
    CHECK(town.found_id(town.at_relay("bob.b")) == town.b.connection_id());
}

TEST_CASE("names: who has one keeps it from others until it is given back or changed") {
    Town town;
    REQUIRE(town.claim(town.b, "bob") == "ok");
    const auto refused = town.ask(town.m, model::ClaimName{town.host(), "BOB"});
    REQUIRE(code(refused) == "name_taken");
    CHECK(refused.error().text.find("bob") != std::string::npos);
    CHECK(Town::row(town.m).registered_name.empty());
    REQUIRE(town.claim(town.b, "bob") == "ok");  // it is his already
    REQUIRE(town.claim(town.b, "robert") == "ok");
    CHECK(town.found_id(town.at_relay("bob")) == "no_such_name");
    CHECK(town.claim(town.m, "bob") == "ok");
    CHECK(town.found_id(town.at_relay("bob")) == town.m.connection_id());
    REQUIRE(town.claim(town.b, "") == "ok");
    CHECK(town.claim(town.b, "") == "ok");  // there is none
    CHECK(Town::row(town.b).registered_name.empty());
    CHECK(town.found_id(town.at_relay("robert")) == "no_such_name");
    town.b.crash();
    town.b.start();
    town.network.run_for(60s);
    CHECK(town.found_id(town.at_relay("robert")) == "no_such_name");
}

TEST_CASE("names: a new connection ID takes the place of the old one soon, and not at any pace") {
    Town town;
    REQUIRE(town.claim(town.b, "bob") == "ok");
    const auto before = town.b.connection_id();
    REQUIRE(town.b.call(model::NewConnectionId{}));
    CHECK_FALSE(Town::row(town.b).registered);
    REQUIRE(town.b.connection_id() != before);
    REQUIRE(town.until([&] { return Town::row(town.b).registered; }, 5s));
    CHECK(town.found_id(town.at_relay("bob")) == town.b.connection_id());

    town.b.events.clear();
    for (int i = 0; i < 100; ++i) {
        REQUIRE(town.b.call(model::NewConnectionId{}));
        town.network.run_for(std::chrono::milliseconds(2'000 + 101 * (i % 20)));  // not in step
    }
    // Each answer is told that is still right.
    const auto told = events_of<model::RelayChanged>(town.b);
    const auto claims =
        std::ranges::count_if(told, [](const auto& event) { return event.relay.registered; });
    CHECK(claims >= 4);
    CHECK(claims <= 16);
    REQUIRE(town.until([&] { return Town::row(town.b).registered; }));
    CHECK(town.found_id(town.at_relay("bob")) == town.b.connection_id());
}

TEST_CASE("names: a relay that has forgotten everything is told again when it comes back") {
    Town town;
    REQUIRE(town.claim(town.b, "bob") == "ok");
    town.relay.crash(false);
    town.store = std::make_unique<MemoryMailboxStore>(town.relay.clock());
    town.open_relay();
    REQUIRE(town.until([&] { return town.found_id(town.at_relay("bob")) != "no_such_name"; }));
    CHECK(town.found_id(town.at_relay("bob")) == town.b.connection_id());
}

TEST_CASE("names: one that somebody else has got meanwhile is told, and stays asked for") {
    Town town;
    REQUIRE(town.claim(town.b, "bob") == "ok");
    town.b.crash();
    town.relay.crash(false);
    town.store = std::make_unique<MemoryMailboxStore>(town.relay.clock());
    town.open_relay();
    REQUIRE(town.until([&] { return town.claim(town.m, "bob") == "ok"; }));
    town.b.start();
    REQUIRE(town.until([&] { return !Town::row(town.b).name_error.empty(); }));
    CHECK(Town::row(town.b).registered_name == "bob");
    CHECK_FALSE(Town::row(town.b).registered);
    REQUIRE(town.claim(town.m, "") == "ok");
    REQUIRE(town.b.call(model::NewConnectionId{}));
    REQUIRE(town.until([&] { return Town::row(town.b).registered; }));
    CHECK(Town::row(town.b).name_error.empty());
}

TEST_CASE("names: a change nobody has answered is none") {
    Town town;
    REQUIRE(town.claim(town.b, "bob") == "ok");
    town.answer(false);
    CHECK(town.claim(town.b, "robert") == "relay_unreachable");
    CHECK(Town::row(town.b).registered_name == "bob");
    CHECK_FALSE(Town::row(town.b).registered);
    town.answer(true);
    REQUIRE(town.until([&] { return town.found_id(town.at_relay("bob")) != "no_such_name"; }));
    CHECK(town.found_id(town.at_relay("bob")) == town.b.connection_id());
    CHECK(town.found_id(town.at_relay("robert")) == "no_such_name");
}

TEST_CASE("names: one that comes after its relay was removed is not kept") {
    Town town;
    town.answer(false);
    std::optional<model::Reply> reply;
    town.b.send(model::ClaimName{town.host(), "bob"}, [&](auto given) { reply = given; });
    town.network.run_for(1s);
    REQUIRE(town.b.call(model::RemoveRelay{town.host()}));
    REQUIRE_FALSE(reply);
    town.answer(true);
    CHECK(town.found_id(town.at_relay("bob")) != "busy");  // and wakes the relay
    REQUIRE(town.until([&] { return reply.has_value(); }));
    CHECK(code(*reply) == "no_such_relay");
    REQUIRE(town.until([&] { return town.found_id(town.at_relay("bob")) == "no_such_name"; }));
}

TEST_CASE("names: with a relay goes the name there") {
    Town town;
    REQUIRE(town.claim(town.b, "bob") == "ok");
    REQUIRE(town.b.call(model::RemoveRelay{town.host()}));
    town.network.run_for(5s);
    CHECK(town.found_id(town.at_relay("bob")) == "no_such_name");
    REQUIRE(town.b.call(model::AddRelay{crypto::format(town.relay.relay_address())}));
    CHECK(Town::row(town.b).registered_name.empty());
    town.b.crash();
    town.b.start();
    CHECK(Town::row(town.b).registered_name.empty());
}

TEST_CASE("names: what cannot be claimed says why") {
    Town town;
    for (const auto* bad : {"ab", "b b b", "-bob", "bob@here"}) {
        INFO(bad);
        CHECK(town.claim(town.b, bad) == "bad_name");
    }
    for (const std::string& whose : {std::string("elsewhere.example.org"), std::string("192.0.2.8"),
                                     crypto::format(crypto::RelayAddress{{}, {}, "relay", 1})}) {
        INFO(whose);
        CHECK(code(town.ask(town.b, model::ClaimName{whose, "bob"})) == "no_such_relay");
    }
    CHECK(code(town.ask(town.a, model::ClaimName{town.host(), "alice"})) == "no_such_relay");
    CHECK(code(town.ask(town.b, model::ClaimName{"kith-relay1x", "bob"})) == "bad_relay_address");
    town.store->set_busy(true);
    CHECK(town.claim(town.b, "bob") == "busy");
    town.store->set_busy(false);
    town.store->fail_writes(true);
    CHECK(town.claim(town.b, "bob") == "relay_failed");
    town.store->fail_writes(false);
    CHECK(Town::row(town.b).registered_name.empty());
    town.relay.crash(false);
    REQUIRE(town.until([&] { return Town::row(town.b).state == model::RelayState::offline; }));
    CHECK(town.claim(town.b, "bob") == "relay_unreachable");
    CHECK(code(town.ask(town.b, model::FindName{"bob@" + town.host()})) == "relay_unreachable");
}

TEST_CASE("names: a relay without them says so") {
    Town town(false);
    CHECK(town.claim(town.b, "bob") == "no_names");
    const auto found = town.find(town.at_relay("bob"));
    REQUIRE_FALSE(found);
    CHECK(found.error().code == "no_such_name");
    CHECK(found.error().text.find("keeps no names") != std::string::npos);
}

TEST_CASE("names: what cannot be looked up says why") {
    Town town;
    CHECK(town.found_id("bob@" + town.host()) == "unknown_relay");
    CHECK(town.found_id("bob@kith-relay1x") == "bad_relay_address");
    CHECK(town.found_id("b@" + town.host()) == "bad_name");
    CHECK(town.found_id("bob") == "bad_name");
    CHECK(town.found_id(town.at_relay("bob")) == "no_such_name");
    town.store->set_busy(true);
    CHECK(town.found_id(town.at_relay("bob")) == "busy");
    town.store->set_busy(false);
    auto elsewhere = town.relay.relay_address();
    elsewhere.port = 1;
    CHECK(town.found_id("bob@" + crypto::format(elsewhere)) == "relay_unreachable");
    // Somebody else's key at the same place is not that relay.
    auto another = town.relay.relay_address();
    another.relay = town.m.host().fingerprint();
    CHECK(town.found_id("bob@" + crypto::format(another)) == "relay_unreachable");
}

TEST_CASE("names: an answer that is no connection ID is none") {
    Town town;
    std::string foreign = crypto::format(town.relay.relay_address());
    for (const std::string& card : {std::string(), std::string("hello"), foreign,
                                    town.b.connection_id() + "x", std::string(4096, 'k')}) {
        INFO(card);
        std::optional<net::MailboxReply> reply;
        town.m.host().relays().mailbox().claim_name(town.relay.relay_address(), "junk",
                                                    {card.begin(), card.end()},
                                                    [&](const auto& given) { reply = given; });
        REQUIRE(town.until([&] { return reply.has_value(); }));
        REQUIRE(reply->outcome == net::MailboxOutcome::done);
        CHECK(town.found_id(town.at_relay("junk")) == "bad_answer");
        CHECK(code(town.ask(town.a, model::AddContact{town.at_relay("junk"), ""})) == "bad_answer");
    }
}

TEST_CASE("names: only so many are looked up at a time") {
    Town town;
    auto nowhere = town.relay.relay_address();
    nowhere.host = "192.0.2.77";
    int busy = 0, replies = 0;
    for (std::size_t i = 0; i < 3 * node::Names::look_ups_max; ++i) {
        town.a.send(model::FindName{"bob@" + crypto::format(nowhere)}, [&](const auto& reply) {
            ++replies;
            busy += code(reply) == "busy" ? 1 : 0;
        });
    }
    REQUIRE(town.until([&] { return replies == 3 * int(node::Names::look_ups_max); }));
    CHECK(busy == 2 * int(node::Names::look_ups_max));
    CHECK(town.found_id(town.at_relay("bob")) == "no_such_name");
}

TEST_CASE("names: a contact is added by name, and the errors are those of an ID") {
    Town town;
    REQUIRE(town.claim(town.b, "bob") == "ok");
    CHECK(code(town.ask(town.b, model::AddContact{"bob@" + town.host(), ""})) == "own_id");
    CHECK(code(town.ask(town.a, model::AddContact{town.at_relay("rob"), ""})) == "no_such_name");
    CHECK(code(town.ask(town.a, model::AddContact{town.at_relay("bob"), std::string(300, 'x')})) ==
          "too_long");
    CHECK_FALSE(town.a.peer(town.b));
    const auto added = town.ask(town.a, model::AddContact{town.at_relay("bob"), "It is me."});
    REQUIRE(added);
    CHECK(std::get<model::PeerReply>(*added).peer == town.b.id());
    REQUIRE(town.until([&] { return town.b.count<model::RequestReceived>() == 1; }));
    CHECK(events_of<model::RequestReceived>(town.b).back().request.greeting == "It is me.");
    REQUIRE(town.b.call(model::AcceptRequest{town.a.id()}));
    REQUIRE(town.until([&] { return town.a.presence(town.b) == model::Presence::online; }));

    // From now on the relay is known by its host: a contact has it.
    REQUIRE(town.claim(town.m, "mallory") == "ok");
    CHECK(town.found_id("mallory@192.0.2.9") == town.m.connection_id());
    REQUIRE(town.a.call(model::BlockPeer{town.m.id()}).has_value() == false);
    REQUIRE(town.a.call(model::BlockPeer{town.b.id()}));
    CHECK(town.found_id("mallory@192.0.2.9") == "unknown_relay");
    CHECK(code(town.ask(town.a, model::AddContact{town.at_relay("bob"), ""})) == "blocked");
}
