// SPDX-License-Identifier: MIT
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>

#include "net/local_server.hpp"
#include "net/local_socket.hpp"

namespace kith::net {
namespace {

using SteadyClock = std::chrono::steady_clock;

#ifdef MSG_NOSIGNAL
constexpr int send_flags = MSG_NOSIGNAL;
#else
constexpr int send_flags = 0;
#endif

/// Milliseconds for poll(2): what is left until `deadline`, -1 for ever.
int left_until(const std::optional<SteadyClock::time_point>& deadline) {
    if (!deadline) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - SteadyClock::now());
    return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

}  // namespace

struct LocalClient::Impl {
    int fd = -1;
    std::string received;
    std::size_t searched = 0;  ///< no newline before this position

    ~Impl() {
        if (fd >= 0) ::close(fd);
    }
    std::optional<std::string> take_line();
    tl::expected<void, std::string> receive(const std::optional<SteadyClock::time_point>& deadline);
};

LocalClient::LocalClient() : impl_(std::make_unique<Impl>()) {}
LocalClient::~LocalClient() = default;
LocalClient::LocalClient(LocalClient&&) noexcept = default;

tl::expected<void, std::string> LocalClient::connect(const std::string& path) {
    auto connected = connect_local(path);
    if (!connected) return tl::unexpected(std::move(connected.error()));
    impl_ = std::make_unique<Impl>();
    impl_->fd = *connected;
    return {};
}

tl::expected<void, std::string> LocalClient::send_line(std::string_view line) {
    std::string bytes(line);
    bytes += '\n';
    std::string_view left = bytes;
    while (!left.empty()) {
        const auto sent = ::send(impl_->fd, left.data(), left.size(), send_flags);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return tl::unexpected(std::string("Kith closed the connection."));
        left.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

tl::expected<std::string, std::string> LocalClient::read_line(int timeout_ms) {
    std::optional<SteadyClock::time_point> deadline;
    if (timeout_ms >= 0) deadline = SteadyClock::now() + std::chrono::milliseconds(timeout_ms);
    while (true) {
        if (auto line = impl_->take_line()) return std::move(*line);
        if (auto received = impl_->receive(deadline); !received) {
            return tl::unexpected(std::move(received.error()));
        }
    }
}

std::optional<std::string> LocalClient::Impl::take_line() {
    const auto newline = received.find('\n', searched);
    searched = received.size();
    if (newline == std::string::npos) return std::nullopt;
    std::string line = received.substr(0, newline);
    received.erase(0, newline + 1);
    searched = 0;
    return line;
}

tl::expected<void, std::string> LocalClient::Impl::receive(
    const std::optional<SteadyClock::time_point>& deadline) {
    pollfd waiting{fd, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, left_until(deadline));
    if (ready < 0 && errno == EINTR) return {};
    if (ready == 0) return tl::unexpected(std::string("Kith did not answer in time."));
    std::array<char, 16 * 1024> buffer{};
    const auto size = ready < 0 ? -1 : ::recv(fd, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) return {};
    if (size <= 0) return tl::unexpected(std::string("Kith closed the connection."));
    received.append(buffer.data(), static_cast<std::size_t>(size));
    return {};
}

}  // namespace kith::net
