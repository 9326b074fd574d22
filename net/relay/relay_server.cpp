// SPDX-License-Identifier: MIT
//
//   accepted link --(first frame is a ticket)--> circuits_
//                 --(M1)--> Session --(Hello)--> clients_ --(CircuitKnock)--> knocks_
#include "net/relay/relay_server.hpp"

#include <algorithm>

#include "net/ending.hpp"

namespace kith::net {
namespace {

using namespace std::chrono_literals;
using Reason = Ending::Reason;
using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t ticket_frame_size = frame_prefix_size + sizeof(CircuitTicket);
// Thousands of sessions have deadlines of seconds, and are looked at one by one.
constexpr Milliseconds session_granularity = 250ms;
// What is said while a flush goes on is flushed too, but not for ever.
constexpr int flush_rounds = 8;

Timing timing_of_relay() {
    Timing timing;
    timing.ping_after = 20s;
    timing.silence_max = 50s;
    timing.stranger_idle = std::chrono::hours(24 * 365 * 10);  // clients are there to wait
    return timing;
}

/// The number of whatever a mailbox would answer.
std::optional<std::uint64_t> mailbox_request(const Message& message) {
    if (const auto* ask = std::get_if<Deposit>(&message)) return ask->request;
    if (const auto* ask = std::get_if<OpenSlots>(&message)) return ask->request;
    if (const auto* ask = std::get_if<CardAsk>(&message)) return ask->request;
    if (const auto* ask = std::get_if<NameClaim>(&message)) return ask->request;
    if (const auto* ask = std::get_if<NameAsk>(&message)) return ask->request;
    if (const auto* ask = std::get_if<HeldDrop>(&message)) return ask->request;
    return std::nullopt;
}

bool begins_like_a_ticket(ByteView said) {
    constexpr std::array<std::uint8_t, frame_prefix_size> prefix{0, 0, 0, sizeof(CircuitTicket)};
    const auto both = std::min(said.size(), prefix.size());
    return std::equal(prefix.begin(), prefix.begin() + static_cast<std::ptrdiff_t>(both),
                      said.begin());
}

}  // namespace

RelayServer::RelayServer(const crypto::PublicBundle& self, Transport& transport, DecryptLane& lane,
                         const Clock& clock, crypto::RandomSource& random, RelayRules rules,
                         const RelayLimits& limits, MailboxStore* mailbox)
    : self_(self),
      transport_(transport),
      clock_(clock),
      random_(random),
      rules_(std::move(rules)),
      limits_(limits),
      timing_(timing_of_relay()),
      circuits_(transport, random, limits.circuits),
      mailbox_store_(mailbox),
      door_(limits.door),
      turns_(lane),
      left_(limits.left_remembered) {
    circuits_.on_waiting = [this](CircuitId circuit) { callee_waits(circuit); };
    circuits_.on_link_closed = [this](LinkId link) { forget(link); };
    const auto say_to = [this](const Fingerprint& peer, const Message& what) { say(peer, what); };
    if (mailbox != nullptr) mailbox_.emplace(*mailbox, clock_, say_to, limits_.mailbox);
}

RelayServer::~RelayServer() = default;

// --- links ---

void RelayServer::on_accepted(LinkId link, const SocketAddress& from) {
    const auto now = clock_.monotonic();
    const auto verdict = draining_ ? RelayDoor::Verdict{} : door_.on_accepted(link, from, now);
    if (!verdict.accept) {
        ++counters_.turned_away;
        return transport_.close(link, true);
    }
    if (verdict.evict) evict(*verdict.evict);
    fresh_.emplace(link, Fresh{from, {}, now + timing_.handshake});
    next_due_ = std::min(next_due_, now + timing_.handshake);
}

void RelayServer::evict(LinkId link) {
    ++counters_.turned_away;
    if (const auto found = sessions_.find(link); found != sessions_.end())
        return found->second->end(ending_of(Reason::not_admitted), true);
    forget(link);
    transport_.close(link, true);
}

/// Of links that are gone, in whichever hands they were.
void RelayServer::forget(LinkId link) {
    fresh_.erase(link);
    door_.on_gone(link);
    turns_.on_gone(link);
    sightings_.forget(link);
}

void RelayServer::on_data(LinkId link, ByteView bytes) {
    if (circuits_.owns(link)) return circuits_.on_data(link, bytes, clock_.monotonic());
    if (const auto found = sessions_.find(link); found != sessions_.end())
        return found->second->on_data(bytes);
    const auto found = fresh_.find(link);
    if (found == fresh_.end()) return;
    found->second.said.insert(found->second.said.end(), bytes.begin(), bytes.end());
    sort_out(link, found->second);
}

void RelayServer::sort_out(LinkId link, Fresh& fresh) {
    if (!begins_like_a_ticket(fresh.said)) return become_client(link, Fresh(fresh));
    if (fresh.said.size() < ticket_frame_size) return;
    const auto now = clock_.monotonic();
    CircuitTicket ticket{};
    std::copy_n(fresh.said.begin() + frame_prefix_size, ticket.size(), ticket.begin());
    const Bytes said = std::move(fresh.said);
    SocketAddress from = std::move(fresh.from);
    fresh_.erase(link);
    const auto early = ByteView(said).subspan(ticket_frame_size);
    if (circuits_.on_ticket(link, ticket, early, now)) {
        door_.on_settled(link);
        // Its caller may have left: then it is closed already.
        if (circuits_.owns(link)) sightings_.saw(link, ticket, std::move(from));
        next_due_ = now;
        return;
    }
    forget(link);
    transport_.close(link, true);
}

void RelayServer::become_client(LinkId link, const Fresh& fresh) {
    fresh_.erase(link);
    const Session::Context context{self_, transport_, clock_, random_, timing_, *this};
    auto& session = sessions_[link] = std::make_unique<Session>(context, link, fresh.from);
    sessions_due_ = std::min(sessions_due_, clock_.monotonic() + timing_.handshake);
    session->on_data(fresh.said);
}

void RelayServer::on_writable(LinkId link) {
    if (circuits_.owns(link)) return circuits_.on_writable(link);
    if (const auto found = sessions_.find(link); found != sessions_.end())
        found->second->on_writable();
}

void RelayServer::on_closed(LinkId link, Reason reason) {
    if (circuits_.owns(link)) circuits_.on_closed(link);
    if (const auto found = sessions_.find(link); found != sessions_.end())
        found->second->on_closed(reason);
    forget(link);
}

void RelayServer::on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) {
    turns_.on_decrypted();
    if (const auto found = sessions_.find(ticket); found != sessions_.end())
        found->second->on_decrypted(secret);
}

