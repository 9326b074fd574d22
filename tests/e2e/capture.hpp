// SPDX-License-Identifier: MIT
//
// What an eavesdropper hears: every frame that crosses a network namespace (Linux packet sockets).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/bytes.hpp"
#include "tests/net/namespaces.hpp"

namespace kith::e2e {

struct Frame {
    std::string interface;     ///< by which it came in or went out
    bool outgoing = false;     ///< sent there, by this namespace or passed on by it
    crypto::ByteView bytes{};  ///< from the Ethernet header on
};

class Capture {
public:
    /// `heard` is called for each frame, in the capture's own thread, until stop(). Throws
    /// std::runtime_error where it is not allowed.
    Capture(const test::Namespace& where, std::function<void(const Frame&)> heard);
    ~Capture() { (void)stop(); }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    /// Everything that has crossed until now has been handed out when it returns. Gives the number
    /// of frames that were lost because they came too quickly, or did not fit.
    std::uint64_t stop();

private:
    void run();
    bool read_one();

    std::function<void(const Frame&)> heard_;
    int socket_ = -1, wake_ = -1;
    std::uint64_t too_long_ = 0, lost_ = 0;
    crypto::Bytes buffer_;
    std::thread thread_;
};

struct UdpDatagram {
    std::string host;  ///< the interface it came in by
    std::uint16_t from_port = 0, to_port = 0;
    crypto::Bytes payload;
};
/// What came in, over IPv4 or IPv6, without the headers of Ethernet, IP and UDP; nothing for what
/// else there is.
[[nodiscard]] std::optional<UdpDatagram> udp_datagram(const Frame& frame);

}  // namespace kith::e2e
