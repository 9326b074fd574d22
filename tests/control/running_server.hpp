// SPDX-License-Identifier: MIT
//
// A ControlServer on a real socket with a fake node behind it.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>
#include <random>

#include "app/control/server.hpp"
#include "net/local_server.hpp"
#include "net/reactor.hpp"
#include "tests/control/fake_node.hpp"

namespace kith::test {

inline constexpr int patience_ms = 20'000;

class RunningServer {
public:
    RunningServer() {
        dir = std::filesystem::temp_directory_path() /
              ("kith-control-" + std::to_string(std::random_device{}()));
        std::filesystem::create_directory(dir);
        path = (dir / "control.sock").string();
        reactor.start();
        tl::expected<void, std::string> listening;
        reactor.run_and_wait([&] {
            server = std::make_unique<control::ControlServer>(reactor, node, host);
            listening = server->listen(path);
        });
        INFO((listening ? std::string{} : listening.error()));
        REQUIRE(listening);
    }

    ~RunningServer() {
        stop();
        reactor.stop_and_join();
        std::filesystem::remove_all(dir);
    }

    void stop() {
        if (!server) return;
        std::promise<void> closed;
        reactor.run_and_wait([&] { server->shut_down([&] { closed.set_value(); }); });
        closed.get_future().wait();
        reactor.run_and_wait([&] { server.reset(); });
    }

    net::LocalClient client() {
        net::LocalClient client;
        REQUIRE(client.connect(path));
        return client;
    }

    FakeNode node;
    FakeHost host;
    net::Reactor reactor;
    std::unique_ptr<control::ControlServer> server;
    std::filesystem::path dir;
    std::string path;
};

inline nlohmann::json read(net::LocalClient& client) {
    auto line = client.read_line(patience_ms);
    INFO((line ? std::string{} : line.error()));
    REQUIRE(line);
    return nlohmann::json::parse(*line);
}

inline nlohmann::json ask(net::LocalClient& client, const std::string& line) {
    REQUIRE(client.send_line(line));
    return read(client);
}

}  // namespace kith::test
