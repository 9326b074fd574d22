// SPDX-License-Identifier: MIT
#include "tests/bench/tcp_pair.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace kith::bench {
namespace {

void without_delay(int socket) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void receive_all(int socket, std::uint8_t* to, std::size_t size) {
    while (size > 0) {
        const auto count = ::recv(socket, to, size, 0);
        if (count <= 0) throw std::runtime_error("the connection ended");
        to += count;
        size -= static_cast<std::size_t>(count);
    }
}

}  // namespace

TcpPair::TcpPair() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* general = reinterpret_cast<sockaddr*>(&address);
    near_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(listener, general, size) != 0 || ::listen(listener, 1) != 0 ||
        ::getsockname(listener, general, &size) != 0 || ::connect(near_, general, size) != 0) {
        throw std::runtime_error("no connection over loopback");
    }
    far_ = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    ::close(listener);
    without_delay(near_);
    without_delay(far_);
}

TcpPair::~TcpPair() {
    ::close(near_);
    ::close(far_);
}

void send_frame(int socket, crypto::ByteView bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    crypto::Bytes frame{static_cast<std::uint8_t>(size >> 24),
                        static_cast<std::uint8_t>(size >> 16), static_cast<std::uint8_t>(size >> 8),
                        static_cast<std::uint8_t>(size)};
    frame.insert(frame.end(), bytes.begin(), bytes.end());
    std::size_t sent = 0;
    while (sent < frame.size()) {
        const auto count = ::send(socket, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) throw std::runtime_error("the connection ended");
        sent += static_cast<std::size_t>(count);
    }
}

crypto::Bytes receive_frame(int socket) {
    std::array<std::uint8_t, 4> head{};
    receive_all(socket, head.data(), head.size());
    crypto::Bytes bytes(std::size_t{head[0]} << 24 | std::size_t{head[1]} << 16 |
                        std::size_t{head[2]} << 8 | head[3]);
    receive_all(socket, bytes.data(), bytes.size());
    return bytes;
}

}  // namespace kith::bench
