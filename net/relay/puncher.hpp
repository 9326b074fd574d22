// SPDX-License-Identifier: MIT
//
// A direct connection for two people who have a session through a relay, made by both dialling each
// other at the same time (TCP simultaneous open, RFC 9293, section 3.5; RFC 5128, section 3.4).
// Each dials from the port of its own connection to the relay, to where the relay sees the other
// one.
//
//   leader:   resting -> asking (the relay) -> offered -> agreed (go) -> punching -> resting
//   follower: resting -> asking (the relay) -> offered (go) -> punching -> resting
//
// The leader is who dialled for the session. docs/protocol.md, "Relay: hole punching". Without I/O;
// internal to net/; network thread only.
#pragma once

#include <optional>
#include <unordered_map>

#include "net/backoff.hpp"
#include "net/message.hpp"
#include "net/transport.hpp"

namespace kith::net {

using crypto::Fingerprint;

class Puncher {
public:
    using Milliseconds = std::chrono::milliseconds;

    // Specification.
    static constexpr Milliseconds window{10'000};  ///< from the go on
    static constexpr Milliseconds redial{500};     ///< after a connection was refused
    static constexpr unsigned dials_max = 20;      ///< in a window
    static constexpr unsigned tries_max = 4;       ///< windows in a session
    static constexpr std::uint16_t port_min = 1024;
    // Choice.
    static constexpr Milliseconds settling{1'000};      ///< a direct way may come by itself
    static constexpr Milliseconds patience{5'000};      ///< for each answer
    static constexpr Milliseconds offers_apart{5'000};  ///< more often they are not heard
    static constexpr Milliseconds head_start_max{1'000};
    static constexpr Milliseconds retry_min{20'000};
    static constexpr Milliseconds retry_max{10 * 60'000};
    static constexpr std::size_t at_once = 16;  ///< punching

    class Host {
    public:
        virtual ~Host() = default;
        /// Into the session through the relay.
        virtual void send_punch(const Fingerprint& peer, const Message& message) = 0;
        /// Somebody is at the other end; the link is the host's from here on.
        virtual void on_punched(const Fingerprint& peer, LinkId link, const SocketAddress& to,
                                bool leads) = 0;
    };

    Puncher(Transport& transport, crypto::RandomSource& random, Host& host)
        : transport_(transport), random_(random), host_(host) {}

    /// A session through this circuit is up.
    void on_session(const Fingerprint& peer, LinkId circuit, bool leads, Milliseconds now);
    void on_session_gone(const Fingerprint& peer);
    void stop();  ///< for good

    void on_seen(LinkId circuit, const SocketAddress& from, Milliseconds now);
    /// Of those who are trusted alone.
    void on_offer(const Fingerprint& peer, const PunchOffer& offer, Milliseconds now);
    void on_go(const Fingerprint& peer, const PunchGo& go, Milliseconds now);

    [[nodiscard]] bool owns(LinkId link) const { return links_.contains(link); }
    void on_dialled(LinkId link, Milliseconds now);
    void on_closed(LinkId link, Milliseconds now);
    /// Runs what is due; when it is to be called next.
    Milliseconds tick(Milliseconds now);

private:
    enum class Phase { resting, asking, offered, agreed, punching };
    /// With one peer, as long as the session lasts.
    struct Course {
        LinkId circuit = 0;
        bool leads = false;
        Backoff backoff;
        Milliseconds due{};  ///< of what comes next by itself
        Phase phase = Phase::resting;
        std::uint32_t round = 0;
        unsigned tries = 0;
        std::optional<SocketAddress> seen{};    ///< how the relay sees us
        std::optional<SocketAddress> theirs{};  ///< how it sees them, as they say
        Milliseconds offered_at{};
        std::optional<Milliseconds> heard_at{};  ///< their last offer
        std::optional<LinkId> link{};
        unsigned dials = 0;
        Milliseconds until{};  ///< the end of the last window
    };

    void step(const Fingerprint& peer, Course& course, Milliseconds now);
    void ask(const Fingerprint& peer, Course& course, Milliseconds now);
    void offer(const Fingerprint& peer, Course& course, Milliseconds now);
    void agree(const Fingerprint& peer, Course& course, Milliseconds now);
    void answer(const Fingerprint& peer, Course& course, Milliseconds now);
    void punch(Course& course, Milliseconds now);
    void dial(const Fingerprint& peer, Course& course);
    void rest(Course& course, Milliseconds now);
    void drop_link(Course& course);
    [[nodiscard]] Course* course_of(const Fingerprint& peer);

    Transport& transport_;
    crypto::RandomSource& random_;
    Host& host_;
    std::unordered_map<Fingerprint, Course> courses_;
    std::unordered_map<LinkId, Fingerprint> links_;
    bool stopped_ = false;
};

/// Whether an address somebody names may be dialled by one who is seen at `own`: of one machine in
/// the same kind of network (both global, or both of local networks), and not a service's port.
[[nodiscard]] bool may_punch(const SocketAddress& theirs, const SocketAddress& own);

}  // namespace kith::net
