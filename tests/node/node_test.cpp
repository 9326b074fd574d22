// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;
using model::Presence;

TEST_CASE("a request is shown with name and greeting, accepted, and both are contacts") {
    Two two;
    REQUIRE(two.a.call(model::AddContact{two.b.connection_id(), "It is me"}));
    REQUIRE(two.until([&] { return two.b.presence(two.a) == Presence::pending_in; }));
    const auto requests =
        std::get<model::Requests>(two.b.call(model::ListRequests{}).value()).requests;
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].name == "alice");
    CHECK(requests[0].greeting == "It is me");
    CHECK(two.a.presence(two.b) == Presence::pending_out);
    CHECK(two.a.peer(two.b)->own_name.empty());  // bob's name is not told before he accepts

    REQUIRE(two.b.call(model::AcceptRequest{two.a.id()}));
    REQUIRE(two.until([&] { return two.a.presence(two.b) == Presence::online; }));
    CHECK(two.a.peer(two.b)->name == "bob");
    CHECK(two.a.peer(two.b)->contact);
    CHECK(two.b.count<model::RequestGone>() == 1);
    CHECK(code(two.b.call(model::AcceptRequest{two.a.id()})) == "ok");  // again: nothing to do
}

TEST_CASE("texts go both ways, are delivered, counted as unread and read") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    REQUIRE(two.a.call(model::SendText{two.b.id(), "one", {}}));
    REQUIRE(two.a.call(model::SendText{two.b.id(), "two", {}}));
    REQUIRE(two.until([&] { return two.all_delivered(); }));
    REQUIRE(two.b.call(model::SendText{two.a.id(), "three", {}}));
    REQUIRE(two.until([&] { return two.a.conversation(two.b).size() == 3; }));
    CHECK(texts(two.b.conversation(two.a)) == std::vector<std::string>{"one", "two", "three"});
    CHECK(two.b.peer(two.a)->unread == 2);
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), two.b.conversation(two.a)[1].id}));
    CHECK(two.b.peer(two.a)->unread == 0);
    CHECK(two.b.peer(two.a)->last_text == "three");
}

TEST_CASE("texts written while the other is away arrive in order when they return") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    two.b.crash(true);
    std::vector<std::string> written;
    for (int i = 0; i < 1700; ++i) {  // more than fits between store and session at once
        written.push_back("text " + std::to_string(i));
        two.a.send(model::SendText{two.b.id(), written.back(), {}}, [](auto) {});
    }
    two.network.run_for(20s);
    CHECK(two.a.conversation(two.b).front().state == model::MessageState::queued);
    two.a.crash();  // and their sender is restarted, too
    two.a.start();
    two.b.start();
    REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == written.size(); }));
    CHECK(texts(two.b.conversation(two.a)) == written);
    REQUIRE(two.until([&] { return two.all_delivered(); }));
}

TEST_CASE("a denied stranger learns it and is not shown again") {
    Two two;
    REQUIRE(two.a.call(model::AddContact{two.b.connection_id(), ""}));
    REQUIRE(two.until([&] { return two.b.presence(two.a) == Presence::pending_in; }));
    REQUIRE(two.b.call(model::DenyRequest{two.a.id()}));
    CHECK_FALSE(two.b.peer(two.a));
    REQUIRE(
        two.until([&] { return two.a.peer(two.b)->last_error == "They declined your request."; }));
    REQUIRE(two.a.call(model::AddContact{two.b.connection_id(), "please"}));
    REQUIRE(
        two.until([&] { return two.a.peer(two.b)->last_error == "They declined your request."; }));
    CHECK_FALSE(two.b.peer(two.a));
}

