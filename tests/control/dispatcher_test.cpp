// SPDX-License-Identifier: MIT
#include "app/control/dispatcher.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/control/fake_node.hpp"

using namespace kith;
using namespace kith::control;
using nlohmann::json;

namespace {

struct Fixture : Output {
    Fixture() {
        dispatcher.start();
        dispatcher.on_client(1);
    }
    void send_line(ClientId client, std::string line) override {
        lines[client].push_back(json::parse(line));
    }
    [[nodiscard]] std::size_t queued(ClientId) const override { return backlog; }

    json ask(const std::string& line) {
        dispatcher.on_line(1, line);
        REQUIRE_FALSE(lines[1].empty());
        return lines[1].back();
    }

    test::FakeNode node;
    test::FakeHost host;
    std::map<ClientId, std::vector<json>> lines;
    std::size_t backlog = 0;
    Dispatcher dispatcher{node, host, *this};
};

model::PeerChanged peer_changed(std::uint8_t byte, std::string name) {
    model::Peer peer;
    peer.id = test::peer_of(byte);
    peer.name = std::move(name);
    return {peer};
}

constexpr std::size_t slow = net::LocalServer::output_high + 1;

}  // namespace

TEST_CASE_METHOD(Fixture, "every request gets exactly one reply") {
    CHECK(ask(R"({"id":1,"cmd":"peers"})") == json{{"id", 1}, {"ok", true}});
    CHECK(ask("not json")["code"] == "bad_request");
    CHECK(ask(R"({"id":2,"cmd":"fly"})")["id"] == 2);
    CHECK(ask(R"({"id":3,"cmd":"whoami"})")["fingerprint"] == model::to_hex(test::self));
    dispatcher.on_oversized_line(1);
    CHECK(lines[1].back()["code"] == "too_long");
    dispatcher.on_line(1, " \r");
    CHECK(lines[1].size() == 5);
}

TEST_CASE_METHOD(Fixture, "a failed command is an error reply") {
    node.answer = [](const model::Command&) -> model::Reply {
        return tl::unexpected(model::Error{"no_such_peer", "Nobody."});
    };
    CHECK(ask(R"({"id":1,"cmd":"connect","peer":"Bob"})") ==
          json{{"id", 1}, {"ok", false}, {"error", "Nobody."}, {"code", "no_such_peer"}});
}

TEST_CASE_METHOD(Fixture, "commands of the program") {
    CHECK(ask(R"({"id":1,"cmd":"screenshot","path":"/tmp/a.png"})")["ok"] == true);
    CHECK(host.paths == std::vector<std::string>{"/tmp/a.png"});
    host.window = false;
    CHECK(ask(R"({"id":2,"cmd":"screenshot","path":"/tmp/a.png"})")["code"] == "not_supported");
    host.window = true;
    CHECK(ask(R"({"id":3,"cmd":"raise"})")["ok"] == true);
    CHECK(host.raises == 1);
    host.window = false;
    CHECK(ask(R"({"id":3,"cmd":"raise"})")["code"] == "not_supported");
    host.window = true;
    CHECK(ask(R"({"id":4,"cmd":"quit"})") == json{{"id", 4}, {"ok", true}});
    CHECK(host.quits == 1);
}

TEST_CASE_METHOD(Fixture, "settings that are not named are left to the node") {
    model::Settings settings;
    settings.theme = "dark";
    settings.zoom = 2.0;
    settings.history_days = 7;
    node.answer = [&](const model::Command& command) -> model::Reply {
        const auto* change = std::get_if<model::ChangeSettings>(&command);
        REQUIRE(change != nullptr);  // nothing is read first: others may change it meanwhile
        model::apply(*change, settings);
        return settings;
    };
    CHECK(ask(R"({"id":1,"cmd":"set_settings","zoom":1.5})")["settings"] ==
          json{{"theme", "dark"},
               {"zoom", 1.5},
               {"read_receipts", true},
               {"typing", true},
               {"history_days", 7},
               {"visible", true},
               {"mapping", true},
               {"public_address", ""},
               {"downloads", ""},
               {"naming", ""},
               {"rate_total", 0},
               {"rate_each", 0}});
    CHECK(
        ask(R"({"id":2,"cmd":"set_settings","settings":{"theme":"light"}})")["settings"]["zoom"] ==
        1.5);
    CHECK(settings.theme == "light");
    ask(R"({"id":3,"cmd":"set_settings","read_receipts":false,"typing":false,"history_days":0})");
    model::Settings expected;
    expected.theme = "light";
    expected.zoom = 1.5;
    expected.read_receipts = expected.typing = false;
    CHECK(settings == expected);
}

