// SPDX-License-Identifier: MIT
#include "tests/e2e/recording_proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <map>
#include <stdexcept>
#include <vector>

namespace kith::e2e {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

const sockaddr* general(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

bool write_all(int socket, const char* data, std::size_t size) {
    while (size > 0) {
        const auto written = ::send(socket, data, size, MSG_NOSIGNAL);
        if (written <= 0) return false;
        data += written;
        size -= static_cast<std::size_t>(written);
    }
    return true;
}

}  // namespace

RecordingProxy::RecordingProxy(std::uint16_t target) : target_(target) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in any = loopback(0);
    if (::bind(listener_, general(any), sizeof any) != 0 || ::listen(listener_, 16) != 0) {
        throw std::runtime_error("no port for the proxy");
    }
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size);
    port_ = ntohs(bound.sin_port);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    stop_read_ = pipe[0];
    stop_write_ = pipe[1];
    thread_ = std::thread([this] { run(); });
}

RecordingProxy::~RecordingProxy() {
    ::close(stop_write_);
    thread_.join();
    ::close(stop_read_);
    ::close(listener_);
}

std::string RecordingProxy::recorded() const {
    const std::lock_guard lock(mutex_);
    return recorded_;
}

void RecordingProxy::run() {
    std::map<int, int> other_end;  // both directions
    std::vector<char> bytes(64 * 1024);
    const auto open = [&] {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(target_);
        if (client >= 0 && ::connect(server, general(address), sizeof address) == 0) {
            other_end[client] = server;
            other_end[server] = client;
            return;
        }
        ::close(client);
        ::close(server);
    };
    const auto close_pair = [&](int socket) {
        const int other = other_end.at(socket);
        other_end.erase(socket);
        other_end.erase(other);
        ::close(socket);
        ::close(other);
    };
    const auto forward = [&](int socket) {
        const auto count = ::recv(socket, bytes.data(), bytes.size(), 0);
        if (count <= 0) return close_pair(socket);
        {
            const std::lock_guard lock(mutex_);
            recorded_.append(bytes.data(), static_cast<std::size_t>(count));
        }
        if (!write_all(other_end.at(socket), bytes.data(), static_cast<std::size_t>(count)))
            close_pair(socket);
    };
    for (;;) {
        std::vector<pollfd> waiting{{stop_read_, POLLIN, 0}, {listener_, POLLIN, 0}};
        for (const auto& [socket, other] : other_end) waiting.push_back({socket, POLLIN, 0});
        ::poll(waiting.data(), waiting.size(), -1);
        if (waiting[0].revents != 0) break;
        if (waiting[1].revents != 0) open();
        for (std::size_t i = 2; i < waiting.size(); ++i) {
            if (waiting[i].revents != 0 && other_end.contains(waiting[i].fd))
                forward(waiting[i].fd);
        }
    }
    while (!other_end.empty()) close_pair(other_end.begin()->first);
}

}  // namespace kith::e2e
