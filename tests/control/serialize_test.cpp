// SPDX-License-Identifier: MIT
#include "app/control/serialize.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/control/fake_node.hpp"

using namespace kith;
using namespace kith::control;
using nlohmann::json;
using test::bob;
using test::self;

namespace {

json reply(const model::Answer& answer) { return json::parse(reply_line("7", answer, self)); }
json event(const model::Event& happened) { return json::parse(event_line(happened, self)); }

model::Message some_message(bool outgoing) {
    model::Message m;
    m.id = test::message_of(1);
    m.peer = bob;
    m.outgoing = outgoing;
    m.text = "hi";
    m.at = 1'700'000'000'123;
    m.state = outgoing ? model::MessageState::delivered : model::MessageState::received;
    m.reply_to = test::message_of(2);
    return m;
}

model::Peer some_peer() {
    model::Peer p;
    p.id = bob;
    p.name = "Bob";
    p.presence = model::Presence::online;
    p.path = model::PathKind::direct;
    p.contact = true;
    p.unread = 3;
    return p;
}

const json received = json::parse(R"({
    "message":"01010101-0101-0101-0101-010101010101",
    "from":"b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0",
    "text":"hi", "at":"2023-11-14T22:13:20.123Z", "state":"received", "edited":false, "deleted":false,
    "reply_to":"02020202-0202-0202-0202-020202020202", "quote":null, "reactions":{}, "files":[], "transfer":null, "timer":0,
    "expires_at":null, "waiting_at":null,
    "peer":"b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0", "outgoing":false})");

}  // namespace