TEST_CASE("a blocked contact gets nowhere and is not told; unblocked, texts flow again") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    REQUIRE(two.b.call(model::BlockPeer{two.a.id()}));
    CHECK(two.b.presence(two.a) == Presence::blocked);
    CHECK(code(two.b.call(model::SendText{two.a.id(), "x", {}})) == "blocked");
    REQUIRE(two.until([&] { return two.a.presence(two.b) != Presence::online; }));
    REQUIRE(two.a.call(model::SendText{two.b.id(), "are you there", {}}));
    two.network.run_for(60s);
    CHECK(two.a.presence(two.b) != Presence::online);
    CHECK(two.b.conversation(two.a).empty());

    REQUIRE(two.b.call(model::UnblockPeer{two.a.id()}));
    REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == 1; }));
    REQUIRE(two.until([&] { return two.all_delivered(); }));
}

TEST_CASE("two who ask each other at once are contacts without a click") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        Two two(seed);
        const auto to_b = two.b.connection_id();
        const auto to_a = two.a.connection_id();
        two.a.send(model::AddContact{to_b, ""}, [](auto) {});
        two.b.send(model::AddContact{to_a, ""}, [](auto) {});
        REQUIRE(two.until([&] {
            return two.a.presence(two.b) == Presence::online &&
                   two.b.presence(two.a) == Presence::online;
        }));
        REQUIRE(two.a.call(model::SendText{two.b.id(), "hi", {}}));
        REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == 1; }));
    }
}

TEST_CASE("removed contacts can be added again; history is kept") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    REQUIRE(two.a.call(model::SendText{two.b.id(), "before", {}}));
    REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == 1; }));
    REQUIRE(two.a.call(model::RemoveContact{two.b.id()}));
    CHECK_FALSE(two.a.peer(two.b));
    CHECK(code(two.a.call(model::SendText{two.b.id(), "x", {}})) == "not_a_contact");
    REQUIRE(two.a.call(model::AddContact{two.b.connection_id(), ""}));
    REQUIRE(two.until(
        [&] { return two.a.presence(two.b) == Presence::online; }));  // bob still knows alice
    CHECK(two.a.conversation(two.b).size() == 1);
    REQUIRE(two.b.call(model::SendText{two.a.id(), "after", {}}));
    REQUIRE(two.until([&] { return two.a.conversation(two.b).size() == 2; }));
}

TEST_CASE("somebody who removed us is reached again with their connection ID") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    REQUIRE(two.b.call(model::RemoveContact{two.a.id()}));
    REQUIRE(two.a.call(model::SendText{two.b.id(), "waiting", {}}));
    REQUIRE(
        two.until([&] { return !two.a.peer(two.b)->last_error.empty(); }));  // their door is shut
    REQUIRE(two.a.call(model::AddContact{two.b.connection_id(), "me again"}));
    REQUIRE(two.until([&] { return two.b.presence(two.a) == Presence::pending_in; }));
    two.network.run_for(5s);  // what is sent meanwhile is ignored there
    REQUIRE(two.b.call(model::AcceptRequest{two.a.id()}));
    REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == 1; }));
    REQUIRE(two.until([&] { return two.all_delivered(); }));
}

TEST_CASE("a flood of cards and requests of a contact costs one write at a time") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    for (int i = 0; i < 5000; ++i) {
        net::ContactCard card;
        card.name = "name " + std::to_string(i);
        two.b.host().endpoint().send(two.a.host().fingerprint(), card);
        two.b.host().endpoint().send(two.a.host().fingerprint(),
                                     net::ContactRequest{"name", "", {}, {}});
    }
    std::size_t most = 0;
    REQUIRE(two.until([&] {
        most = std::max(most, two.a.jobs_waiting());
        const auto peer = two.a.peer(two.b);
        return peer && peer->own_name == "name 4999";
    }));
    CHECK(most <= 4);
}

