// SPDX-License-Identifier: MIT
//
// Sockets on loopback that answer as a test says: a thread each, ended by the destructor.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "crypto/bytes.hpp"

namespace kith::test {

class LoopbackSocket {
public:
    explicit LoopbackSocket(int type, std::uint8_t host = 1) : fd_(::socket(AF_INET, type, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(0x7F000000U | host);
        socklen_t size = sizeof name;
        if (::bind(fd_, reinterpret_cast<sockaddr*>(&name), size) != 0 ||
            ::getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size) != 0)
            throw std::runtime_error("no socket on loopback");
        port_ = ntohs(name.sin_port);
    }
    ~LoopbackSocket() { ::close(fd_); }
    LoopbackSocket(const LoopbackSocket&) = delete;
    LoopbackSocket& operator=(const LoopbackSocket&) = delete;
    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] bool readable() const {
        pollfd waiting{fd_, POLLIN, 0};
        return ::poll(&waiting, 1, 10) > 0;
    }

private:
    int fd_;
    std::uint16_t port_ = 0;
};

/// Datagrams: `answer` gets each request, its number from 0 on, and something to answer with.
class UdpRouter {
public:
    using Send = std::function<void(const crypto::Bytes&)>;
    using Answer = std::function<void(const crypto::Bytes& request, int number, const Send& reply,
                                      const Send& reply_from_elsewhere)>;
    explicit UdpRouter(Answer answer) : answer_(std::move(answer)), thread_([this] { run(); }) {}
    ~UdpRouter() {
        stop_ = true;
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return socket_.port(); }
    [[nodiscard]] std::vector<crypto::Bytes> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    void run() {
        while (!stop_) {
            if (!socket_.readable()) continue;
            crypto::Bytes request(2048);
            sockaddr_in from{};
            socklen_t size = sizeof from;
            const auto length = ::recvfrom(socket_.fd(), request.data(), request.size(), 0,
                                           reinterpret_cast<sockaddr*>(&from), &size);
            if (length < 0) continue;
            request.resize(static_cast<std::size_t>(length));
            int number = 0;
            {
                const std::lock_guard lock(mutex_);
                number = static_cast<int>(requests_.size());
                requests_.push_back(request);
            }
            const auto through = [&from](const LoopbackSocket& socket) {
                return [&socket, from](const crypto::Bytes& bytes) {
                    (void)!::sendto(socket.fd(), bytes.data(), bytes.size(), 0,
                                    reinterpret_cast<const sockaddr*>(&from), sizeof from);
                };
            };
            answer_(request, number, through(socket_), through(elsewhere_));
        }
    }

    LoopbackSocket socket_{SOCK_DGRAM};
    LoopbackSocket elsewhere_{SOCK_DGRAM, 2};
    Answer answer_;
    std::mutex mutex_;
    std::vector<crypto::Bytes> requests_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

/// TCP, one connection at a time: `answer` gets a whole request and says what to write; then the
/// connection is closed.
class HttpServer {
public:
    using Answer = std::function<std::string(const std::string& request)>;
    explicit HttpServer(Answer answer, std::uint8_t host = 1)
        : socket_(SOCK_STREAM, host), answer_(std::move(answer)) {
        ::listen(socket_.fd(), 8);
        thread_ = std::thread([this] { run(); });
    }
    ~HttpServer() {
        stop_ = true;
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return socket_.port(); }
    [[nodiscard]] std::vector<std::string> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    static bool whole(const std::string& request) {
        const auto head = request.find("\r\n\r\n");
        if (head == std::string::npos) return false;
        const auto length = request.find("Content-Length: ");
        if (length == std::string::npos) return true;
        return request.size() >= head + 4 + std::stoul(request.substr(length + 16));
    }
    void serve(int fd) {
        std::string request;
        char buffer[4096];
        while (!whole(request)) {
            const auto size = ::recv(fd, buffer, sizeof buffer, 0);
            if (size <= 0) return;
            request.append(buffer, static_cast<std::size_t>(size));
        }
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
        }
        const std::string reply = answer_(request);
        (void)!::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
        ::shutdown(fd, SHUT_WR);
    }
    void run() {
        while (!stop_) {
            if (!socket_.readable()) continue;
            const int fd = ::accept(socket_.fd(), nullptr, nullptr);
            if (fd < 0) continue;
            serve(fd);
            ::close(fd);
        }
    }

    LoopbackSocket socket_;
    Answer answer_;
    std::mutex mutex_;
    std::vector<std::string> requests_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

}  // namespace kith::test
