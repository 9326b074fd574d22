// SPDX-License-Identifier: MIT
#include "net/dialer.hpp"

#include <algorithm>

namespace kith::net {
namespace {

using Reason = Ending::Reason;
constexpr std::size_t candidates_tried = 16;

}  // namespace

// --- routes ---

void Dialer::set_route(Route route, Milliseconds now) {
    const auto [found, added] = peers_.try_emplace(
        route.peer,
        Peer{{}, Backoff(timing_.backoff_min, timing_.backoff_max), {}, {}, {}, {}, false, {}});
    Peer& peer = found->second;
    const bool moved = peer.route.addresses != route.addresses;
    const bool same = !added && peer.route.dial_token == route.dial_token &&
                      peer.route.keep_connected == route.keep_connected;
    peer.route = std::move(route);
    if (same && (!moved || peer.suspended)) return;
    peer.suspended = false;
    peer.backoff.reset();
    if (same && peer.attempt) return add_candidates(peer, now);
    if (same && !peer.route.keep_connected) return;
    peer.due = peer.route.keep_connected ? std::optional(now) : std::nullopt;
}

void Dialer::remove_route(const Fingerprint& fingerprint) {
    const auto found = peers_.find(fingerprint);
    if (found == peers_.end()) return;
    abandon(found->second, false, 0);
    peers_.erase(found);
}

const Route* Dialer::route(const Fingerprint& peer) const {
    const auto found = peers_.find(peer);
    return found == peers_.end() ? nullptr : &found->second.route;
}

// --- wishes ---

bool Dialer::connect(const Fingerprint& fingerprint, Milliseconds now) {
    const auto found = peers_.find(fingerprint);
    if (found == peers_.end()) return false;
    Peer& peer = found->second;
    peer.suspended = false;
    peer.backoff.reset();
    if (!peer.attempt) peer.due = now;
    return true;
}

void Dialer::suspend(const Fingerprint& fingerprint) {
    const auto found = peers_.find(fingerprint);
    if (found == peers_.end()) return;
    abandon(found->second, false, 0);
    found->second.suspended = true;
    found->second.due.reset();
}

void Dialer::network_changed(Milliseconds now) {
    for (auto& [fingerprint, peer] : peers_) {
        if (!peer.route.keep_connected || peer.suspended) continue;
        peer.backoff.reset();
        // A network that comes back may need another moment.
        if (peer.lost_at) peer.lost_at = now;
        if (peer.attempt) {
            restart(peer, now);
        } else {
            peer.due = now;
        }
    }
}

void Dialer::stop() {
    stopped_ = true;
    for (auto& [fingerprint, peer] : peers_) {
        abandon(peer, false, 0);
        peer.due.reset();
    }
}

// --- attempts ---

Dialer::Milliseconds Dialer::tick(Milliseconds now) {
    if (stopped_) return Milliseconds::max();
    time_out_connections(now);
    start_waiting(now);
    auto next = Milliseconds::max();
    for (auto& [fingerprint, peer] : peers_) next = std::min(next, tick_peer(peer, now));
    for (const auto& [id, link] : links_) {
        if (!link.connected) next = std::min(next, link.deadline);
    }
    return next;
}

/// More may wait than may dial at once: who has waited longest goes first.
void Dialer::start_waiting(Milliseconds now) {
    std::vector<Peer*> waiting;
    for (auto& [fingerprint, peer] : peers_) {
        if (!peer.attempt && peer.due && *peer.due <= now) waiting.push_back(&peer);
    }
    std::ranges::sort(waiting, {}, [](const Peer* peer) { return *peer->due; });
    for (Peer* peer : waiting) (void)tick_peer(*peer, now);
}

Dialer::Milliseconds Dialer::tick_peer(Peer& peer, Milliseconds now) {
    if (!peer.attempt && peer.due && *peer.due <= now) {
        const bool wanted = host_.wants_dial(peer.route.peer);
        if (wanted && connecting_ >= limits::dials_at_once) return now + limits::dial_stagger;
        peer.due.reset();
        if (wanted) start_attempt(peer, now);
    }
    if (!peer.attempt) return peer.due.value_or(Milliseconds::max());
    if (!peer.attempt->exhausted() && peer.attempt->next_at <= now) dial_next(peer, now);
    return peer.attempt->exhausted() ? Milliseconds::max() : peer.attempt->next_at;
}

void Dialer::start_attempt(Peer& peer, Milliseconds now) {
    begin(peer, peer.attempt.emplace(), now);
    if (peer.attempt->candidates.empty()) {
        peer.attempt.reset();
        // Nothing changes until a route does, so there is nothing to retry.
        if (peer.direct_wait) return;
        return host_.on_attempt_failed(peer.route.peer, ending_of(Reason::no_addresses), {});
    }
    if (!peer.direct_wait) host_.on_attempt(peer.route.peer);
}

bool Dialer::may_try(const Peer& peer, const SocketAddress& address) {
    return !peer.direct_wait || !is_relayed(address);
}

void Dialer::begin(Peer& peer, Attempt& attempt, Milliseconds now) const {
    attempt.candidates.clear();
    if (!peer.route.dial_token.empty())
        std::ranges::copy_if(peer.route.addresses, std::back_inserter(attempt.candidates),
                             [&](const auto& address) { return may_try(peer, address); });
    if (attempt.candidates.size() > candidates_tried) attempt.candidates.resize(candidates_tried);
    attempt.token = peer.route.dial_token;
    attempt.next = 0;
    attempt.next_at = attempt.began = now;
    attempt.connect_time = timing_.dial;
    if (!is_quick(peer, now)) return;
    const auto staggers = static_cast<int>(attempt.candidates.size());
    const auto left = limits::redial_every - staggers * limits::dial_stagger;
    attempt.connect_time = std::min<Milliseconds>(
        timing_.dial, std::max<Milliseconds>(left, limits::redial_connect_min));
}

/// What was sent into the old network has no answer. Handshakes go on, beside new connections.
void Dialer::restart(Peer& peer, Milliseconds now) {
    Attempt& attempt = *peer.attempt;
    if (attempt.candidates.empty()) return;  // given up for a session of their making
    std::erase_if(attempt.links, [&](LinkId link) {
        if (links_.at(link).connected) return false;
        transport_.close(link, true);
        forget_link(link);
        return true;
    });
    begin(peer, attempt, now);
    if (attempt.exhausted() && attempt.links.empty()) begin_anew(peer, now);
}

/// What the attempt has not tried yet is what the route says now.
void Dialer::add_candidates(Peer& peer, Milliseconds now) {
    Attempt& attempt = *peer.attempt;
    auto& candidates = attempt.candidates;
    if (candidates.empty()) return;
    candidates.resize(attempt.next);
    for (const SocketAddress& address : peer.route.addresses) {
        if (candidates.size() >= 2 * candidates_tried) break;
        if (may_try(peer, address) && std::ranges::find(candidates, address) == candidates.end())
            candidates.push_back(address);
    }
    // Unless one of them has answered already.
    if (attempt.next_at != Milliseconds::max()) attempt.next_at = now;
    if (attempt.exhausted() && attempt.links.empty()) begin_anew(peer, now);
}

/// Nothing is left of an attempt, and what is left of the route may be nothing, too.
void Dialer::begin_anew(Peer& peer, Milliseconds now) {
    peer.attempt.reset();
    peer.due = now;
}

void Dialer::dial_next(Peer& peer, Milliseconds now) {
    Attempt& attempt = *peer.attempt;
    if (connecting_ >= limits::dials_at_once) {
        attempt.next_at = now + limits::dial_stagger;
        return;
    }
    const SocketAddress& to = attempt.candidates[attempt.next++];
    attempt.next_at = now + limits::dial_stagger;
    const LinkId link = dial_peer(transport_, to, peer.route.peer);
    attempt.links.push_back(link);
    links_.emplace(link, Link{peer.route.peer, to, now + attempt.connect_time, false});
    ++connecting_;
}

void Dialer::time_out_connections(Milliseconds now) {
    std::vector<LinkId> late;
    for (const auto& [id, link] : links_) {
        if (!link.connected && link.deadline <= now) late.push_back(id);
    }
    for (const LinkId id : late) {
        transport_.close(id, true);
        on_link_ended(id, ending_of(Reason::timed_out), now);
    }
}

void Dialer::on_dialled(LinkId id) {
    const auto found = links_.find(id);
    if (found == links_.end() || found->second.connected) return;
    found->second.connected = true;
    --connecting_;
    const auto peer = peers_.find(found->second.peer);
    if (peer == peers_.end() || !peer->second.attempt) return;
    host_.on_connected(id, found->second.peer, found->second.to, peer->second.attempt->token);
}

void Dialer::on_answered(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    const auto peer = peers_.find(found->second.peer);
    if (peer == peers_.end() || !peer->second.attempt) return;
    Attempt& attempt = *peer->second.attempt;
    for (const LinkId other : std::vector(attempt.links)) {
        if (other == link) continue;
        const bool connected = links_.at(other).connected;
        forget_link(other);
        if (connected) {
            (void)host_.withdraw(other, false);
        } else {
            transport_.close(other, true);
        }
    }
    attempt.links = {link};
    // Should the winner fail, the candidates that were not tried yet still are.
    attempt.next_at = Milliseconds::max();
}

void Dialer::on_link_ended(LinkId id, Ending ending, Milliseconds now) {
    const auto found = links_.find(id);
    if (found == links_.end()) return;
    const auto owner = peers_.find(found->second.peer);
    if (!found->second.connected || ending.reason == Reason::timed_out) {
        ending = dial_ending(ending.reason, found->second.to);
    }
    forget_link(id);
    if (owner == peers_.end() || !owner->second.attempt) return;
    Attempt& attempt = *owner->second.attempt;
    std::erase(attempt.links, id);
    if (!attempt.best || explanatory_rank(ending.reason) > explanatory_rank(attempt.best->reason)) {
        attempt.best = std::move(ending);
    }
    attempt.next_at = std::min(attempt.next_at, now);
    finish_if_exhausted(owner->second, now);
}

void Dialer::finish_if_exhausted(Peer& peer, Milliseconds now) {
    Attempt& attempt = *peer.attempt;
    if (!attempt.links.empty() || !attempt.exhausted()) return;
    const Ending ending = attempt.best.value_or(ending_of(Reason::unreachable));
    const Milliseconds began = attempt.began;
    peer.attempt.reset();
    if (!host_.wants_dial(peer.route.peer)) return;  // a session of their making came meanwhile
    if (peer.direct_wait) {
        peer.due = now + *peer.direct_wait + random_delay(random_, *peer.direct_wait / 4);
        peer.direct_wait = std::min<Milliseconds>(2 * *peer.direct_wait, limits::direct_retry_max);
        return;
    }
    Milliseconds retry_in{0};
    if (peer.route.keep_connected && !peer.suspended) {
        if (!peer.due) {
            const Milliseconds wait = next_wait(peer, now);
            peer.due = is_quick(peer, now)
                           ? std::max<Milliseconds>(began + wait, now + limits::dial_stagger)
                           : now + wait;
        }
        retry_in = std::max(*peer.due - now, Milliseconds{0});
    }
    host_.on_attempt_failed(peer.route.peer, ending, retry_in);
}

void Dialer::abandon(Peer& peer, bool for_other_session, LinkId except) {
    if (!peer.attempt) return;
    std::vector<LinkId> kept;
    for (const LinkId link : std::exchange(peer.attempt->links, {})) {
        if (link == except) continue;
        const auto found = links_.find(link);
        if (found == links_.end()) continue;
        if (!found->second.connected) {
            transport_.close(link, true);
            forget_link(link);
            continue;
        }
        auto entry = links_.extract(found);  // so that its end is no failure of the attempt
        if (host_.withdraw(link, for_other_session)) continue;
        links_.insert(std::move(entry));
        kept.push_back(link);
    }
    if (kept.empty()) return peer.attempt.reset();
    peer.attempt->links = std::move(kept);
    peer.attempt->candidates.clear();
    peer.attempt->next = 0;
}

void Dialer::forget_link(LinkId link) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    if (!found->second.connected) --connecting_;
    links_.erase(found);
}

