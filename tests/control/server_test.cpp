// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include "tests/control/running_server.hpp"

using namespace kith;
using nlohmann::json;
using test::ask;
using test::read;

TEST_CASE_METHOD(test::RunningServer, "the socket is the owner's alone and goes with the server") {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    stop();
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE_METHOD(test::RunningServer, "bad lines get an error and the connection stays usable") {
    auto client = this->client();
    CHECK(ask(client, "nonsense")["code"] == "bad_request");
    CHECK(ask(client, R"({"id":1,"cmd":"fly"})")["code"] == "unknown_command");
    CHECK(ask(client, std::string((1 << 20) + 1, 'x'))["code"] == "too_long");
    CHECK(ask(client, std::string(5 << 20, '['))["code"] == "too_long");
    CHECK(ask(client, std::string(1 << 20, '['))["code"] == "bad_request");
    CHECK(ask(client, R"({"id":2,"cmd":"peers"})") == json{{"id", 2}, {"ok", true}});
}

TEST_CASE_METHOD(test::RunningServer, "a pipeline is answered once each, in order of execution") {
    auto client = this->client();
    constexpr int count = 5000;
    for (int i = 0; i < count; ++i) {
        REQUIRE(client.send_line(R"({"cmd":"peers","id":)" + std::to_string(i) + "}"));
    }
    std::vector<json> replies;
    for (int i = 0; i < count; ++i) {
        auto line = client.read_line(test::patience_ms);
        if (!line) break;
        replies.push_back(json::parse(*line));
    }
    REQUIRE(replies.size() == count);
    for (int i = 0; i < count; ++i) REQUIRE(replies[static_cast<std::size_t>(i)]["id"] == i);
}

TEST_CASE_METHOD(test::RunningServer, "as many clients as allowed are served side by side") {
    std::vector<net::LocalClient> clients;
    for (std::size_t i = 0; i < net::LocalServer::clients_max; ++i) clients.push_back(client());
    for (auto& each : clients) CHECK(ask(each, R"({"id":1,"cmd":"subscribe"})")["ok"] == true);
    reactor.run_and_wait([&] { node.emit(model::Notice{model::NoticeLevel::info, "to all", 1}); });
    for (auto& each : clients) CHECK(read(each)["text"] == "to all");
    net::LocalClient one_too_many;
    if (one_too_many.connect(path) && one_too_many.send_line(R"({"id":1,"cmd":"peers"})")) {
        CHECK_FALSE(one_too_many.read_line(test::patience_ms));
    }
    clients.pop_back();
    CHECK(ask(clients.front(), R"({"id":2,"cmd":"peers"})")["ok"] == true);
}

TEST_CASE_METHOD(test::RunningServer, "a subscriber that does not read is cut, others are not") {
    auto lazy = client();
    auto busy = client();
    CHECK(ask(lazy, R"({"id":1,"cmd":"subscribe"})")["ok"] == true);
    model::Message big;
    big.text = std::string(model::text_max, 'x');
    for (std::size_t bytes = 0; bytes < 2 * net::LocalServer::output_max; bytes += (8 << 20)) {
        reactor.run_and_wait([&] {
            for (int i = 0; i < (8 << 20) / static_cast<int>(model::text_max); ++i) {
                node.emit(model::MessageAdded{big});
            }
        });
        CHECK(ask(busy, R"({"id":1,"cmd":"peers"})")["ok"] == true);
    }
    std::size_t received = 0;
    while (const auto line = lazy.read_line(test::patience_ms)) received += line->size();
    CHECK(received < 2 * net::LocalServer::output_max);
}

TEST_CASE_METHOD(test::RunningServer, "the reply to quit arrives") {
    auto client = this->client();
    CHECK(ask(client, R"({"id":1,"cmd":"quit"})") == json{{"id", 1}, {"ok", true}});
    reactor.run_and_wait([&] { CHECK(host.quits == 1); });
}
