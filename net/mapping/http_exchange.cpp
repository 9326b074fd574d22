// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "net/mapping/http.hpp"
#include "net/mapping/patience.hpp"
#include "net/socket_names.hpp"

namespace kith::net::http {
namespace {

class Connection {
public:
    Connection(std::chrono::milliseconds time, const std::atomic<bool>& cancelled)
        : patience_(time, cancelled), fd_(::socket(AF_INET, SOCK_STREAM, 0)) {}
    ~Connection() {
        if (fd_ >= 0) ::close(fd_);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] bool connect(const SocketAddress& host) const {
        if (fd_ < 0) return false;
        ::fcntl(fd_, F_SETFD, FD_CLOEXEC);
        ::fcntl(fd_, F_SETFL, O_NONBLOCK);
        const auto name = to_sockaddr(host);
        if (::connect(fd_, as_sockaddr(name), sizeof(sockaddr_in)) == 0) return true;
        if (errno != EINPROGRESS || !patience_.wait(fd_, POLLOUT)) return false;
        int error = 0;
        socklen_t size = sizeof error;
        return ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
    }

    [[nodiscard]] bool send(std::string_view text) const {
        while (!text.empty()) {
            const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent > 0)
                text.remove_prefix(static_cast<std::size_t>(sent));
            else if ((errno != EAGAIN && errno != EINTR) || !patience_.wait(fd_, POLLOUT))
                return false;
        }
        return true;
    }

    [[nodiscard]] std::optional<Reply> receive() const {
        std::string text;
        std::array<char, 4096> buffer{};
        while (text.size() <= reply_max && patience_.wait(fd_, POLLIN)) {
            const auto size = ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            if (size <= 0) return parse_reply(text, true);
            text.append(buffer.data(), static_cast<std::size_t>(size));
            if (auto reply = parse_reply(text, false)) return reply;
        }
        return std::nullopt;
    }

private:
    Patience patience_;
    int fd_;
};

}  // namespace

tl::expected<Reply, std::string> exchange(const SocketAddress& host, const std::string& request,
                                          std::chrono::milliseconds time,
                                          const std::atomic<bool>& cancelled) {
    const Connection connection(time, cancelled);
    if (!connection.connect(host) || !connection.send(request))
        return tl::unexpected("cannot be reached at port " + std::to_string(host.port));
    if (auto reply = connection.receive()) return std::move(*reply);
    return tl::unexpected(std::string("gave no usable answer"));
}

}  // namespace kith::net::http
