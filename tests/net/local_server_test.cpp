// SPDX-License-Identifier: MIT
#include "net/local_server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <optional>

using namespace kith::net;
using namespace std::chrono_literals;

namespace {

class Folder {
public:
    Folder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "kith-local-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::filesystem::path path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Answers "echo:<line>", and whatever a test adds.
struct EchoServer : LocalServer::Handler {
    Reactor reactor;
    std::unique_ptr<LocalServer> server;
    Folder folder;
    std::string path = (folder.path() / "control.sock").string();
    std::function<bool(LocalServer::ClientId, std::string_view)> special;
    std::map<LocalServer::ClientId, int> clients;
    int oversized = 0;
    std::promise<void> gone;
    bool gone_told = false;
    std::promise<void> drained;
    bool drained_told = false;

    explicit EchoServer(std::string longer_path = {}) {
        if (!longer_path.empty()) path = longer_path;
        reactor.start();
        reactor.run_and_wait([&] {
            server = std::make_unique<LocalServer>(reactor, *this);
            const auto listening = server->listen(path);
            REQUIRE(listening.has_value());
        });
    }
    ~EchoServer() override {
        std::promise<void> done;
        reactor.run_and_wait([&] { server->shut_down([&] { done.set_value(); }); });
        done.get_future().wait();
        reactor.run_and_wait([&] { server.reset(); });
        reactor.stop_and_join();
    }
    void on_client(LocalServer::ClientId id) override { clients[id] = 0; }
    void on_line(LocalServer::ClientId id, std::string_view line) override {
        ++clients[id];
        if (special && special(id, line)) return;
        server->send_line(id, "echo:" + std::string(line));
    }
    void on_oversized_line(LocalServer::ClientId id) override {
        ++oversized;
        server->send_line(id, "too long");
    }
    void on_client_gone(LocalServer::ClientId id) override {
        clients.erase(id);
        if (!std::exchange(gone_told, true)) gone.set_value();
    }
    void on_drained(LocalServer::ClientId) override {
        if (!std::exchange(drained_told, true)) drained.set_value();
    }
    template <typename Read>
    auto look(Read read) {
        std::optional<decltype(read())> result;
        reactor.run_and_wait([&] { result = read(); });
        return *result;
    }
};

}  // namespace

TEST_CASE("lines in, lines out, several at once and in pieces") {
    EchoServer server;
    LocalClient client;
    REQUIRE(client.connect(server.path).has_value());
    REQUIRE(client.send_line("one\ntwo").has_value());
    CHECK(client.read_line(2000).value() == "echo:one");
    CHECK(client.read_line(2000).value() == "echo:two");
    const std::string large(LocalServer::line_max, 'x');
    REQUIRE(client.send_line(large).has_value());
    CHECK(client.read_line(5000).value() == "echo:" + large);
    CHECK(server.look([&] { return server.oversized; }) == 0);
    CHECK_FALSE(client.read_line(20).has_value());
}

TEST_CASE("the handler hears when a client has read everything") {
    EchoServer server;
    LocalClient client;
    REQUIRE(client.connect(server.path).has_value());
    REQUIRE(client.send_line("one").has_value());
    CHECK(server.drained.get_future().wait_for(std::chrono::seconds(5)) ==
          std::future_status::ready);
}

TEST_CASE("a line above the limit is thrown away, the next one counts") {
    EchoServer server;
    LocalClient client;
    REQUIRE(client.connect(server.path).has_value());
    REQUIRE(client.send_line(std::string(LocalServer::line_max + 1, 'x')).has_value());
    REQUIRE(client.send_line("after").has_value());
    CHECK(client.read_line(5000).value() == "too long");
    CHECK(client.read_line(2000).value() == "echo:after");
}

TEST_CASE("the socket is its owner's alone, and goes away at the end") {
    std::string path;
    {
        EchoServer server;
        path = server.path;
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
        CHECK(S_ISSOCK(status.st_mode));
    }
    CHECK_FALSE(std::filesystem::exists(path));
    LocalClient client;
    const auto refused = client.connect(path);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().starts_with("Nothing listens at"));
}

