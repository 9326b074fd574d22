// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace kith::e2e {

/// What a server on loopback answers, whole.
inline std::string http_get(std::uint16_t port, const std::string& path) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
        ::close(fd);
        throw std::runtime_error("nobody answers at port " + std::to_string(port));
    }
    const std::string request = "GET " + path + " HTTP/1.0\r\n\r\n";
    (void)::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    std::string reply;
    char bytes[4096];
    for (ssize_t size = 1; size > 0;) {
        size = ::recv(fd, bytes, sizeof bytes, 0);
        if (size > 0) reply.append(bytes, static_cast<std::size_t>(size));
    }
    ::close(fd);
    return reply;
}

}  // namespace kith::e2e