TEST_CASE("a reply carries its request's id first") {
    CHECK(reply_line("7", model::Reply{model::Done{}}, self) == R"({"id":7,"ok":true})");
    CHECK(reply_line("\"a\"", model::Reply{model::PeerReply{bob}}, self)
              .starts_with(R"({"id":"a","ok":true,"peer":"b0)"));
    CHECK(error_line("null", {"no_such_peer", "Nobody fits."}) ==
          R"({"id":null,"ok":false,"error":"Nobody fits.","code":"no_such_peer"})");
    CHECK(reply_line("1", tl::unexpected(model::Error{"x", "y"}), self) ==
          R"({"id":1,"ok":false,"error":"y","code":"x"})");
}

TEST_CASE("whoami") {
    model::Profile p;
    p.self = self;
    p.name = "Alice";
    p.connection_id = "kith1abc";
    p.port = 4711;
    p.addresses = {"127.0.0.1:4711", "[::1]:4711"};
    p.version = "0.1.0";
    const json r = reply(p);
    CHECK(r["fingerprint"] == model::to_hex(self));
    CHECK(r["name"] == "Alice");
    CHECK(r["connection_id"] == "kith1abc");
    CHECK(r["port"] == 4711);
    CHECK(r["addresses"] == json{"127.0.0.1:4711", "[::1]:4711"});
    CHECK(r["version"] == "0.1.0");
    const json ready = json::parse(ready_line(p, "/run/\xff/control.sock"));
    CHECK(ready["event"] == "ready");
    CHECK(ready["fingerprint"] == model::to_hex(self));
    CHECK(ready["connection_id"] == "kith1abc");
    CHECK(ready["port"] == 4711);
    CHECK(ready["control"] == "/run/\xEF\xBF\xBD/control.sock");
}

TEST_CASE("peers and requests") {
    const json peer = reply(model::Peers{{some_peer()}})["peers"][0];
    CHECK(peer["peer"] == model::to_hex(bob));
    CHECK(peer["name"] == "Bob");
    CHECK(peer["state"] == "online");
    CHECK(peer["contact"] == true);
    CHECK(peer["verified"] == false);
    CHECK(peer["unread"] == 3);
    CHECK(peer["last_seen"] == nullptr);
    CHECK(peer["path"] == "direct");
    const json request =
        reply(model::Requests{{{bob, "Bob", "hello", 1'700'000'000'123}}})["requests"][0];
    CHECK(request == json{{"peer", model::to_hex(bob)},
                          {"name", "Bob"},
                          {"greeting", "hello"},
                          {"at", "2023-11-14T22:13:20.123Z"}});
    CHECK(reply(model::Peers{})["peers"] == json::array());
    CHECK(reply(model::Requests{})["requests"] == json::array());
}

TEST_CASE("messages") {
    const json r = reply(model::Messages{bob, {some_message(false), some_message(true)}, true, {}});
    CHECK(r["messages"][0] == received);
    CHECK(r["messages"][1]["from"] == model::to_hex(self));
    CHECK(r["messages"][1]["state"] == "delivered");
    CHECK(r["more"] == true);
    CHECK(r["more_newer"] == false);
    CHECK(reply(model::Messages{bob, {}, false, true})["more_newer"] == true);
    model::Message plain = some_message(true);
    plain.reply_to.reset();
    CHECK(reply(model::Messages{bob, {plain}, false, {}})["messages"][0]["reply_to"] == nullptr);
}

TEST_CASE("what became of a message") {
    model::Message m = some_message(true);
    m.edited = true;
    m.quote = model::Quote{"asked", false, true};
    m.reactions = {{"👍", false}, {"🎉", true}, {"👍", true}};
    m.timer = 60;
    m.expires_at = 1'700'000'000'123;
    const json fields = reply(model::Messages{bob, {m}, false, {}})["messages"][0];
    CHECK(fields["edited"] == true);
    CHECK(fields["quote"] == json{{"text", "asked"}, {"outgoing", false}, {"deleted", true}});
    CHECK(fields["reactions"]["👍"] == json::array({model::to_hex(bob), model::to_hex(self)}));
    CHECK(fields["reactions"]["🎉"] == json::array({model::to_hex(self)}));
    CHECK(fields["timer"] == 60);
    CHECK(fields["expires_at"] == "2023-11-14T22:13:20.123Z");
    json changed = fields;
    changed["event"] = "message_changed";
    CHECK(event(model::MessageChanged{m}) == changed);
}

TEST_CASE("hits") {
    const json r = reply(model::Hits{{{some_message(false), "say hi", {{4, 2}}}}, true});
    json hit = received;
    hit["snippet"] = "say hi";
    hit["marks"] = json::array({json::array({4, 2})});
    CHECK(r["messages"] == json::array({hit}));
    CHECK(r["more"] == true);
    CHECK(reply(model::Hits{})["messages"] == json::array());
}

TEST_CASE("disappearing messages are on when both want them") {
    model::Peer p = some_peer();
    const auto shown = [&] { return reply(model::Peers{{p}})["peers"][0]; };
    CHECK(shown()["disappearing"] == 0);
    p.timer_mine = 60;
    CHECK(shown()["disappearing"] == 0);
    CHECK(shown()["timer_mine"] == 60);
    p.timer_theirs = 3600;
    p.typing = true;
    CHECK(shown()["disappearing"] == 3600);
    CHECK(shown()["timer_theirs"] == 3600);
    CHECK(shown()["typing"] == true);
    p.timer_mine = 0;
    CHECK(shown()["disappearing"] == 0);
}

TEST_CASE("the other replies") {
    CHECK(reply(model::Accepted{test::message_of(1), 5})["message"] ==
          "01010101-0101-0101-0101-010101010101");
    CHECK(reply(model::SafetyNumber{"123"})["digits"] == "123");
    model::Settings settings;
    settings.theme = "dark";
    settings.zoom = 1.5;
    settings.read_receipts = false;
    settings.history_days = 30;
    CHECK(reply(settings)["settings"] == json{{"theme", "dark"},
                                              {"zoom", 1.5},
                                              {"read_receipts", false},
                                              {"typing", true},
                                              {"history_days", 30},
                                              {"visible", true},
                                              {"mapping", true},
                                              {"public_address", ""},
                                              {"downloads", ""},
                                              {"naming", ""},
                                              {"rate_total", 0},
                                              {"rate_each", 0}});
    CHECK(reply(model::Removed{3, 2}) ==
          json{{"id", 7}, {"ok", true}, {"removed", 3}, {"kept", 2}});
    CHECK(reply(model::Exported{3, "/x"}) ==
          json{{"id", 7}, {"ok", true}, {"count", 3}, {"path", "/x"}});
    CHECK(reply(model::BackedUp{"/x", 4096}) ==
          json{{"id", 7}, {"ok", true}, {"path", "/x"}, {"bytes", 4096}});
    model::NetworkStatus network;
    network.last_errors = {"port taken"};
    CHECK(reply(network)["mapping"] == "none");
    CHECK(reply(network)["last_errors"] == json::array({"port taken"}));
    network.mapped = {{"pcp", "203.0.113.5:51000", 4711, 7200, "192.168.1.1"}};
    network.outside = model::Outside::yes;
    network.interfaces = {{"eth0", {"192.168.1.7"}, 3, 2, 1, 1500, "down"}};
    const json told = reply(network);
    CHECK(told["outside"] == "yes");
    CHECK(told["mapped"] == json::array({{{"how", "pcp"},
                                          {"external", "203.0.113.5:51000"},
                                          {"internal_port", 4711},
                                          {"lifetime", 7200},
                                          {"router", "192.168.1.1"}}}));
    CHECK(told["discovery"] == json::array({{{"interface", "eth0"},
                                             {"addresses", {"192.168.1.7"}},
                                             {"sent", 3},
                                             {"heard", 2},
                                             {"ignored", 1},
                                             {"last_heard_ms", 1500},
                                             {"problem", "down"}}}));
    model::Stats stats;
    stats.bytes_in = 1;
    stats.handshakes_failed = {{"timeout", 2}};
    stats.rss_bytes = 3;
    stats.uptime_ms = 1500;
    const json s = reply(stats);
    CHECK(s["bytes_in"] == 1);
    CHECK(s["handshakes_failed"]["timeout"] == 2);
    CHECK(s["rss"] == 3);
    CHECK(s["uptime"] == 1.5);
}

TEST_CASE("events") {
    json message = received;
    message["event"] = "message";
    CHECK(event(model::MessageAdded{some_message(false)}) == message);
    CHECK(event(model::MessageStateChanged{bob, test::message_of(1),
                                           model::MessageState::delivered}) ==
          json{{"event", "message_state"},
               {"peer", model::to_hex(bob)},
               {"message", "01010101-0101-0101-0101-010101010101"},
               {"state", "delivered"},
               {"waiting_at", nullptr}});
    const json waiting =
        event(model::MessageStateChanged{bob, test::message_of(1), model::MessageState::at_relay});
    CHECK(waiting["state"] == "sent");
    CHECK(waiting["waiting_at"] == "relay");
    CHECK(event(model::MessagesRemoved{bob, {test::message_of(1)}}) ==
          json{{"event", "messages_removed"},
               {"peer", model::to_hex(bob)},
               {"messages", {"01010101-0101-0101-0101-010101010101"}}});
    CHECK(event(model::MessagesRemoved{bob, {}})["messages"] == json::array());
    CHECK(event(model::PeerTyping{bob, true}) ==
          json{{"event", "typing"}, {"peer", model::to_hex(bob)}, {"on", true}});
    CHECK(event(model::PeerChanged{some_peer()})["event"] == "peer");
    CHECK(event(model::PeerChanged{some_peer()})["state"] == "online");
    CHECK(event(model::PeerRemoved{bob}) ==
          json{{"event", "peer_removed"}, {"peer", model::to_hex(bob)}});
    CHECK(event(model::RequestReceived{{bob, "Bob", "hi", 1}})["greeting"] == "hi");
    CHECK(event(model::RequestGone{bob})["event"] == "request_gone");
    CHECK(event(model::Notice{model::NoticeLevel::warning, "disk full", 1})["level"] == "warning");
    CHECK(event(model::ProfileChanged{})["event"] == "profile");
    CHECK(event(model::SettingsChanged{})["event"] == "settings");
    CHECK(event(model::NetworkStatusChanged{})["event"] == "network_status");
    CHECK(event(model::RelayRemoved{"kith-relay1x"}) ==
          json{{"event", "relay_removed"}, {"address", "kith-relay1x"}});
    CHECK(event(model::Resync{}) == json{{"event", "resync"}});
}

TEST_CASE("strings of other people cannot break a line") {
    model::Message m = some_message(false);
    m.text = "a\nb\"}\r\x1b[31m \xff\xc0\xaf \xed\xa0\x80";
    const std::string line = event_line(model::MessageAdded{m}, self);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find('\x1b') == std::string::npos);
    const json parsed = json::parse(line);
    CHECK(parsed["text"].get<std::string>().starts_with("a\nb\"}\r\x1b[31m \xEF\xBF\xBD"));
}

