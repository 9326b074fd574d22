// SPDX-License-Identifier: MIT
//
// What the protocol logic needs from the world. The libuv driver implements these for the program,
// the simulated network for tests. Everything here is called on the network thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "crypto/fingerprint.hpp"

namespace kith::net {

using crypto::Bytes;
using crypto::ByteView;

/// An IPv4 (4 bytes) or IPv6 (16 bytes) address and TCP port; or a relay's place and port
/// (crypto/relay_address.hpp), through which somebody can be reached.
struct SocketAddress {
    Bytes address;
    std::uint16_t port = 0;
    std::uint32_t scope = 0;  ///< IPv6 link-local interface index, else 0
    bool operator==(const SocketAddress&) const = default;
};
[[nodiscard]] bool is_relayed(const SocketAddress& address) noexcept;
/// "192.0.2.1:4711", "[::1]:4711", "relay.example.org:4711 (relay)"
[[nodiscard]] std::string to_string(const SocketAddress& address);

/// One TCP connection, from dial() or accept to its end. Never reused.
using LinkId = std::uint64_t;

class Transport {
public:
    virtual ~Transport() = default;
    /// Starts connecting; the handler hears on_dialled or on_closed.
    virtual LinkId dial(const SocketAddress& to) = 0;
    /// The same through the relay at this place. Without relays it fails, like any other dial.
    virtual LinkId dial_circuit(const SocketAddress& relay, const crypto::Fingerprint& /*peer*/) {
        return dial(relay);
    }
    /// Like dial(), from a local port that dial_beside() may use as well.
    virtual LinkId dial_shared(const SocketAddress& to) { return dial(to); }
    /// Like dial(), from the local address and port of a link of dial_shared(): routers show both
    /// to the outside as the same, if any do.
    virtual LinkId dial_beside(LinkId /*link*/, const SocketAddress& to) { return dial(to); }
    /// Asks the relay of this circuit where it sees us come from: CircuitUser::on_seen(), if it
    /// answers. False: this link is no circuit, or its relay cannot be asked now.
    virtual bool ask_whence(LinkId /*circuit*/) { return false; }
    /// Queues bytes. The caller bounds what it queues by looking at backlog().
    virtual void send(LinkId link, Bytes bytes) = 0;
    /// Bytes queued that the kernel has not taken yet.
    [[nodiscard]] virtual std::size_t backlog(LinkId link) const = 0;
    /// Back-pressure towards the peer.
    virtual void set_reading(LinkId link, bool reading) = 0;
    /// Ends the link after what is queued was written (at most 1 s), or at once with `now`. No
    /// callback follows.
    virtual void close(LinkId link, bool now) = 0;
    /// The connection itself, a file descriptor the caller owns; nothing may be queued. The link is
    /// gone then, without a callback. Nothing: this transport cannot, the link stays.
    virtual std::optional<int> detach(LinkId /*link*/) { return std::nullopt; }
};

/// Whichever way leads there.
inline LinkId dial_peer(Transport& transport, const SocketAddress& to,
                        const crypto::Fingerprint& peer) {
    return is_relayed(to) ? transport.dial_circuit(to, peer) : transport.dial(to);
}

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual std::chrono::milliseconds monotonic() const = 0;
    /// Since 1970 UTC; may jump.
    [[nodiscard]] virtual std::chrono::milliseconds wall() const = 0;
};

/// Private-key operations happen elsewhere. Results come back by LinkListener::on_decrypted.
class DecryptLane {
public:
    virtual ~DecryptLane() = default;
    /// False when the lane is full or the stranger's rate is used up: the caller drops the link.
    virtual bool submit(std::uint64_t ticket, Bytes ciphertext, bool contact) = 0;
};

}  // namespace kith::net