void RelayServer::on_accept_failed() {
    if (const auto oldest = door_.oldest()) evict(*oldest);
}

// --- sessions ---

crypto::Responder::Config RelayServer::admission_for(const Session&) {
    return {
        [this](const std::function<bool(ByteView)>& matches) -> std::optional<crypto::TokenMatch> {
            if (!matches(rules_.secret)) return std::nullopt;
            return crypto::TokenMatch{};
        }};
}

bool RelayServer::decrypt(Session& session, Bytes ciphertext, bool) {
    turns_.ask(session.link(), session.remote(), std::move(ciphertext));
    return true;
}

bool RelayServer::welcomes(const Fingerprint& peer) const {
    return !draining_ && peer != self_.fingerprint() &&
           (!rules_.allowed || rules_.allowed->contains(peer));
}

RelayServer::Client* RelayServer::client(const Fingerprint& peer) {
    const auto found = clients_.find(peer);
    return found == clients_.end() ? nullptr : &found->second;
}

/// Who comes again has lost the connection before: the newer one counts.
void RelayServer::on_proven(Session& session) {
    const auto now = clock_.monotonic();
    const auto peer = session.peer();
    door_.on_settled(session.link());
    session.bound_records(relay_payload_max);
    if (Client* known = client(peer)) {
        if (mailbox_) mailbox_->client_up(peer);
        Session* old = std::exchange(known->session, &session);
        return old->leave(GoodbyeReason::duplicate_session, ending_of(Reason::replaced));
    }
    if (clients_.size() >= limits_.clients_max) {
        ++counters_.turned_away;
        return session.leave(GoodbyeReason::closing, ending_of(Reason::not_admitted));
    }
    ++counters_.clients_total;
    sessions_due_ = std::min(sessions_due_, now + timing_.ping_after);
    const TokenBucket fresh(limits_.knocks_per_second, limits_.knock_burst, now);
    clients_.emplace(peer, Client{&session, left_.take(peer).value_or(fresh),
                                  TokenBucket(limits_.busy_per_second, limits_.busy_burst, now),
                                  TokenBucket(limits_.calls_per_second, limits_.call_burst, now)});
    if (mailbox_) mailbox_->client_up(peer);
    next_due_ = std::min(next_due_, now);
}