TEST_CASE("what could not be stored is not believed either") {
    Two two;
    REQUIRE(two.a.call(model::AddContact{two.b.connection_id(), ""}));
    REQUIRE(two.until([&] { return two.b.presence(two.a) == Presence::pending_in; }));
    two.b.fail_writes(true);
    CHECK(code(two.b.call(model::AcceptRequest{two.a.id()})) != "ok");
    CHECK(two.b.presence(two.a) == Presence::pending_in);
    CHECK(code(two.b.call(model::BlockPeer{two.a.id()})) != "ok");
    CHECK(two.b.presence(two.a) == Presence::pending_in);
    two.b.fail_writes(false);
    CHECK(code(two.b.call(model::AcceptRequest{two.a.id()})) == "ok");
    REQUIRE(two.until([&] { return two.a.presence(two.b) == Presence::online; }));
}

TEST_CASE("a text that could not be stored is not acknowledged and comes again, once") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    two.b.fail_writes(true);
    REQUIRE(two.a.call(model::SendText{two.b.id(), "one", {}}));
    REQUIRE(two.a.call(model::SendText{two.b.id(), "two", {}}));
    two.network.run_for(10s);
    CHECK_FALSE(two.all_delivered());
    two.b.fail_writes(false);
    REQUIRE(two.until([&] { return two.all_delivered(); }));
    CHECK(texts(two.b.conversation(two.a)) == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a new connection ID shuts out strangers with the old one, contacts stay") {
    Two two;
    sim::SimNode carol(two.network, "carol", 3);
    carol.start();
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    const auto old_id = two.b.connection_id();
    REQUIRE(two.b.call(model::NewConnectionId{}));
    CHECK(two.b.connection_id() != old_id);
    REQUIRE(carol.call(model::AddContact{old_id, ""}));
    two.network.run_for(60s);
    CHECK_FALSE(two.b.peer(carol));
    two.b.crash();
    two.b.start();
    REQUIRE(two.until([&] { return two.a.presence(two.b) == Presence::online; }));
    REQUIRE(carol.call(model::AddContact{two.b.connection_id(), ""}));
    REQUIRE(two.until([&] { return two.b.presence(carol) == Presence::pending_in; }));
}

TEST_CASE("a name change reaches contacts; an alias stays") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    REQUIRE(two.a.call(model::RenameContact{two.b.id(), "Bobby"}));
    REQUIRE(two.b.call(model::SetName{"Robert"}));
    REQUIRE(two.until([&] { return two.a.peer(two.b)->own_name == "Robert"; }));
    CHECK(two.a.peer(two.b)->name == "Bobby");
}

TEST_CASE("both see the same safety number, and verified is kept over a restart") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    const auto digits =
        std::get<model::SafetyNumber>(two.a.call(model::GetSafetyNumber{two.b.id()}).value())
            .digits;
    CHECK(digits.size() == 60);
    CHECK(std::get<model::SafetyNumber>(two.b.call(model::GetSafetyNumber{two.a.id()}).value())
              .digits == digits);
    REQUIRE(two.a.call(model::SetVerified{two.b.id(), true}));
    two.a.crash();
    two.a.start();
    CHECK(two.a.peer(two.b)->verified);
}

TEST_CASE("statistics count what went in and out, in live and in ended sessions") {
    Two two;
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    const auto stats = [&] {
        return std::get<model::Stats>(two.a.call(model::GetStats{}).value());
    };
    const auto live = stats();
    CHECK(live.handshakes_ok == 1);
    CHECK(live.sessions == 1);
    CHECK(live.messages_in > 0);
    CHECK(live.messages_out > 0);
    CHECK(live.bytes_in > 2000);  // M2 and M4 alone are more
    CHECK(live.bytes_out > 2000);
    two.b.crash();
    REQUIRE(two.until([&] { return stats().sessions == 0; }));
    CHECK(stats().messages_out >= live.messages_out);
    CHECK(stats().bytes_out >= live.bytes_out);
}