TEST_CASE("latest-wins subjects") {
    CHECK(latest_wins_subject(model::PeerChanged{some_peer()}) == model::to_hex(bob));
    CHECK(latest_wins_subject(model::PeerTyping{bob, true}) == typing_subject(bob));
    CHECK(typing_subject(bob) != peer_subject(bob));
    CHECK(latest_wins_subject(model::MessageChanged{}).empty());
    CHECK(latest_wins_subject(model::MessagesRemoved{}).empty());
    CHECK(latest_wins_subject(model::ProfileChanged{}) == "profile");
    CHECK(latest_wins_subject(model::MessageAdded{}).empty());
    CHECK(latest_wins_subject(model::PeerRemoved{}).empty());
}

namespace {

model::Relay some_relay() {
    return {"kith-relay1x",
            "relay.example.org:4720",
            model::RelayState::offline,
            "Gone.",
            true,
            "bob",
            false,
            "Somebody else is called bob."};
}

}  // namespace

TEST_CASE("relays in replies and events") {
    const json relay{{"address", "kith-relay1x"}, {"name", "relay.example.org:4720"},
                     {"state", "offline"},        {"error", "Gone."},
                     {"this_run", true},          {"registered_name", "bob"},
                     {"registered", false},       {"name_error", "Somebody else is called bob."},
                     {"keeps_mail", true}};
    CHECK(reply(model::Relays{{some_relay()}})["relays"] == json::array({relay}));
    json told = relay;
    told["event"] = "relay";
    CHECK(event(model::RelayChanged{some_relay()}) == told);
    CHECK(latest_wins_subject(model::RelayChanged{some_relay()}) == relay_subject("kith-relay1x"));
    CHECK(latest_wins_subject(model::RelayRemoved{"kith-relay1x"}).empty());
}

TEST_CASE("whom a name stands for") {
    CHECK(reply(model::FoundName{"bob", "relay.example.org:4720", "kith1x", bob}) ==
          json{{"id", 7},
               {"ok", true},
               {"name", "bob"},
               {"relay", "relay.example.org:4720"},
               {"connection_id", "kith1x"},
               {"fingerprint", model::to_hex(bob)}});
}

TEST_CASE("the network status names relays without what opens them") {
    model::NetworkStatus status;
    status.relays = {some_relay()};
    const json fields = reply(status);
    CHECK(fields["relays"][0]["name"] == "relay.example.org:4720");
    CHECK(fields["relays"][0]["state"] == "offline");
    CHECK(fields.dump().find("kith-relay1") == std::string::npos);
    CHECK(fields.dump().find("bob") == std::string::npos);
}