void RelayServer::on_message(Session& session, Message message) {
    if (const auto* knock = std::get_if<CircuitKnock>(&message)) return knocked(session, *knock);
    if (const auto* asked = std::get_if<CircuitWhence>(&message))
        return tell_whence(session, *asked);
    const Client* speaking = client(session.peer());
    if (speaking == nullptr || speaking->session != &session) return;
    if (mailbox_) return void(mailbox_->hear(session.peer(), message));
    if (const auto* ask = std::get_if<HeldAsk>(&message))
        return void(session.send(HeldItem{ask->request, MailboxOutcome::none, 0, {}}));
    if (const auto request = mailbox_request(message))
        session.send(MailboxAnswer{*request, MailboxOutcome::none, 0, {}});
}

void RelayServer::say(const Fingerprint& peer, const Message& message) {
    if (Client* known = client(peer)) known->session->send(message);
}

/// Who knows the ticket made the connection. A question counts as a knock.
void RelayServer::tell_whence(Session& session, const CircuitWhence& question) {
    Client* asking = client(session.peer());
    const SocketAddress* from = sightings_.of(question.ticket);
    if (asking == nullptr || from == nullptr || !asking->knocks.try_take(clock_.monotonic()))
        return;
    session.send(CircuitSeen{question.ticket, from->address, from->port});
}

void RelayServer::on_dirty(Session& session) {
    if (!std::exchange(session.queued_for_flush, true)) dirty_.push_back(session.link());
}

void RelayServer::on_ended(Session& session, const Ending& ending) {
    ended_.push_back(session.link());
    forget(session.link());
    const Client* known = client(session.peer());
    if (known != nullptr && known->session == &session) {
        left_.put(session.peer(), known->knocks);
        clients_.erase(session.peer());
        if (mailbox_) mailbox_->client_down(session.peer());
        next_due_ = clock_.monotonic();
    } else if (ending.reason != Reason::replaced && ending.reason != Reason::closed_here) {
        ++failed_[ending.reason];
    }
}

// --- knocks ---

void RelayServer::knocked(Session& session, const CircuitKnock& knock) {
    const auto now = clock_.monotonic();
    Client* caller = client(session.peer());
    if (caller == nullptr || caller->session != &session) return;
    ++counters_.knocks;
    const bool quiet = caller->knocks.try_take(now) && caller->waiting < limits_.knocks_waiting &&
                       circuits_.has_room_for(session.peer());
    if (!quiet) return turn_down(session, *caller, knock.request);
    ++caller->waiting;
    Knock& waiting = knocks_.emplace_back(
        Knock{session.peer(), knock.request, {}, now + limits_.circuits.calling});
    call(session.peer(), knock, waiting, now);
    // Or the room that is left would tell the caller who is there.
    if (!waiting.circuit) circuits_.hold_place(waiting.caller);
    next_due_ = std::min(next_due_, waiting.refuse_at);
}

/// Answers cost something, too: who knocks on and on gets no more of them.
void RelayServer::turn_down(Session& session, Client& caller, std::uint64_t request) {
    if (caller.busy.try_take(clock_.monotonic()))
        return refuse(session.peer(), request, CircuitReason::busy);
    session.leave(GoodbyeReason::closing, ending_of(Reason::closed_here));
}

/// Whatever keeps it from being called, the caller hears the same.
void RelayServer::call(const Fingerprint& caller, const CircuitKnock& knock, Knock& waiting,
                       Milliseconds now) {
    Client* callee = client(Fingerprint{knock.peer});
    if (callee == nullptr || knock.peer == caller.bytes || !callee->calls.try_take(now)) return;
    const auto opened = circuits_.open(caller, Fingerprint{knock.peer}, now);
    if (!opened) return;
    ++counters_.calls;
    waiting.circuit = opened->id;
    callee->session->send(CircuitCall{opened->callee, caller.bytes, knock.proof});
}

void RelayServer::refuse(const Fingerprint& caller, std::uint64_t request, CircuitReason reason) {
    const bool busy = reason == CircuitReason::busy;
    ++(busy ? counters_.busy : counters_.absent);
    if (Client* known = client(caller))
        known->session->send(
            CircuitRefusal{request, reason, busy ? limits_.retry_after_s : std::uint16_t{0}});
}

void RelayServer::close_knock(std::list<Knock>::iterator knock) {
    if (Client* caller = client(knock->caller); caller != nullptr && caller->waiting > 0)
        --caller->waiting;
    if (!knock->circuit) circuits_.free_place(knock->caller);
    knocks_.erase(knock);
}

