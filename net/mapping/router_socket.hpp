// SPDX-License-Identifier: MIT
//
// Asks one router by UDP and hears only it. Blocking; for the mapper's thread. Internal to
// net/mapping.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <optional>

#include "net/transport.hpp"

namespace kith::net {

class RouterSocket {
public:
    /// Connected, so that the system lets in only what comes from this address and port.
    RouterSocket(const Bytes& router, std::uint16_t port);
    ~RouterSocket();
    RouterSocket(const RouterSocket&) = delete;
    RouterSocket& operator=(const RouterSocket&) = delete;

    [[nodiscard]] bool usable() const { return fd_ >= 0; }
    /// Ours, as the router sees it; zero if there is none.
    [[nodiscard]] std::array<std::uint8_t, 4> local_address() const;

    /// Sends `request`, again after each of `waits` but the last, until `answers` says yes. At most
    /// 64 datagrams are looked at. False: time is up, cancelled, or nobody listens there.
    bool ask(ByteView request, const std::vector<std::chrono::milliseconds>& waits,
             const std::function<bool(ByteView)>& answers, const std::atomic<bool>& cancelled);

private:
    enum class Heard { answer, silence, nobody };
    Heard listen(std::chrono::milliseconds time, const std::function<bool(ByteView)>& answers,
                 const std::atomic<bool>& cancelled);

    int fd_ = -1;
    int datagrams_left_ = 0;
};

}  // namespace kith::net
