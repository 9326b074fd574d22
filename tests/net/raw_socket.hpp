// SPDX-License-Identifier: MIT
//
// A plain TCP client for tests that misbehave on purpose. Blocking, with deadlines.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "crypto/bytes.hpp"

namespace kith::test {

class RawSocket {
public:
    RawSocket() = default;
    RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    RawSocket& operator=(RawSocket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~RawSocket() {
        if (fd_ >= 0) ::close(fd_);
    }

    /// `from_host`: the last byte of 127.0.0.x to call from.
    [[nodiscard]] bool connect(std::uint16_t port, std::uint8_t from_host = 1) {
        fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in from{};
        from.sin_family = AF_INET;
        from.sin_addr.s_addr = htonl(0x7F000000U | from_host);
        if (::bind(fd_, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0) return false;
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    [[nodiscard]] bool send(crypto::ByteView bytes) const {
        return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    /// The other side has closed (whatever it sent before is thrown away).
    [[nodiscard]] bool closed_within(int milliseconds) const {
        char buffer[4096];
        pollfd waiting{fd_, POLLIN, 0};
        while (::poll(&waiting, 1, milliseconds) > 0) {
            const auto size = ::recv(fd_, buffer, sizeof buffer, 0);
            if (size == 0 || (size < 0 && errno == ECONNRESET)) return true;
        }
        return false;
    }

private:
    int fd_ = -1;
};

}  // namespace kith::test
