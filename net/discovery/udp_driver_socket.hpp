// SPDX-License-Identifier: MIT
//
// One UDP socket of discovery: it names the interface in both directions. Does not block. Internal
// to net/.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <tl/expected.hpp>

#include "net/discovery/udp_driver.hpp"

namespace kith::net {

class UdpSocket {
public:
    /// One byte more than is ever meant for us: what is longer is recognised by it.
    static constexpr std::size_t buffer_size = crypto::beacon_size + 1;
    using Buffer = std::array<std::uint8_t, buffer_size>;

    struct Datagram {
        std::uint32_t interface = 0;
        SocketAddress from;
        ByteView bytes;  ///< in the buffer; cut off at its size
    };

    /// At any address of the family and that port, which it shares. The error is an errno.
    static tl::expected<UdpSocket, int> receiver(bool v6, std::uint16_t port);
    /// At a port of its own; leaves by that interface and no router passes it on.
    static tl::expected<UdpSocket, int> sender(bool v6, std::uint32_t interface);

    UdpSocket(UdpSocket&& other) noexcept;
    UdpSocket& operator=(UdpSocket&&) = delete;
    ~UdpSocket();

    [[nodiscard]] int fd() const noexcept { return fd_; }
    /// The multicast group of discovery; 0 or an errno.
    int join(std::uint32_t interface);
    void leave(std::uint32_t interface);
    /// `source`: an address of ours, or empty: the system chooses. 0 or an errno.
    int send(const SocketAddress& to, std::uint32_t interface, const Bytes& source, ByteView bytes);
    /// Nothing: none is waiting. Without bytes: one that could not be read.
    [[nodiscard]] std::optional<Datagram> receive(Buffer& buffer);

private:
    UdpSocket(int fd, bool v6) : fd_(fd), v6_(v6) {}
    static tl::expected<UdpSocket, int> open(bool v6, std::uint16_t port, bool shared);
    bool set(int level, int name, int value) const;
    int change_membership(std::uint32_t interface, bool join);

    int fd_;
    bool v6_;
};

}  // namespace kith::net
