// SPDX-License-Identifier: MIT
#include "net/discovery/udp_driver_socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "net/socket_names.hpp"

namespace kith::net {
namespace {

socklen_t size_of(const sockaddr_storage& name) {
    return name.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

/// Room for the one control message that either family uses.
union Control {
    cmsghdr aligned;
    std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> bytes;
};

template <typename Info>
void attach_info(msghdr& message, int level, int type, const Info& info) {
    message.msg_controllen = CMSG_SPACE(sizeof info);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
}

void attach_route(msghdr& message, bool v6, std::uint32_t interface, const Bytes& source) {
    if (v6) {
        in6_pktinfo info{};
        info.ipi6_ifindex = interface;
        if (source.size() == sizeof info.ipi6_addr)
            std::memcpy(&info.ipi6_addr, source.data(), sizeof info.ipi6_addr);
        return attach_info(message, IPPROTO_IPV6, IPV6_PKTINFO, info);
    }
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<int>(interface);
    if (source.size() == sizeof info.ipi_spec_dst)
        std::memcpy(&info.ipi_spec_dst, source.data(), sizeof info.ipi_spec_dst);
    attach_info(message, IPPROTO_IP, IP_PKTINFO, info);
}

std::uint32_t arrived_at(msghdr& message) {
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(header), sizeof info);
            return static_cast<std::uint32_t>(info.ipi_ifindex);
        }
        if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(header), sizeof info);
            return info.ipi6_ifindex;
        }
    }
    return 0;
}

}  // namespace

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), v6_(other.v6_) {}

UdpSocket::~UdpSocket() {
    if (fd_ >= 0) ::close(fd_);
}

bool UdpSocket::set(int level, int name, int value) const {
    return ::setsockopt(fd_, level, name, &value, sizeof value) == 0;
}

tl::expected<UdpSocket, int> UdpSocket::open(bool v6, std::uint16_t port, bool shared) {
    const int fd = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) return tl::unexpected(errno);
    UdpSocket made(fd, v6);
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    if (v6) {
        // One socket for each family: mixed ones behave differently from system to system.
        made.set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
        made.set(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    } else {
        made.set(IPPROTO_IP, IP_PKTINFO, 1);
    }
    if (shared) {
        made.set(SOL_SOCKET, SO_REUSEADDR, 1);
#ifndef __linux__
        // There it is this one that gives each of several sockets a copy of what goes to all.
        made.set(SOL_SOCKET, SO_REUSEPORT, 1);
#endif
    }
    const auto name = to_sockaddr({Bytes(v6 ? 16 : 4, 0), port, 0});
    if (::bind(fd, as_sockaddr(name), size_of(name)) != 0) return tl::unexpected(errno);
    return made;
}

tl::expected<UdpSocket, int> UdpSocket::receiver(bool v6, std::uint16_t port) {
    return open(v6, port, true);
}

tl::expected<UdpSocket, int> UdpSocket::sender(bool v6, std::uint32_t interface) {
    auto made = open(v6, 0, false);
    if (!made) return made;
    const auto index = static_cast<int>(interface);
    if (v6) {
        made->set(IPPROTO_IPV6, IPV6_MULTICAST_IF, index);
        made->set(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1);
        made->set(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1);
        made->set(IPPROTO_IPV6, IPV6_UNICAST_HOPS, 1);
    } else {
        made->set(SOL_SOCKET, SO_BROADCAST, 1);
        made->set(IPPROTO_IP, IP_MULTICAST_LOOP, 1);
        made->set(IPPROTO_IP, IP_MULTICAST_TTL, 1);
        made->set(IPPROTO_IP, IP_TTL, 1);
    }
    return made;
}

int UdpSocket::change_membership(std::uint32_t interface, bool join) {
    int result = 0;
    if (v6_) {
        ipv6_mreq request{};
        std::memcpy(&request.ipv6mr_multiaddr, discovery_group_v6.data(),
                    discovery_group_v6.size());
        request.ipv6mr_interface = interface;
        result = ::setsockopt(fd_, IPPROTO_IPV6, join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP,
                              &request, sizeof request);
    } else {
        ip_mreqn request{};
        std::memcpy(&request.imr_multiaddr, discovery_group_v4.data(), discovery_group_v4.size());
        request.imr_ifindex = static_cast<int>(interface);
        result = ::setsockopt(fd_, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP,
                              &request, sizeof request);
    }
    return result == 0 ? 0 : errno;
}

int UdpSocket::join(std::uint32_t interface) { return change_membership(interface, true); }

void UdpSocket::leave(std::uint32_t interface) { (void)change_membership(interface, false); }

int UdpSocket::send(const SocketAddress& to, std::uint32_t interface, const Bytes& source,
                    ByteView bytes) {
    auto name = to_sockaddr(to);
    iovec part{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    Control control{};
    msghdr message{};
    message.msg_name = &name;
    message.msg_namelen = size_of(name);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    attach_route(message, v6_, interface, source);
    return ::sendmsg(fd_, &message, 0) >= 0 ? 0 : errno;
}

std::optional<UdpSocket::Datagram> UdpSocket::receive(Buffer& buffer) {
    sockaddr_storage name{};
    iovec part{buffer.data(), buffer.size()};
    Control control{};
    msghdr message{};
    message.msg_name = &name;
    message.msg_namelen = sizeof name;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    const auto size = ::recvmsg(fd_, &message, 0);
    if (size < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
        return Datagram{};  // an error of an earlier one; the next may be good
    }
    return Datagram{arrived_at(message), from_sockaddr(as_sockaddr(name)),
                    ByteView(buffer).first(static_cast<std::size_t>(size))};
}

}  // namespace kith::net
