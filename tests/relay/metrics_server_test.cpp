// SPDX-License-Identifier: MIT
#include "net/relay/metrics_server.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <future>
#include <vector>

using namespace kith::net;

namespace {

/// A client that waits at most ten seconds for anything.
class Client {
public:
    explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    }
    ~Client() { ::close(fd_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(std::string_view text) const {
        (void)::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
    }
    /// Everything until they close; "no end" when they do not.
    [[nodiscard]] std::string receive() const {
        std::string all;
        char bytes[4096];
        pollfd waiting{fd_, POLLIN, 0};
        while (::poll(&waiting, 1, 10'000) == 1) {
            const auto size = ::recv(fd_, bytes, sizeof bytes, 0);
            if (size <= 0) return all;
            all.append(bytes, static_cast<std::size_t>(size));
        }
        return "no end";
    }

private:
    int fd_;
};

class RunningServer {
public:
    explicit RunningServer(std::uint16_t wanted = 0) {
        reactor_.start();
        reactor_.run_and_wait([&] {
            const auto listening = server_.listen({"127.0.0.1", wanted});
            if (listening) port = *listening;
            if (!listening) error = listening.error();
        });
    }
    ~RunningServer() {
        std::promise<void> gone;
        reactor_.run_and_wait([&] { server_.shut_down([&gone] { gone.set_value(); }); });
        gone.get_future().wait();
        reactor_.stop_and_join();
    }

    std::string ask(std::string_view request) const {
        const Client client(port);
        client.send(request);
        return client.receive();
    }

    std::uint16_t port = 0;
    std::string error;

private:
    static std::optional<MetricsServer::Page> page(std::string_view path) {
        if (path == "/long")
            return MetricsServer::Page{200, "text/plain", std::string(200'000, 'x')};
        if (path == "/healthz") return MetricsServer::Page{503, "text/plain", "draining\n"};
        return std::nullopt;
    }

    Reactor reactor_;
    MetricsServer server_{reactor_, page};
};

}  // namespace

TEST_CASE("pages are answered, and what is none is not there") {
    const RunningServer server;
    CHECK(server.ask("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
              .starts_with("HTTP/1.0 503 Service Unavailable\r\n"));
    CHECK(server.ask("GET /long?x HTTP/1.0\r\n\r\n").ends_with(std::string(200'000, 'x')));
    CHECK(server.ask("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404 "));
    CHECK(server.ask("POST /long HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 405 "));
    CHECK(server.ask("\x16\x03\x01\r\n\r\n").starts_with("HTTP/1.0 400 "));
}

TEST_CASE("a request may come in pieces") {
    const RunningServer server;
    const Client client(server.port);
    for (const char letter : std::string("GET /healthz HTTP/1.0\r\n\r\n"))
        client.send(std::string_view(&letter, 1));
    CHECK(client.receive().ends_with("draining\n"));
}

TEST_CASE("a request that does not end is cut at its limit") {
    const RunningServer server;
    const std::string head = "GET /long HTTP/1.0\r\nX: ";
    CHECK(server.ask(head + std::string(5'000, 'x')).starts_with("HTTP/1.0 431 "));
}

TEST_CASE("who says nothing is closed in time") {
    const RunningServer server;
    const auto begin = std::chrono::steady_clock::now();
    CHECK(server.ask("GET /long").empty());
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(took > MetricsServer::time_max - std::chrono::milliseconds{100});
}

TEST_CASE("sixteen are heard at once, the next is closed, and places come back") {
    const RunningServer server;
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < MetricsServer::connections_max; ++i)
        clients.push_back(std::make_unique<Client>(server.port));
    const auto begin = std::chrono::steady_clock::now();
    CHECK(Client(server.port).receive().empty());
    CHECK(std::chrono::steady_clock::now() - begin < MetricsServer::time_max);
    for (const auto& client : clients) client->send("GET /healthz HTTP/1.0\r\n\r\n");
    for (const auto& client : clients) CHECK(client->receive().ends_with("draining\n"));
    clients.clear();
    // The loop hears of their ends in its own time.
    while (server.ask("GET /healthz HTTP/1.0\r\n\r\n").empty() &&
           std::chrono::steady_clock::now() - begin < std::chrono::minutes{1}) {
    }
    CHECK(server.ask("GET /healthz HTTP/1.0\r\n\r\n").ends_with("draining\n"));
}

TEST_CASE("a port that is taken is an error") {
    const RunningServer first;
    const RunningServer second(first.port);
    REQUIRE_FALSE(second.error.empty());
    CHECK(second.error.find(std::to_string(first.port)) != std::string::npos);
}
