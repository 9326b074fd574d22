// SPDX-License-Identifier: MIT
//
// Clients of a relay in this process, with real sessions over TCP, and circuits between them whose
// ends are bare sockets: inside a circuit the relay sees opaque bytes, so what goes through may be
// as cheap as can be.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "crypto/oaep_kem.hpp"
#include "net/reactor.hpp"
#include "net/tcp_driver.hpp"
#include "tests/support/relay_crowd.hpp"

namespace kith::bench {

/// Two sockets, owned: what is written to one is read from the other.
struct SocketPair {
    SocketPair(int from, int to) : ends{from, to} {}
    SocketPair(SocketPair&& other) noexcept : ends(std::exchange(other.ends, {-1, -1})) {}
    SocketPair& operator=(SocketPair&& other) noexcept {
        std::swap(ends, other.ends);
        return *this;
    }
    ~SocketPair();
    [[nodiscard]] int from() const { return ends.first; }
    [[nodiscard]] int to() const { return ends.second; }
    std::pair<int, int> ends;
};
/// Connected to this port of loopback, without delay for small writes.
[[nodiscard]] int connect_to(std::uint16_t port);

class RelayPeople {
public:
    explicit RelayPeople(const crypto::RelayAddress& relay);
    ~RelayPeople();

    /// Until so many have a session.
    void connect(std::size_t people);
    [[nodiscard]] std::size_t connected();
    /// Between as many pairs of people, who are connected already.
    [[nodiscard]] std::vector<SocketPair> circuits(std::size_t count);

private:
    /// Decrypts on the loop's thread, in its next turn.
    class Lane final : public net::DecryptLane {
    public:
        Lane(net::Reactor& reactor, const crypto::IdentityKeys& keys);
        bool submit(std::uint64_t ticket, net::Bytes ciphertext, bool contact) override;
        net::LinkListener* listener = nullptr;

    private:
        void deliver();
        net::Reactor& reactor_;
        crypto::SystemRandom random_;
        crypto::oaep_kem::Decapsulator decapsulator_;
        std::vector<std::pair<std::uint64_t, net::Bytes>> waiting_;
    };
    void hear(const net::Message& message);
    net::CircuitTicket next_ticket();
    SocketPair circuit(std::size_t caller, std::size_t callee);

    const crypto::RelayAddress relay_;
    const crypto::Identity shared_;
    net::Reactor reactor_;
    net::SystemClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<net::TcpDriver> driver_;
    std::unique_ptr<Lane> lane_;
    std::unique_ptr<test::RelayCrowd> crowd_;
    std::mutex mutex_;
    std::condition_variable heard_;
    std::deque<net::CircuitTicket> tickets_;
};

}  // namespace kith::bench