void RelayServer::callee_waits(CircuitId circuit) {
    const auto found = std::ranges::find(knocks_, std::optional(circuit), &Knock::circuit);
    if (found == knocks_.end()) return circuits_.drop(circuit);
    Client* caller = client(found->caller);
    if (caller == nullptr) {
        circuits_.drop(circuit);
    } else {
        ++counters_.circuits_total;
        caller->session->send(CircuitReady{found->request, circuits_.ticket_of_caller(circuit)});
    }
    close_knock(found);
}

// --- time ---

void RelayServer::flush() {
    for (int round = 0; round < flush_rounds && !dirty_.empty(); ++round) {
        for (const LinkId link : std::exchange(dirty_, {})) {
            const auto found = sessions_.find(link);
            if (found == sessions_.end()) continue;
            found->second->queued_for_flush = false;
            found->second->flush();
            if (found->second->backlog() > limits_.client_backlog_max)
                found->second->end(ending_of(Reason::lost), true);
        }
    }
    settle();
}

void RelayServer::settle() {
    for (const LinkId link : std::exchange(ended_, {})) sessions_.erase(link);
}

std::chrono::milliseconds RelayServer::tick() {
    const auto now = clock_.monotonic();
    if (mailbox_) next_due_ = std::min(next_due_, mailbox_->due());
    if (now >= next_due_) next_due_ = std::max(tick_all(now), now + limits::tick_granularity);
    flush();
    return dirty_.empty() ? next_due_ : now;
}

Milliseconds RelayServer::tick_all(Milliseconds now) {
    next_due_ = Milliseconds::max();
    while (!knocks_.empty() && knocks_.front().refuse_at <= now) {
        const Knock late = knocks_.front();
        if (late.circuit) circuits_.drop(*late.circuit);
        close_knock(knocks_.begin());
        refuse(late.caller, late.request, CircuitReason::absent);
    }
    auto next = circuits_.tick(now);
    if (mailbox_) mailbox_->tick(now);
    if (!knocks_.empty()) next = std::min(next, knocks_.front().refuse_at);
    std::vector<LinkId> silent;
    for (const auto& [link, fresh] : fresh_) {
        if (fresh.until <= now) silent.push_back(link);
        next = std::min(next, fresh.until);
    }
    for (const LinkId link : silent) {
        forget(link);
        transport_.close(link, true);
    }
    tick_sessions(now);
    return std::min({next, next_due_, sessions_due_});
}

void RelayServer::tick_sessions(Milliseconds now) {
    if (now < sessions_due_) return;
    sessions_due_ = Milliseconds::max();
    for (const auto& [link, session] : sessions_)
        sessions_due_ = std::min(sessions_due_, session->tick(now));
    if (sessions_due_ != Milliseconds::max())
        sessions_due_ = std::max(sessions_due_, now + session_granularity);
}

// --- the whole ---

void RelayServer::set_rules(RelayRules rules) {
    rules_ = std::move(rules);
    std::vector<Session*> leaving;
    for (const auto& [peer, known] : clients_) {
        if (!welcomes(peer)) leaving.push_back(known.session);
    }
    for (Session* session : leaving)
        session->leave(GoodbyeReason::not_welcome, ending_of(Reason::closed_here));
    settle();
}

void RelayServer::drain() {
    if (std::exchange(draining_, true)) return;
    for (const auto& [link, session] : sessions_)
        session->leave(GoodbyeReason::closing, ending_of(Reason::closed_here));
    settle();
    while (!fresh_.empty()) {
        const LinkId link = fresh_.begin()->first;
        forget(link);
        transport_.close(link, true);
    }
}

bool RelayServer::drained() const {
    return draining_ && circuits_.size() == 0 && sessions_.empty() && fresh_.empty();
}

void RelayServer::shut_down() {
    drain();
    circuits_.close_all();
}

RelayStats RelayServer::stats() const {
    RelayStats stats = counters_;
    stats.links = door_.links();
    stats.clients = clients_.size();
    stats.handshakes = fresh_.size() + sessions_.size() - clients_.size();
    stats.circuits = circuits_.size();
    stats.circuits_joined = circuits_.joined();
    stats.bytes = circuits_.bytes();
    if (mailbox_) stats.mailbox = mailbox_->stats();
    if (mailbox_store_ != nullptr) stats.kept = mailbox_store_->figures();
    for (const auto& [reason, count] : failed_)
        stats.handshakes_failed.emplace_back(name_of(reason), count);
    return stats;
}

}  // namespace kith::net
