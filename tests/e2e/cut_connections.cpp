// SPDX-License-Identifier: MIT
#include "tests/e2e/cut_connections.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace kith::e2e {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(pid_t pid) { return "/proc/" + std::to_string(pid) + "/fd"; }

std::vector<int> sockets_of(pid_t pid) {
    std::vector<int> found;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(folder_of(pid), gone)) {
        const auto target = fs::read_symlink(entry.path(), gone).string();
        if (target.starts_with("socket:")) found.push_back(std::stoi(entry.path().filename()));
    }
    std::sort(found.begin(), found.end());
    return found;
}

bool is_tcp_connection(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    return ::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
           (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

}  // namespace

std::size_t cut_connections(pid_t pid, const std::function<bool()>& chosen) {
    const auto process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (process < 0) return 0;
    std::size_t cut = 0;
    for (const int theirs : sockets_of(pid)) {
        // The same open socket, not a copy: what is shut down here is shut down there.
        const auto socket = static_cast<int>(::syscall(SYS_pidfd_getfd, process, theirs, 0));
        if (socket < 0) continue;
        if (is_tcp_connection(socket) && chosen()) cut += ::shutdown(socket, SHUT_RDWR) == 0;
        ::close(socket);
    }
    ::close(process);
    return cut;
}

std::size_t descriptors_of(pid_t pid) {
    std::error_code gone;
    const fs::directory_iterator all(folder_of(pid), gone);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace kith::e2e
