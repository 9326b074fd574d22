// SPDX-License-Identifier: MIT
//
// The control interface of a real node: errors, bounds, every command of the contract answers.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

kith::net::LocalClient client_of(Instance& instance) {
    kith::net::LocalClient client;
    REQUIRE(client.connect(instance.ready().at("control").get<std::string>()));
    return client;
}

Json ask(kith::net::LocalClient& client, const std::string& line) {
    REQUIRE(client.send_line(line));
    auto reply = client.read_line(20'000);
    REQUIRE(reply);
    return Json::parse(*reply);
}

}  // namespace

TEST_CASE("the control socket survives what it is sent") {
    Instance alice("Alice");
    auto client = client_of(alice);
    CHECK(ask(client, "this is not JSON").at("code") == "bad_request");
    CHECK(ask(client, std::string(2 << 20, 'x')).at("code") == "too_long");
    CHECK(ask(client, R"({"id":1,"cmd":"no_such_thing"})").at("code") == "unknown_command");
    CHECK(ask(client, R"({"id":2,"cmd":"send_text","peer":"nobody","text":"x"})").at("code") ==
          "no_such_peer");
    CHECK(ask(client, R"({"id":3,"cmd":"create_group","name":"g"})").at("code") == "not_supported");
    CHECK(ask(client, R"({"id":4,"cmd":"screenshot","path":"/tmp/x.png"})").at("ok") == false);
    CHECK(ask(client, R"({"id":5,"cmd":"whoami"})").at("ok") == true);
}

TEST_CASE("what a fresh profile answers") {
    Instance alice("Alice");
    CHECK(alice.ask({{"cmd", "peers"}}).at("peers").empty());
    CHECK(alice.ask({{"cmd", "requests"}}).at("requests").empty());
    CHECK(alice.ask({{"cmd", "network_status"}}).at("listening").is_array());
    const Json stats = alice.ask({{"cmd", "stats"}});
    CHECK(stats.at("rss").get<std::uint64_t>() > 1'000'000);
    CHECK(stats.at("handshakes_ok") == 0);
    CHECK(stats.at("handshakes_failed").is_object());
    CHECK(stats.at("uptime").get<double>() < 600);
    CHECK(alice.ask({{"cmd", "settings"}}).at("settings").at("theme") == "system");
    alice.ask({{"cmd", "set_settings"}, {"theme", "dark"}});
    alice.restart();
    CHECK(alice.ask({{"cmd", "settings"}}).at("settings").at("theme") == "dark");
    alice.ask({{"cmd", "set_name"}, {"name", "Alicia"}});
    alice.restart();
    CHECK(alice.ask({{"cmd", "whoami"}}).at("name") == "Alicia");
}

TEST_CASE("a thousand requests at once are answered once each") {
    Instance alice("Alice");
    for (int i = 0; i < 1000; ++i) alice.send({{"id", i}, {"cmd", i % 2 == 0 ? "whoami" : "fly"}});
    std::vector<int> answers(1000);
    for (int i = 0; i < 1000; ++i) {
        const Json reply = alice.receive();
        const auto id = reply.at("id").get<std::size_t>();
        ++answers.at(id);
        CHECK(reply.at("ok") == (id % 2 == 0));
    }
    CHECK(answers == std::vector<int>(1000, 1));
}

TEST_CASE("a message is not acknowledged by a node that cannot send it") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    const std::string prefix = bob.fingerprint().substr(0, 8);
    CHECK(alice.ask({{"cmd", "send_text"}, {"peer", prefix}, {"text", "by prefix"}})
              .contains("message"));
    CHECK(alice.request({{"cmd", "send_text"}, {"peer", prefix.substr(0, 7)}, {"text", "x"}})
              .at("code") == "no_such_peer");
    CHECK(alice.request({{"cmd", "send_text"}, {"peer", alice.fingerprint()}, {"text", "x"}})
              .at("ok") == false);
    CHECK(alice.request({{"cmd", "messages"}, {"peer", "Bob"}, {"limit", 1001}}).at("code") ==
          "bad_request");
    CHECK(alice.request({{"cmd", "send_text"}, {"peer", "Bob"}, {"text", ""}}).at("code") ==
          "empty");
}
