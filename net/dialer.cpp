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
        route.peer, Peer{{}, Backoff(timing_.backoff_min, timing_.backoff_max), {}, {}, {}, false});
    Peer& peer = found->second;
    const bool same = !added && peer.route.addresses == route.addresses &&
                      peer.route.dial_token == route.dial_token &&
                      peer.route.keep_connected == route.keep_connected;
    peer.route = std::move(route);
    if (same) return;
    peer.suspended = false;
    peer.backoff.reset();
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
        peer.due = now;  // after the attempt that runs, if one does: it began on the old network
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
    auto next = Milliseconds::max();
    for (auto& [fingerprint, peer] : peers_) next = std::min(next, tick_peer(peer, now));
    for (const auto& [id, link] : links_) {
        if (!link.connected) next = std::min(next, link.deadline);
    }
    return next;
}

Dialer::Milliseconds Dialer::tick_peer(Peer& peer, Milliseconds now) {
    if (!peer.attempt && peer.due && *peer.due <= now) {
        const bool wanted = host_.wants_dial(peer.route.peer);
        // More wait than may dial at once: they try again when others have ended.
        if (wanted && connecting_ >= limits::dials_at_once) return now + limits::dial_stagger;
        peer.due.reset();
        if (wanted) start_attempt(peer, now);
    }
    if (!peer.attempt) return peer.due.value_or(Milliseconds::max());
    if (!peer.attempt->exhausted() && peer.attempt->next_at <= now) dial_next(peer, now);
    return peer.attempt->exhausted() ? Milliseconds::max() : peer.attempt->next_at;
}

void Dialer::start_attempt(Peer& peer, Milliseconds now) {
    Attempt attempt;
    if (!peer.route.dial_token.empty()) attempt.candidates = peer.route.addresses;
    if (attempt.candidates.size() > candidates_tried) attempt.candidates.resize(candidates_tried);
    attempt.token = peer.route.dial_token;
    attempt.next_at = now;
    peer.attempt = std::move(attempt);
    if (peer.attempt->candidates.empty()) {
        peer.attempt.reset();
        // Nothing changes until a route does, so there is nothing to retry.
        return host_.on_attempt_failed(peer.route.peer, ending_of(Reason::no_addresses), {});
    }
    host_.on_attempt(peer.route.peer);
}

void Dialer::dial_next(Peer& peer, Milliseconds now) {
    Attempt& attempt = *peer.attempt;
    if (connecting_ >= limits::dials_at_once) {
        attempt.next_at = now + limits::dial_stagger;
        return;
    }
    const SocketAddress& to = attempt.candidates[attempt.next++];
    attempt.next_at = now + limits::dial_stagger;
    const LinkId link = transport_.dial(to);
    attempt.links.push_back(link);
    links_.emplace(link, Link{peer.route.peer, to, now + timing_.dial, false});
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
    peer.attempt.reset();
    if (!host_.wants_dial(peer.route.peer)) return;  // a session of their making came meanwhile
    Milliseconds retry_in{0};
    if (peer.route.keep_connected && !peer.suspended) {
        if (!peer.due) peer.due = now + peer.backoff.next(random_);
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

void Dialer::on_session_up(const Fingerprint& fingerprint, LinkId link, Milliseconds now) {
    forget_link(link);
    const auto found = peers_.find(fingerprint);
    if (found == peers_.end()) return;
    Peer& peer = found->second;
    abandon(peer, true, link);
    peer.due.reset();
    peer.up_at = now;
    peer.suspended = false;
}

void Dialer::on_session_down(const Fingerprint& fingerprint, const Ending& ending,
                             Milliseconds now) {
    const auto found = peers_.find(fingerprint);
    if (found == peers_.end()) return;
    Peer& peer = found->second;
    const auto wait = wait_after(peer, ending, now);
    peer.up_at.reset();
    if (peer.route.keep_connected && !peer.suspended && !peer.attempt) peer.due = now + wait;
}

Dialer::Milliseconds Dialer::wait_after(Peer& peer, const Ending& ending, Milliseconds now) {
    // Sessions that end quickly, or because nobody accepts us, must not become a loop of
    // handshakes.
    const bool left = ending.reason == Reason::peer_left;
    const auto lasted = now - peer.up_at.value_or(now);
    const bool stable = lasted >= (left ? timing_.stranger_idle * 2 : limits::session_stable);
    if (stable) peer.backoff.reset();
    if (left || !stable) return peer.backoff.next(random_);
    // Both notice a cut at about the same time. One of them goes first.
    const Milliseconds head_start{
        self_ < peer.route.peer ? Milliseconds{0} : Milliseconds{limits::redial_head_start}};
    return head_start + random_delay(random_, limits::redial_head_start / 2);
}

}  // namespace kith::net
