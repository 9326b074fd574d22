// SPDX-License-Identifier: MIT
#include "net/endpoint_impl.hpp"

#include <algorithm>

namespace kith::net {
namespace {

using Reason = Ending::Reason;
// What listeners queue while a flush drains them is flushed too, but not for ever.
constexpr int flush_rounds = 8;

crypto::Path path_to(const SocketAddress& remote) {
    return is_relayed(remote) ? crypto::Path::relayed : crypto::Path::direct;
}

}  // namespace

Endpoint::Impl::Impl(const crypto::PublicBundle& self_bundle, Transport& transport_,
                     DecryptLane& lane_, const Clock& clock_, crypto::RandomSource& random_,
                     EndpointListener& listener_, const Timing& timing_)
    : self(self_bundle),
      transport(transport_),
      lane(lane_),
      clock(clock_),
      random(random_),
      listener(listener_),
      timing(timing_),
      dialer(transport, random, timing, self.fingerprint(), *this),
      asker(transport, timing),
      bulk(transport, bulk_ports()),
      puncher(transport, random, *this) {}

void Endpoint::Impl::settle() {
    // A task may defer more; each round takes what is there.
    while (!deferred.empty()) {
        for (const auto& task : std::exchange(deferred, {})) task();
    }
    for (const LinkId link : std::exchange(ended, {})) sessions.erase(link);
}

Session* Endpoint::Impl::find(LinkId link) const {
    const auto found = sessions.find(link);
    return found == sessions.end() ? nullptr : found->second.get();
}

Session* Endpoint::Impl::live_session(const Fingerprint& peer) const {
    const auto found = live.find(peer);
    return found == live.end() ? nullptr : found->second;
}

// --- links ---

void Endpoint::Impl::accept(LinkId link, const SocketAddress& from) {
    if (shut) return transport.close(link, true);
    const auto now = clock.monotonic();
    const auto verdict = door.on_accepted(link, from, now);
    if (verdict.evict) evict(*verdict.evict);
    if (!verdict.accept) {
        ++failed[Reason::not_admitted];
        return transport.close(link, true);
    }
    auto session = std::make_unique<Session>(session_context(), link, from);
    session->contacts_only = verdict.contacts_only;
    sessions.emplace(link, std::move(session));
    due_at(now + timing.handshake);
}

void Endpoint::Impl::evict(LinkId link) {
    if (Session* session = find(link)) session->end(ending_of(Reason::not_admitted), true);
}

void Endpoint::Impl::on_connected(LinkId link, const Fingerprint& peer, const SocketAddress& remote,
                                  const Bytes& token) {
    auto session = std::make_unique<Session>(
        session_context(), link, remote, crypto::Initiator::Config{peer, token, path_to(remote)});
    session->began = ++events;
    Session& started = *session;
    sessions.emplace(link, std::move(session));
    started.start();
    due_at(clock.monotonic() + timing.handshake);
}

// --- handshakes ---

crypto::TokenLookup Endpoint::Impl::tokens_for(const Session& session) {
    const bool contacts_only = session.contacts_only;
    return [this, contacts_only](
               const std::function<bool(ByteView)>& matches) -> std::optional<crypto::TokenMatch> {
        std::optional<crypto::TokenMatch> match;
        dialer.find_route([&](const Route& route) {
            if (!route.door_token || blocked.contains(route.peer)) return false;
            if (matches(*route.door_token)) match = crypto::TokenMatch{true, route.peer};
            return match.has_value();
        });
        if (!match && !contacts_only && invite_token && matches(*invite_token)) {
            match = crypto::TokenMatch{};
        }
        return match;
    };
}

ContactGuard& Endpoint::Impl::guard_of(const Fingerprint& contact) {
    return guards.try_emplace(contact, clock.monotonic()).first->second;
}

crypto::Responder::Config Endpoint::Impl::admission_for(const Session& session) {
    crypto::Responder::Config config{tokens_for(session), path_to(session.remote())};
    config.first_use = [this](const crypto::TokenMatch& match, ByteView mac1) {
        return !match.contact || guard_of(match.expected).first_use(mac1);
    };
    return config;
}

bool Endpoint::Impl::decrypt(Session& session, Bytes ciphertext, bool contact) {
    // Its M3 opened: whoever made this M1 is at the other end, it is not a recording.
    if (const auto& caller = session.vouched_for()) {
        door.on_fresh(session.link());
        if (!guard_of(*caller).may_decrypt(clock.monotonic())) return false;
    }
    // Links are never reused and decrypt once, so their id is the ticket.
    return lane.submit(session.link(), std::move(ciphertext), contact);
}

void Endpoint::Impl::on_knocked(Session& session) {
    session.began = ++events;
    if (!session.vouched_for()) return;
    if (const auto too_many = door.on_vouched(session.link(), *session.vouched_for())) {
        evict(*too_many);
    }
}

void Endpoint::Impl::on_answered(Session& session) { dialer.on_answered(session.link()); }

bool Endpoint::Impl::welcomes(const Fingerprint& peer) const {
    return !blocked.contains(peer) && peer != self.fingerprint();
}

// --- sessions ---

SessionOrigin Endpoint::Impl::origin_of(const Session& session) const {
    return {session.initiated_here() ? self.fingerprint() : session.peer(),
            session.initiated_here(), session.began, session.up_since,
            is_relayed(session.remote())};
}

void Endpoint::Impl::on_proven(Session& session) {
    const Fingerprint peer = session.peer();
    Session* existing = live_session(peer);
    if (existing != nullptr && !replaces(origin_of(session), origin_of(*existing))) {
        return session.leave(GoodbyeReason::duplicate_session, ending_of(Reason::replaced));
    }
    if (existing != nullptr) {
        existing->leave(GoodbyeReason::duplicate_session, ending_of(Reason::replaced));
        // The listener has heard of it, and may have changed its mind about this peer.
        if (session.phase() != Session::Phase::up) return;
    }
    session.up_since = ++events;
    live[peer] = &session;
    ++counters.handshakes_ok;
    door.on_proven(session.link());
    const auto now = clock.monotonic();
    session.set_trusted(session.trusted() || is_contact(peer));
    if (session.trusted()) {
        door.on_trusted(session.link());
    } else if (const auto too_many = door.on_stranger(session.link())) {
        later([this, link = *too_many] {
            Session* oldest = find(link);
            if (oldest == nullptr || oldest->trusted()) return;
            oldest->leave(GoodbyeReason::idle, ending_of(Reason::closed_here));
        });
    }
    const SocketAddress& seen = session.remote();
    dialer.on_session_up(peer, session.link(), is_relayed(seen), now);
    punched.erase(session.link());
    if (!session.initiated_here()) withdraw_punched(peer);
    if (is_relayed(seen)) puncher.on_session(peer, session.link(), session.initiated_here(), now);
    due_at(now);
    if (!session.initiated_here() && !is_relayed(seen))
        session.send(Observed{seen.address, seen.port});
    listener.on_session_up(session.info());
}

std::optional<Bytes> Endpoint::Impl::answer_probe(Session& session, ByteView probe) {
    // A probe asks who listens at an address; a relay's place is nobody's.
    const bool asked = !session.contacts_only && !is_relayed(session.remote());
    if (responder == nullptr || !asked) return std::nullopt;
    auto answer = responder->answer_probe(probe, session.remote());
    if (answer && answer->size() != crypto::beacon_size) return std::nullopt;
    return answer;
}

bool Endpoint::Impl::on_ticket(Session& session, ByteView ticket, ByteView early) {
    return bulk.on_ticket(session.link(), ticket, early);
}

void Endpoint::Impl::on_message(Session& session, Message message) {
    if (session.trusted() && on_punch_message(session, message)) return;
    if (!std::holds_alternative<Observed>(message)) ++counters.messages_in;
    if (!session.trusted()) {
        const bool request = std::holds_alternative<ContactRequest>(message);
        if (!request || !requested.insert(session.link()).second) return;
    }
    listener.on_message(session.peer(), std::move(message));
}

void Endpoint::Impl::on_dirty(Session& session) {
    if (!std::exchange(session.queued_for_flush, true)) dirty.push_back(session.link());
}

void Endpoint::Impl::on_drained(Session& session) {
    if (live_session(session.peer()) == &session) listener.on_drained(session.peer());
}

void Endpoint::Impl::on_ended(Session& session, const Ending& ending) {
    const LinkId link = session.link();
    const Fingerprint peer = session.peer();
    ended.push_back(link);
    door.on_gone(link);
    requested.erase(link);
    punched.erase(link);
    counters.messages_out += session.messages_out();
    counters.bytes_out += session.bytes_out();
    const auto now = clock.monotonic();
    if (session.initiated_here() || live_session(peer) == &session) due_at(now);
    if (live_session(peer) != &session) {
        const bool harmless =
            ending.reason == Reason::replaced || ending.reason == Reason::closed_here;
        if (!harmless) ++failed[ending.reason];
        return dialer.on_link_ended(link, ending, now);
    }
    live.erase(peer);
    bulk.forget_all(peer);
    puncher.on_session_gone(peer);
    dialer.on_session_down(peer, ending, now);
    listener.on_session_down(peer, ending);
}

bool Endpoint::Impl::is_contact(const Fingerprint& peer) const {
    const Route* route = dialer.route(peer);
    return route != nullptr && route->door_token.has_value();
}

void Endpoint::Impl::update_trust(const Fingerprint& peer) {
    Session* session = live_session(peer);
    if (session == nullptr || session->trusted() || !is_contact(peer)) return;
    session->set_trusted(true);
    door.on_trusted(session->link());
}

// --- dialling ---

bool Endpoint::Impl::withdraw(LinkId link, bool for_other_session) {
    Session* session = find(link);
    if (session == nullptr) return true;
    const bool said_hello = session->phase() != Session::Phase::handshake;
    // After our M5 the other side may regard this one as up. If it is the one that survives, it
    // stays and will replace the other.
    if (for_other_session && said_hello && self.fingerprint() < session->peer()) return false;
    session->leave(for_other_session ? GoodbyeReason::duplicate_session : GoodbyeReason::closing,
                   ending_of(for_other_session ? Reason::replaced : Reason::closed_here));
    return true;
}

bool Endpoint::Impl::wants_dial(const Fingerprint& peer) const {
    const Session* session = live_session(peer);
    // A direct way is looked for beside a session through a relay.
    return !shut && (session == nullptr || is_relayed(session->remote())) && welcomes(peer);
}

void Endpoint::Impl::on_attempt(const Fingerprint& peer) {
    later([this, peer] { listener.on_dialling(peer); });
}

void Endpoint::Impl::on_attempt_failed(const Fingerprint& peer, const Ending& ending,
                                       std::chrono::milliseconds retry_in) {
    later([this, peer, ending, retry_in] { listener.on_dial_failed(peer, ending, retry_in); });
}

// --- connections for runs ---

BulkDoor::Ports Endpoint::Impl::bulk_ports() {
    return {
        [this](const Fingerprint& peer, const RunId& run, BulkLink link) {
            auto shared = std::make_shared<BulkLink>(std::move(link));
            later([this, peer, run, shared] { listener.on_bulk(peer, run, std::move(*shared)); });
        },
        [this](const Fingerprint& peer, const RunId& run, const Ending& ending) {
            bulk_failed(peer, run, ending);
        }};
}

void Endpoint::Impl::bulk_failed(const Fingerprint& peer, const RunId& run, const Ending& ending) {
    later([this, peer, run, ending] { listener.on_bulk_failed(peer, run, ending); });
}

BulkSecrets Endpoint::Impl::bulk_secrets(const Session& session, const RunId& run) const {
    using Side = crypto::RecordChannel::Side;
    return derive_bulk(session.channel(),
                       session.initiated_here() ? Side::initiator : Side::responder, run);
}

// --- time ---

void Endpoint::Impl::flush_all() {
    for (int round = 0; round < flush_rounds && !dirty.empty(); ++round) {
        for (const LinkId link : std::exchange(dirty, {})) {
            Session* session = find(link);
            if (session == nullptr) continue;
            session->queued_for_flush = false;
            session->flush();
        }
    }
}

std::chrono::milliseconds Endpoint::Impl::tick_all() {
    const auto now = clock.monotonic();
    if (now >= next_due && !shut) {
        next_due = std::chrono::milliseconds::max();
        auto next = next_due;
        for (const auto& [link, session] : sessions) next = std::min(next, session->tick(now));
        next = std::min(next, dialer.tick(now));
        next = std::min(next, asker.tick(now));
        next = std::min(next, bulk.tick(now));
        next = std::min(next, puncher.tick(now));
        due_at(std::max(next, now + limits::tick_granularity));
    }
    flush_all();
    if (!dirty.empty()) return now;
    return shut ? std::chrono::milliseconds::max() : next_due;
}

void Endpoint::Impl::shut_down_all() {
    if (std::exchange(shut, true)) return;
    dialer.stop();
    asker.stop();
    bulk.stop();
    puncher.stop();
    for (const auto& [link, session] : sessions) {
        if (session->phase() == Session::Phase::up) {
            session->leave(GoodbyeReason::closing, ending_of(Reason::closed_here));
        } else {
            session->end(ending_of(Reason::closed_here), true);
        }
    }
}

}  // namespace kith::net