// --- sessions ---

void Dialer::on_session_up(const Fingerprint& fingerprint, LinkId link, bool relayed,
                           Milliseconds now) {
    forget_link(link);
    const auto found = peers_.find(fingerprint);
    if (found == peers_.end()) return;
    Peer& peer = found->second;
    abandon(peer, true, link);
    peer.due.reset();
    peer.direct_wait.reset();
    peer.up_at = now;
    peer.suspended = false;
    if (!relayed || !peer.route.keep_connected) return;
    peer.direct_wait = limits::direct_retry_min;
    if (!peer.attempt) peer.due = now + limits::direct_retry_min;
}

void Dialer::on_session_down(const Fingerprint& fingerprint, const Ending& ending,
                             Milliseconds now) {
    const auto found = peers_.find(fingerprint);
    if (found == peers_.end()) return;
    Peer& peer = found->second;
    const auto wait = wait_after(peer, ending, now);
    peer.up_at.reset();
    peer.direct_wait.reset();
    if (peer.route.keep_connected && !peer.suspended && !peer.attempt) peer.due = now + wait;
}

bool Dialer::is_quick(const Peer& peer, Milliseconds now) {
    return peer.lost_at && now < *peer.lost_at + limits::redial_quick_for;
}

Dialer::Milliseconds Dialer::next_wait(Peer& peer, Milliseconds now) {
    const Milliseconds wait = peer.backoff.next(random_);
    constexpr Milliseconds most = limits::redial_every;
    if (!is_quick(peer, now) || wait <= most) return wait;
    return most / 2 + random_delay(random_, most / 2);
}

Dialer::Milliseconds Dialer::wait_after(Peer& peer, const Ending& ending, Milliseconds now) {
    // Sessions that end quickly, or because nobody accepts us, must not become a loop of
    // handshakes.
    const bool left = ending.reason == Reason::peer_left;
    const auto lasted = now - peer.up_at.value_or(now);
    const bool stable = lasted >= (left ? timing_.stranger_idle * 2 : limits::session_stable);
    if (stable) peer.backoff.reset();
    if (left) {
        peer.lost_at.reset();
    } else if (stable && ending.reason == Reason::lost) {
        peer.lost_at = now;
    }
    if (left || !stable) return next_wait(peer, now);
    // Both notice a cut at about the same time. One of them goes first.
    const Milliseconds head_start{
        self_ < peer.route.peer ? Milliseconds{0} : Milliseconds{limits::redial_head_start}};
    return head_start + random_delay(random_, limits::redial_head_start / 2);
}

}  // namespace kith::net