TEST_CASE("a stale socket file is replaced, a path of any length works") {
    Folder folder;
    const auto deep = folder.path() / std::string(100, 'd') / std::string(100, 'e');
    std::filesystem::create_directories(deep);
    const auto path = (deep / "control.sock").string();
    REQUIRE(path.size() > 108);
    for (int round = 0; round < 2; ++round) {
        EchoServer server(path);
        LocalClient client;
        REQUIRE(client.connect(path).has_value());
        REQUIRE(client.send_line("far away").has_value());
        CHECK(client.read_line(2000).value() == "echo:far away");
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
        if (round == 0) REQUIRE(::link(path.c_str(), (path + ".stale").c_str()) == 0);
    }
    std::filesystem::rename(path + ".stale", path);
    EchoServer server(path);
    LocalClient client;
    CHECK(client.connect(path).has_value());
}

TEST_CASE("a client that does not read pauses its requests, then is cut") {
    EchoServer server;
    LocalClient client;
    REQUIRE(client.connect(server.path).has_value());
    LocalServer::ClientId id = 0;
    server.special = [&](LocalServer::ClientId from, std::string_view line) {
        id = from;
        if (line != "flood") return false;
        server.server->send_line(from, std::string(1 << 20, 'z'));
        return true;
    };
    for (int i = 0; i < 200; ++i) REQUIRE(client.send_line("flood").has_value());
    // Requests stop being read at output_high: what is queued stays near it.
    const auto handled = [&] { return server.look([&] { return server.clients[id]; }); };
    for (int seen = -1; seen != handled();) seen = handled();
    CHECK(handled() < 10);
    CHECK(server.look([&] { return server.server->queued(id); }) <
          LocalServer::output_high + (2 << 20));

    // Events go on; beyond output_max the client is cut.
    server.reactor.run_and_wait([&] {
        for (int i = 0; i < 80; ++i) server.server->send_line(id, std::string(1 << 20, 'e'));
    });
    CHECK(server.gone.get_future().wait_for(5s) == std::future_status::ready);
    LocalClient other;
    REQUIRE(other.connect(server.path).has_value());
    REQUIRE(other.send_line("still here").has_value());
    CHECK(other.read_line(2000).value() == "echo:still here");
}

TEST_CASE("clients are limited in number") {
    EchoServer server;
    std::vector<LocalClient> clients(LocalServer::clients_max);
    for (auto& client : clients) {
        REQUIRE(client.connect(server.path).has_value());
        REQUIRE(client.send_line("in").has_value());
        REQUIRE(client.read_line(2000).has_value());
    }
    LocalClient one_too_many;
    REQUIRE(one_too_many.connect(server.path).has_value());
    const auto answer = one_too_many.read_line(2000);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error() == "Kith closed the connection.");
    clients.pop_back();
    CHECK(server.gone.get_future().wait_for(5s) == std::future_status::ready);
    LocalClient next;
    REQUIRE(next.connect(server.path).has_value());
    REQUIRE(next.send_line("hello").has_value());
    CHECK(next.read_line(2000).value() == "echo:hello");
}

TEST_CASE("replies that are queued at shutdown still arrive") {
    LocalClient client;
    {
        EchoServer server;
        REQUIRE(client.connect(server.path).has_value());
        server.special = [&](LocalServer::ClientId from, std::string_view) {
            for (int i = 0; i < 100; ++i) server.server->send_line(from, std::string(1000, 'r'));
            return true;
        };
        REQUIRE(client.send_line("go").has_value());
        REQUIRE(client.read_line(2000).has_value());
    }
    for (int i = 1; i < 100; ++i) REQUIRE(client.read_line(2000).has_value());
    CHECK_FALSE(client.read_line(2000).has_value());
}
