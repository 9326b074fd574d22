// SPDX-License-Identifier: MIT
//
// Whose turn it is on a relay's RSA lane: networks take turns, however many connections come from
// each, so that a crowd does not keep a single one waiting. As many wait as there are handshakes,
// each once. Internal to net/relay; network thread only.
//
//   ask() -> a queue for each network -> at most `at_once` on the lane -> on_decrypted()
#pragma once

#include <deque>
#include <list>
#include <map>
#include <unordered_map>

#include "net/transport.hpp"

namespace kith::net {

class DecryptTurns {
public:
    static constexpr std::size_t at_once = 8;  ///< so that the lane never waits for this thread

    explicit DecryptTurns(DecryptLane& lane) : lane_(lane) {}

    /// Of a link that has asked for nothing before, or has its answer.
    void ask(LinkId link, const SocketAddress& from, Bytes ciphertext);
    /// The lane has answered, whomever.
    void on_decrypted();
    /// Nobody waits for it any more.
    void on_gone(LinkId link);
    [[nodiscard]] std::size_t waiting() const noexcept { return networks_of_.size(); }

private:
    struct Job {
        LinkId link = 0;
        Bytes ciphertext;
    };
    using Queue = std::deque<Job>;

    void pass_on();

    DecryptLane& lane_;
    std::size_t on_lane_ = 0;
    std::map<std::string, Queue> queues_;                  ///< none is empty
    std::list<std::string> turns_;                         ///< of queues_, the next first
    std::unordered_map<LinkId, std::string> networks_of_;  ///< of those that wait
};

/// What counts as one network: a /24 (IPv4) or a /48 (IPv6).
[[nodiscard]] std::string network_of(ByteView address);

}  // namespace kith::net
