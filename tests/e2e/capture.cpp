// SPDX-License-Identifier: MIT
#include "tests/e2e/capture.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace kith::e2e {
namespace {

constexpr int backlog_bytes = 64 << 20;       ///< what may wait while this thread has no processor
constexpr std::size_t frame_max = 256 << 10;  ///< cables here carry unsplit segments of 64 KiB

/// The namespace of the socket, not of the caller, is where it is looked up.
std::string interface_name(int socket, int index) {
    ifreq request{};
    request.ifr_ifindex = index;
    return ::ioctl(socket, SIOCGIFNAME, &request) == 0 ? request.ifr_name : "";
}

std::uint16_t be16(crypto::ByteView bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/// Behind the IP header, if it says UDP.
std::optional<crypto::ByteView> udp_part(crypto::ByteView frame) {
    constexpr std::size_t ethernet = 14, ip4_min = 20, ip6 = 40, udp = 8;
    if (frame.size() < ethernet) return std::nullopt;
    const auto type = be16(frame, 12);
    const auto packet = frame.subspan(ethernet);
    std::size_t header = 0, size = 0;
    if (type == ETH_P_IP && packet.size() >= ip4_min && packet[9] == IPPROTO_UDP) {
        header = static_cast<std::size_t>(packet[0] & 0x0F) * 4;
        size = be16(packet, 2);
    } else if (type == ETH_P_IPV6 && packet.size() >= ip6 && packet[6] == IPPROTO_UDP) {
        header = ip6;
        size = ip6 + be16(packet, 4);
    }
    if (size < header + udp || size > packet.size() || header == 0) return std::nullopt;
    return packet.subspan(header, size - header);
}

}  // namespace

Capture::Capture(const test::Namespace& where, std::function<void(const Frame&)> heard)
    : heard_(std::move(heard)), buffer_(frame_max) {
    test::inside(where, [this] {
        socket_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
    });
    if (socket_ < 0) throw std::runtime_error("no packet socket");
    (void)::setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &backlog_bytes, sizeof backlog_bytes);
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { run(); });
}

std::uint64_t Capture::stop() {
    if (!thread_.joinable()) return lost_;
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
    thread_.join();
    while (read_one()) {
    }
    tpacket_stats counted{};
    socklen_t size = sizeof counted;
    if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &counted, &size) == 0)
        lost_ = counted.tp_drops;
    lost_ += too_long_;
    ::close(socket_);
    ::close(wake_);
    return lost_;
}

void Capture::run() {
    std::array<pollfd, 2> waiting{{{socket_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    while (::poll(waiting.data(), waiting.size(), -1) >= 0 && waiting[1].revents == 0) {
        if (waiting[0].revents != 0) (void)read_one();
    }
}

bool Capture::read_one() {
    sockaddr_ll from{};
    socklen_t from_size = sizeof from;
    const auto size = ::recvfrom(socket_, buffer_.data(), buffer_.size(), MSG_TRUNC,
                                 reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 0) return false;
    if (static_cast<std::size_t>(size) > buffer_.size()) {
        ++too_long_;
        return true;
    }
    heard_({interface_name(socket_, from.sll_ifindex), from.sll_pkttype == PACKET_OUTGOING,
            crypto::ByteView(buffer_).first(static_cast<std::size_t>(size))});
    return true;
}

std::optional<UdpDatagram> udp_datagram(const Frame& frame) {
    const auto udp = udp_part(frame.bytes);
    if (frame.outgoing || !udp) return std::nullopt;
    const auto payload = udp->subspan(8);
    return UdpDatagram{
        frame.interface, be16(*udp, 0), be16(*udp, 2), {payload.begin(), payload.end()}};
}

}  // namespace kith::e2e
