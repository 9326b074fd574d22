// SPDX-License-Identifier: MIT
#include "net/mapping/router_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "net/mapping/patience.hpp"
#include "net/socket_names.hpp"

namespace kith::net {
namespace {

constexpr std::size_t datagram_max = 2048;  // more than PCP's longest; a longer one is cut, refused
constexpr int datagrams_max = 64;           // a flood of wrong answers ends the asking

}  // namespace

RouterSocket::RouterSocket(const Bytes& router, std::uint16_t port)
    : fd_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    if (fd_ < 0) return;
    ::fcntl(fd_, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    const auto name = to_sockaddr({router, port, 0});
    if (::connect(fd_, as_sockaddr(name), sizeof(sockaddr_in)) == 0) return;
    ::close(fd_);
    fd_ = -1;
}

RouterSocket::~RouterSocket() {
    if (fd_ >= 0) ::close(fd_);
}

std::array<std::uint8_t, 4> RouterSocket::local_address() const {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    std::array<std::uint8_t, 4> result{};
    if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &size) != 0) return result;
    const auto address = from_sockaddr(as_sockaddr(name)).address;
    if (address.size() == result.size()) std::ranges::copy(address, result.begin());
    return result;
}

bool RouterSocket::ask(ByteView request, const std::vector<std::chrono::milliseconds>& waits,
                       const std::function<bool(ByteView)>& answers,
                       const std::atomic<bool>& cancelled) {
    datagrams_left_ = datagrams_max;
    for (const auto wait : waits) {
        if (fd_ < 0 || cancelled) return false;
        // What cannot be sent is sent again, as what is lost on the way.
        (void)!::send(fd_, request.data(), request.size(), MSG_NOSIGNAL);
        const auto heard = listen(wait, answers, cancelled);
        if (heard != Heard::silence) return heard == Heard::answer;
    }
    return false;
}

RouterSocket::Heard RouterSocket::listen(std::chrono::milliseconds time,
                                         const std::function<bool(ByteView)>& answers,
                                         const std::atomic<bool>& cancelled) {
    const Patience patience(time, cancelled);
    std::array<std::uint8_t, datagram_max> buffer{};
    while (patience.wait(fd_, POLLIN)) {
        const auto size = ::recv(fd_, buffer.data(), buffer.size(), 0);
        if (size < 0 && errno == ECONNREFUSED) return Heard::nobody;
        if (--datagrams_left_ < 0) return Heard::nobody;
        if (size > 0 && answers(ByteView(buffer).first(static_cast<std::size_t>(size))))
            return Heard::answer;
    }
    return Heard::silence;
}

}  // namespace kith::net
