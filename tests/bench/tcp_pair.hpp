// SPDX-License-Identifier: MIT
//
// Two ends of a TCP connection over loopback, blocking, for yardsticks and bare handshakes.
#pragma once

#include "crypto/bytes.hpp"

namespace kith::bench {

class TcpPair {
public:
    TcpPair();  ///< Nagle's algorithm off, as in the program
    ~TcpPair();
    TcpPair(const TcpPair&) = delete;
    TcpPair& operator=(const TcpPair&) = delete;

    [[nodiscard]] int near_end() const { return near_; }
    [[nodiscard]] int far_end() const { return far_; }

private:
    int near_ = -1, far_ = -1;
};

/// One frame: u32 big-endian length, bytes. Throw when the other end has gone.
void send_frame(int socket, crypto::ByteView bytes);
[[nodiscard]] crypto::Bytes receive_frame(int socket);

}  // namespace kith::bench