TEST_CASE("what cannot be done is refused with a code") {
    Two two;
    CHECK(code(two.a.call(model::AddContact{"nonsense", ""})) == "bad_connection_id");
    CHECK(code(two.a.call(model::AddContact{two.a.connection_id(), ""})) == "own_id");
    CHECK(code(two.a.call(model::AddContact{two.b.connection_id(), std::string(257, 'x')})) ==
          "too_long");
    CHECK(code(two.a.call(model::SendText{two.b.id(), "hi", {}})) == "no_such_peer");
    CHECK(code(two.a.call(model::SetName{"  "})) == "empty");
    CHECK(code(two.a.call(model::SetName{std::string(65, 'x')})) == "too_long");
    CHECK(code(two.a.call(model::SetName{"\xff\xfe"})) == "bad_request");
    REQUIRE(sim::befriend(two.network, two.a, two.b));
    CHECK(code(two.a.call(model::SendText{two.b.id(), "", {}})) == "empty");
    CHECK(code(two.a.call(model::SendText{
              two.b.id(), std::string(model::text_max + 1, 'x'), {}})) == "too_long");
    CHECK(code(two.a.call(model::SendText{two.b.id(), "\xc0\xaf", {}})) == "bad_request");
    CHECK(code(two.a.call(model::ListMessages{two.b.id(), 0, {}, {}, {}})) == "bad_request");
    const auto set = [&](std::string theme, double zoom) {
        return two.a.call(model::ChangeSettings{.theme = std::move(theme), .zoom = zoom});
    };
    CHECK(std::get<model::Settings>(set("light", 1.5).value()).zoom == 1.5);
    CHECK(code(set("purple", 1.0)) == "bad_request");
    CHECK(code(set("dark", 9.0)) == "bad_request");
}

TEST_CASE("crashes of both sides at any moment lose nothing and show nothing twice") {
    constexpr int texts_each = 60;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("replay with seed " << seed);
        Two two(seed);
        REQUIRE(sim::befriend(two.network, two.a, two.b));
        std::vector<std::string> stored_a, stored_b;
        const auto write = [](sim::SimNode& from, sim::SimNode& to, const std::string& text,
                              std::vector<std::string>& stored) {
            if (!from.running()) return;
            from.send(model::SendText{to.id(), text, {}}, [&stored, text](const model::Reply& r) {
                if (r) stored.push_back(text);  // promised to the writer
            });
        };
        auto& random = two.network.random();
        for (int i = 0; i < texts_each; ++i) {
            write(two.a, two.b, "a" + std::to_string(i), stored_a);
            write(two.b, two.a, "b" + std::to_string(i), stored_b);
            two.network.run_for(std::chrono::milliseconds(random() % 40));
            sim::SimNode& victim = random() % 2 == 0 ? two.a : two.b;
            const auto fate = random() % 8;
            if (fate == 0 && victim.running()) victim.crash(random() % 2 == 0);
            if (fate == 1) two.network.cut(two.a.host(), two.b.host());
            if (fate >= 6 && !two.a.running()) two.a.start();
            if (fate >= 6 && !two.b.running()) two.b.start();
        }
        if (!two.a.running()) two.a.start();
        if (!two.b.running()) two.b.start();
        const auto settled = [&] {
            for (auto* node : {&two.a, &two.b}) {
                for (const auto& m : node->conversation(node == &two.a ? two.b : two.a)) {
                    if (m.outgoing && m.state != model::MessageState::delivered) return false;
                }
            }
            return true;
        };
        REQUIRE(two.network.run_until(settled, 300s));

        const auto written_by = [](std::vector<model::Message> all, bool outgoing) {
            std::erase_if(all, [&](const auto& m) { return m.outgoing != outgoing; });
            return texts(all);
        };
        const auto at_a = two.a.conversation(two.b);
        const auto at_b = two.b.conversation(two.a);
        CHECK(written_by(at_a, true) == written_by(at_b, false));
        CHECK(written_by(at_b, true) == written_by(at_a, false));
        for (const auto& [stored, kept] : {std::pair(stored_a, written_by(at_a, true)),
                                           std::pair(stored_b, written_by(at_b, true))}) {
            for (const auto& text : stored) CHECK(std::count(kept.begin(), kept.end(), text) == 1);
        }
    }
}
