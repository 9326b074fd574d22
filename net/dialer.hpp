// SPDX-License-Identifier: MIT
//
// Who is dialled, where and when: routes, attempts and waits. One attempt tries a peer's candidates
// in order, 250 ms apart or as soon as one fails (after RFC 8305); every connected candidate gets
// M1, and the first one that answers with a good M2 is kept, so that a stranger's machine that
// happens to own an old address delays nothing. Who lost a stable session dials often for a while.
// Beside a session through a relay the direct candidates are tried
// now and then. Internal to net/; network thread only.
#pragma once

#include <unordered_map>

#include "net/backoff.hpp"
#include "net/ending.hpp"
#include "net/timing.hpp"

namespace kith::net {

class Dialer {
public:
    using Milliseconds = std::chrono::milliseconds;

    class Host {
    public:
        virtual ~Host() = default;
        /// The link stands: the handshake starts with this token.
        virtual void on_connected(LinkId link, const Fingerprint& peer, const SocketAddress& remote,
                                  const Bytes& token) = 0;
        /// Gives up a link that is in its handshake. False: it stays, both sides may regard it as
        /// theirs already.
        virtual bool withdraw(LinkId link, bool for_other_session) = 0;
        /// No session or one through a relay, and not blocked.
        virtual bool wants_dial(const Fingerprint& peer) const = 0;
        // Must not change routes before they return.
        virtual void on_attempt(const Fingerprint& peer) = 0;
        virtual void on_attempt_failed(const Fingerprint& peer, const Ending& ending,
                                       Milliseconds retry_in) = 0;
    };

    Dialer(Transport& transport, crypto::RandomSource& random, const Timing& timing,
           const Fingerprint& self, Host& host)
        : transport_(transport), random_(random), timing_(timing), self_(self), host_(host) {}

    void set_route(Route route, Milliseconds now);
    void remove_route(const Fingerprint& peer);
    [[nodiscard]] const Route* route(const Fingerprint& peer) const;
    /// Calls `visit(route)` until it returns true.
    template <typename Visit>
    bool find_route(Visit visit) const {
        for (const auto& [fingerprint, peer] : peers_) {
            if (visit(peer.route)) return true;
        }
        return false;
    }

    /// Now, whatever was before. False: no route.
    bool connect(const Fingerprint& peer, Milliseconds now);
    /// No dials until connect(), a new route, or a session of their making.
    void suspend(const Fingerprint& peer);
    void network_changed(Milliseconds now);
    void stop();  ///< all attempts, for good

    void on_dialled(LinkId link);
    /// Good M2: the other candidates are given up.
    void on_answered(LinkId link);
    /// A link of ours ended before a session came of it.
    void on_link_ended(LinkId link, Ending ending, Milliseconds now);

    void on_session_up(const Fingerprint& peer, LinkId link, bool relayed, Milliseconds now);
    void on_session_down(const Fingerprint& peer, const Ending& ending, Milliseconds now);

    /// Runs what is due; when it is to be called next.
    Milliseconds tick(Milliseconds now);

private:
    struct Attempt {
        std::vector<SocketAddress> candidates;
        Bytes token;
        std::size_t next = 0;
        Milliseconds next_at{0};
        Milliseconds began{0};
        Milliseconds connect_time{0};  ///< for each connection
        std::vector<LinkId> links;
        std::optional<Ending> best;
        [[nodiscard]] bool exhausted() const noexcept { return next >= candidates.size(); }
    };
    struct Peer {
        Route route;
        Backoff backoff;
        std::optional<Milliseconds> due;  ///< of the next attempt
        std::optional<Attempt> attempt;
        std::optional<Milliseconds> up_at;
        std::optional<Milliseconds> lost_at;  ///< a stable session; until one is left in peace
        bool suspended = false;
        /// There is a session through a relay: only direct candidates are tried, nobody hears of
        /// it, and this is what is waited for the next time.
        std::optional<Milliseconds> direct_wait;
    };
    struct Link {
        Fingerprint peer;
        SocketAddress to;
        Milliseconds deadline;  ///< for the connection; the session has its own
        bool connected = false;
    };

    Milliseconds tick_peer(Peer& peer, Milliseconds now);
    void start_waiting(Milliseconds now);
    void start_attempt(Peer& peer, Milliseconds now);
    void begin(Peer& peer, Attempt& attempt, Milliseconds now) const;
    void restart(Peer& peer, Milliseconds now);
    void add_candidates(Peer& peer, Milliseconds now);
    [[nodiscard]] static bool may_try(const Peer& peer, const SocketAddress& address);
    static void begin_anew(Peer& peer, Milliseconds now);
    void dial_next(Peer& peer, Milliseconds now);
    void finish_if_exhausted(Peer& peer, Milliseconds now);
    void abandon(Peer& peer, bool for_other_session, LinkId except);
    void time_out_connections(Milliseconds now);
    [[nodiscard]] static bool is_quick(const Peer& peer, Milliseconds now);
    [[nodiscard]] Milliseconds next_wait(Peer& peer, Milliseconds now);
    [[nodiscard]] Milliseconds wait_after(Peer& peer, const Ending& ending, Milliseconds now);
    void forget_link(LinkId link);

    Transport& transport_;
    crypto::RandomSource& random_;
    const Timing& timing_;
    const Fingerprint self_;
    Host& host_;
    std::unordered_map<Fingerprint, Peer> peers_;
    std::unordered_map<LinkId, Link> links_;
    std::size_t connecting_ = 0;
    bool stopped_ = false;
};

}  // namespace kith::net
