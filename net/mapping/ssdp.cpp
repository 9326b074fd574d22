// SPDX-License-Identifier: MIT
#include "net/mapping/ssdp.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "net/mapping/patience.hpp"
#include "net/mapping/router_socket.hpp"
#include "net/mapping/upnp.hpp"
#include "net/socket_names.hpp"

namespace kith::net {
namespace {

using namespace std::chrono_literals;

constexpr int datagrams_max = 256;  // all devices of the network answer, not only the router
constexpr auto first_wait = 500ms;
constexpr auto second_wait = 1000ms;
constexpr auto others_wait = 150ms;  // a router may have a second description

bool same(const http::Url& a, const http::Url& b) { return a.host == b.host && a.path == b.path; }

class Search {
public:
    Search(const Bytes& router, const RouterAccess& access)
        : router_(router), fd_(::socket(AF_INET, SOCK_DGRAM, 0)) {
        if (fd_ < 0) return;
        ::fcntl(fd_, F_SETFD, FD_CLOEXEC);
        ::fcntl(fd_, F_SETFL, O_NONBLOCK);
        in_addr from{};  // the interface that leads to the router
        const auto own = RouterSocket(router, access.port).local_address();
        std::memcpy(&from, own.data(), own.size());
        ::setsockopt(fd_, IPPROTO_IP, IP_MULTICAST_IF, &from, sizeof from);
        const int hops = 2;
        ::setsockopt(fd_, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof hops);
        to_ = to_sockaddr({access.ssdp, access.ssdp_port, 0});
    }
    ~Search() {
        if (fd_ >= 0) ::close(fd_);
    }
    Search(const Search&) = delete;
    Search& operator=(const Search&) = delete;

    void call_out() const {
        for (const auto& text : upnp::searches())
            (void)!::sendto(fd_, text.data(), text.size(), MSG_NOSIGNAL, as_sockaddr(to_),
                            sizeof(sockaddr_in));
    }
    /// Until time is up, or one that was not known is heard.
    bool hear(std::chrono::milliseconds time, const std::atomic<bool>& cancelled) {
        const Patience patience(time, cancelled);
        while (fd_ >= 0 && found.size() < descriptions_max && patience.wait(fd_, POLLIN)) {
            if (--datagrams_left_ < 0) return false;
            if (take_one()) return true;
        }
        return false;
    }

    std::vector<http::Url> found;

private:
    bool take_one() {
        std::array<char, 2048> buffer{};
        sockaddr_storage name{};
        socklen_t size = sizeof name;
        const auto length = ::recvfrom(fd_, buffer.data(), buffer.size(), 0,
                                       reinterpret_cast<sockaddr*>(&name), &size);
        if (length <= 0 || from_sockaddr(as_sockaddr(name)).address != router_) return false;
        auto url = upnp::location({buffer.data(), static_cast<std::size_t>(length)}, router_);
        const auto known = [&](const http::Url& other) { return same(other, *url); };
        if (!url || std::ranges::any_of(found, known)) return false;
        found.push_back(std::move(*url));
        return true;
    }

    const Bytes router_;
    int fd_;
    int datagrams_left_ = datagrams_max;
    sockaddr_storage to_{};
};

}  // namespace

std::vector<http::Url> find_devices(const Bytes& router, const RouterAccess& access,
                                    const std::atomic<bool>& cancelled) {
    Search search(router, access);
    for (const auto wait : {first_wait, second_wait}) {
        if (cancelled) break;
        search.call_out();
        if (!search.hear(wait, cancelled)) continue;
        (void)search.hear(others_wait, cancelled);
        break;
    }
    return search.found;
}

}  // namespace kith::net