TEST_CASE_METHOD(Fixture, "mark_read without a message goes up to the newest") {
    model::Messages page{test::bob, {}, true, false};
    page.messages.resize(1);
    page.messages[0].id = test::message_of(9);
    node.answer = [&](const model::Command& command) -> model::Reply {
        if (std::holds_alternative<model::ListMessages>(command)) return page;
        return model::Done{};
    };
    CHECK(ask(R"({"id":1,"cmd":"mark_read","peer":"Bob"})") == json{{"id", 1}, {"ok", true}});
    REQUIRE(node.commands.size() == 2);
    CHECK(std::get<model::ListMessages>(node.commands[0]).limit == 1);
    CHECK(std::get<model::MarkRead>(node.commands[1]).message == test::message_of(9));
    CHECK(std::get<model::MarkRead>(node.commands[1]).peer == test::bob);
    page.messages.clear();
    CHECK(ask(R"({"id":2,"cmd":"mark_read","peer":"Bob"})") == json{{"id", 2}, {"ok", true}});
    CHECK(node.commands.size() == 3);
    node.answer = [](const model::Command&) -> model::Reply {
        return tl::unexpected(model::Error{"storage", "Broken."});
    };
    CHECK(ask(R"({"id":3,"cmd":"mark_read","peer":"Bob"})")["code"] == "storage");
}

TEST_CASE_METHOD(Fixture, "of typing, a slow subscriber gets the newest state per person") {
    ask(R"({"id":1,"cmd":"subscribe"})");
    backlog = slow;
    for (int i = 0; i < 101; ++i) node.emit(model::PeerTyping{test::bob, i % 2 == 0});
    node.emit(model::PeerTyping{test::peer_of(2), true});
    node.emit(peer_changed(0xb0, "beside it"));
    node.emit(model::PeerRemoved{test::peer_of(2)});
    backlog = 0;
    dispatcher.on_drained(1);
    REQUIRE(lines[1].size() == 4);
    CHECK(lines[1][1]["event"] == "peer_removed");
    CHECK(lines[1][2]["event"] == "peer");
    CHECK(lines[1][3] ==
          json{{"event", "typing"}, {"peer", model::to_hex(test::bob)}, {"on", true}});
}

TEST_CASE_METHOD(Fixture, "what became of messages waits for nobody and is not replaced") {
    ask(R"({"id":1,"cmd":"subscribe"})");
    backlog = slow;
    node.emit(model::MessageChanged{});
    node.emit(model::MessageChanged{});
    node.emit(model::MessagesRemoved{test::bob, {}});
    CHECK(lines[1].size() == 4);
}

TEST_CASE_METHOD(Fixture, "events follow only after subscribe") {
    node.emit(model::Notice{model::NoticeLevel::info, "early", 1});
    CHECK(lines[1].empty());
    CHECK(ask(R"({"id":1,"cmd":"subscribe"})")["ok"] == true);
    node.emit(model::Notice{model::NoticeLevel::info, "late", 1});
    REQUIRE(lines[1].size() == 2);
    CHECK(lines[1][1]["text"] == "late");
}

TEST_CASE_METHOD(Fixture, "outgoing messages are from us") {
    ask(R"({"id":1,"cmd":"subscribe"})");
    model::Message message;
    message.outgoing = true;
    node.emit(model::MessageAdded{message});
    CHECK(lines[1].back()["from"] == model::to_hex(test::self));
}

