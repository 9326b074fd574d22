// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

#include "net/local_socket.hpp"

namespace kith::net {
namespace {

std::string error_text(int error) { return std::strerror(error); }

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
};

using Use = std::function<int(const sockaddr*, socklen_t)>;

int use_short(const std::string& path, const Use& use) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
    sockaddr generic{};
    static_assert(sizeof name >= sizeof generic);
    return use(reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 ? 0 : errno;
}

/// Calls `use` with an address for `path`; 0 or errno. A name has room for 107 bytes; longer paths
/// are reached through the folder's descriptor, which Linux shows under /proc.
int with_address(const std::string& path, const Use& use) {
    if (path.size() < sizeof sockaddr_un{}.sun_path) return use_short(path, use);
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ENAMETOOLONG;
    const Descriptor folder(
        ::open(path.substr(0, slash + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0) return errno;
    const std::string through =
        "/proc/self/fd/" + std::to_string(folder.get()) + path.substr(slash);
    if (through.size() >= sizeof sockaddr_un{}.sun_path) return ENAMETOOLONG;
    return use_short(through, use);
}

int open_socket() {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd >= 0) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

}  // namespace

tl::expected<int, std::string> bind_local(const std::string& path) {
    const auto failed = [&](int error) {
        return tl::unexpected("Cannot open the control socket " + path + ": " + error_text(error) +
                              ".");
    };
    Descriptor socket(open_socket());
    if (socket.get() < 0) return failed(errno);
    ::unlink(path.c_str());
    // The file inherits the socket's mode: there is no moment at which others could connect, and no
    // change of the umask, which belongs to all threads.
    if (::fchmod(socket.get(), S_IRUSR | S_IWUSR) != 0) return failed(errno);
    const int error = with_address(path, [&](const sockaddr* name, socklen_t size) {
        return ::bind(socket.get(), name, size);
    });
    if (error != 0) return failed(error);
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) return failed(errno);
    ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
    return socket.release();
}

tl::expected<int, std::string> connect_local(const std::string& path) {
    Descriptor socket(open_socket());
    if (socket.get() < 0) return tl::unexpected("Cannot open a socket: " + error_text(errno) + ".");
    const int error = with_address(path, [&](const sockaddr* name, socklen_t size) {
        return ::connect(socket.get(), name, size);
    });
    if (error == ENOENT || error == ECONNREFUSED) {
        return tl::unexpected("Nothing listens at " + path +
                              ": Kith is not running with this profile.");
    }
    if (error != 0) {
        return tl::unexpected("Cannot connect to " + path + ": " + error_text(error) + ".");
    }
    return socket.release();
}

void remove_local(const std::string& path) noexcept { ::unlink(path.c_str()); }

}  // namespace kith::net
