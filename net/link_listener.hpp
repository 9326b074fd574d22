// SPDX-License-Identifier: MIT
//
// What hears of links, time and finished decryptions: the driver's side of an Endpoint, of a relay,
// and of what stands between them. Network thread only.
#pragma once

#include <functional>

#include "crypto/fingerprint.hpp"
#include "net/transport.hpp"

namespace kith::net {

using crypto::Fingerprint;

/// Why a session or an attempt ended; `text` is for a person.
struct Ending {
    enum class Reason {
        peer_left,  ///< goodbye received
        closed_here,
        replaced,  ///< by the other of two simultaneous sessions
        lost,      ///< connection broken or silent
        refused,   ///< nobody listens there
        timed_out,
        unreachable,
        not_admitted,  ///< closed before M2: old connection ID, blocked, or busy
        wrong_fingerprint,
        versions_differ,
        protocol_error,
        no_addresses,
    };
    Reason reason = Reason::lost;
    std::string text;
};

class LinkListener {
public:
    virtual ~LinkListener() = default;
    virtual void on_accepted(LinkId link, const SocketAddress& from) = 0;
    virtual void on_dialled(LinkId link) = 0;
    virtual void on_data(LinkId link, ByteView bytes) = 0;
    /// The kernel took bytes: backlog() is smaller now.
    virtual void on_writable(LinkId link) = 0;
    virtual void on_closed(LinkId link, Ending::Reason reason) = 0;
    /// Of DecryptLane::submit().
    virtual void on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) = 0;
    /// The system has no descriptors left: half-open links make room.
    virtual void on_accept_failed() = 0;
    /// Flushes what was queued; called by the driver after each batch of events.
    virtual void flush() = 0;
    /// Runs what is due; returns when it wants to be called next (monotonic).
    virtual std::chrono::milliseconds tick() = 0;
};

/// Who calls and is called through relays.
class CircuitUser : public LinkListener {
public:
    /// What we show at this peer's door; empty: we cannot.
    [[nodiscard]] virtual Bytes dial_token(const Fingerprint& peer) const = 0;
    /// Whether this caller holds a token that admits it: `matches` is called for those that may.
    [[nodiscard]] virtual bool admits(const Fingerprint& caller,
                                      const std::function<bool(ByteView)>& matches) const = 0;
    /// In answer to Transport::ask_whence(): what the relay says, which may lie.
    virtual void on_seen(LinkId circuit, const SocketAddress& from) = 0;
};

}  // namespace kith::net