TEST_CASE_METHOD(Fixture, "requests begin in order; more than the bound wait their turn") {
    node.hold = true;
    const std::size_t extra = 10;
    for (std::size_t i = 0; i < Dispatcher::unfinished_max + extra; ++i) {
        dispatcher.on_line(1, R"({"cmd":"send_text","peer":"Bob","id":)" + std::to_string(i) +
                                  R"(,"text":")" + std::to_string(i) + "\"}");
    }
    CHECK(node.commands.size() == Dispatcher::unfinished_max);
    CHECK(lines[1].empty());
    for (std::size_t i = 0; i < node.held.size(); ++i) node.held[i](model::Done{});
    REQUIRE(lines[1].size() == Dispatcher::unfinished_max + extra);
    for (std::size_t i = 0; i < lines[1].size(); ++i) {
        REQUIRE(lines[1][i]["id"] == i);
        REQUIRE(std::get<model::SendText>(node.commands[i]).text == std::to_string(i));
    }
}

TEST_CASE_METHOD(Fixture, "the room for waiting requests is bounded") {
    node.hold = true;
    for (std::size_t i = 0; i < Dispatcher::unfinished_max; ++i)
        dispatcher.on_line(1, R"({"cmd":"peers"})");
    const std::string big = R"({"id":9,"cmd":"peers","x":")" + std::string(1'000'000, 'x') + "\"}";
    for (int i = 0; i < 17; ++i) dispatcher.on_line(1, big);
    REQUIRE(lines[1].size() == 1);
    CHECK(lines[1][0]["code"] == "busy");
    CHECK(lines[1][0]["id"] == 9);
}

TEST_CASE_METHOD(Fixture, "replies of a client that has gone are dropped") {
    node.hold = true;
    dispatcher.on_line(1, R"({"cmd":"peers"})");
    dispatcher.on_client_gone(1);
    node.held.at(0)(model::Done{});
    CHECK(lines[1].empty());
}

TEST_CASE("a node may answer after the dispatcher has ended") {
    test::FakeNode node;
    node.hold = true;
    {
        Fixture outer;
        Dispatcher dispatcher(node, outer.host, outer);
        dispatcher.start();
        dispatcher.on_client(5);
        dispatcher.on_line(5, R"({"cmd":"peers"})");
        CHECK(node.sinks.size() == 1);
    }
    CHECK(node.sinks.empty());
    node.held.at(0)(model::Done{});
}

TEST_CASE_METHOD(Fixture, "a slow subscriber gets the newest state per subject and every message") {
    ask(R"({"id":1,"cmd":"subscribe"})");
    backlog = slow;
    for (int i = 0; i < 100; ++i) node.emit(peer_changed(1, "n" + std::to_string(i)));
    node.emit(peer_changed(2, "other"));
    node.emit(model::MessageAdded{});
    REQUIRE(lines[1].size() == 2);
    CHECK(lines[1][1]["event"] == "message");
    backlog = 0;
    dispatcher.on_drained(1);
    REQUIRE(lines[1].size() == 4);
    CHECK(lines[1][2]["name"] == "n99");
    CHECK(lines[1][3]["name"] == "other");
    dispatcher.on_drained(1);
    CHECK(lines[1].size() == 4);
}

TEST_CASE_METHOD(Fixture, "a state held back does not outlive its peer") {
    ask(R"({"id":1,"cmd":"subscribe"})");
    backlog = slow;
    node.emit(peer_changed(1, "gone"));
    node.emit(model::PeerRemoved{test::peer_of(1)});
    backlog = 0;
    dispatcher.on_drained(1);
    REQUIRE(lines[1].size() == 2);
    CHECK(lines[1][1]["event"] == "peer_removed");
}

TEST_CASE_METHOD(Fixture, "held back events go out before newer ones") {
    ask(R"({"id":1,"cmd":"subscribe"})");
    backlog = slow;
    node.emit(peer_changed(1, "old"));
    backlog = 0;
    node.emit(peer_changed(1, "new"));
    REQUIRE(lines[1].size() == 3);
    CHECK(lines[1][1]["name"] == "old");
    CHECK(lines[1][2]["name"] == "new");
}
