// SPDX-License-Identifier: MIT
#include "net/session.hpp"

#include <algorithm>

#include "net/message_codec.hpp"

namespace kith::net {
namespace {

using Reason = Ending::Reason;

// What this build says in Hello.
constexpr std::uint16_t protocol_minor = 0;
constexpr std::string_view agent = "kith/0.1";

/// What the endpoint says of its own accord is not counted, on either side.
bool counts(const Message& message) {
    return !std::holds_alternative<Hello>(message) && !std::holds_alternative<Ping>(message) &&
           !std::holds_alternative<Pong>(message) && !std::holds_alternative<Goodbye>(message) &&
           !std::holds_alternative<Observed>(message) &&
           !std::holds_alternative<PunchOffer>(message) &&
           !std::holds_alternative<PunchGo>(message);
}

Ending protocol_error(std::string_view what) {
    Ending ending = ending_of(Reason::protocol_error);
    ending.text += " (" + std::string(what) + ")";
    return ending;
}

}  // namespace

Session::Session(const Context& context, LinkId link, SocketAddress remote)
    : context_(context),
      link_(link),
      remote_(std::move(remote)),
      initiated_here_(false),
      reader_(crypto::handshake_message_max),
      began_at_(context.clock.monotonic()),
      last_heard_(began_at_),
      last_sent_(began_at_),
      last_progress_(began_at_),
      stranger_since_(began_at_) {}

Session::Session(const Context& context, LinkId link, SocketAddress remote,
                 crypto::Initiator::Config config)
    : context_(context),
      link_(link),
      remote_(std::move(remote)),
      initiated_here_(true),
      trusted_(true),  // we chose to call them
      peer_(config.peer),
      reader_(crypto::handshake_message_max),
      handshake_(std::make_unique<LinkHandshake>(context.self, std::move(config), context.random)),
      began_at_(context.clock.monotonic()),
      last_heard_(began_at_),
      last_sent_(began_at_),
      last_progress_(began_at_),
      stranger_since_(began_at_) {}

void Session::start() {
    Bytes frame;
    append_frame(frame, handshake_->start());
    send_now(std::move(frame));
}

// --- from the link ---

void Session::on_data(ByteView bytes) {
    last_heard_ = context_.clock.monotonic();
    probe_until_.reset();
    while (phase_ != Phase::ended) {
        const auto frame = reader_.next(bytes);
        if (reader_.refused()) return end(protocol_error("a frame of a size not allowed"), true);
        if (!frame) return;
        const bool first = phase_ == Phase::handshake && !handshake_;
        if (first && frame->size() == bulk_ticket_size) return on_ticket(*frame, bytes);
        on_frame(*frame);
    }
}

void Session::on_frame(ByteView frame) {
    if (phase_ != Phase::handshake) return on_record(frame);
    // Nobody speaks while the other one thinks: after M3 the responder, after M4 the initiator.
    if (decrypting_) return end(protocol_error("a message out of turn"), true);
    if (!handshake_) {
        // An M1 is never as short.
        if (frame.size() == crypto::beacon_size) return on_probe(frame);
        handshake_ = std::make_unique<LinkHandshake>(
            context_.self, context_.host.admission_for(*this), context_.random);
    }
    on_step(handshake_->receive(frame));
}

void Session::on_probe(ByteView probe) {
    const auto answer = context_.host.answer_probe(*this, probe);
    if (!answer) return end(ending_of(Reason::not_admitted), true);
    Bytes frame;
    append_frame(frame, *answer);
    send_now(std::move(frame));
    end(ending_of(Reason::closed_here), false);
}

void Session::on_ticket(ByteView ticket, ByteView early) {
    const bool taken = context_.host.on_ticket(*this, ticket, early);
    end(ending_of(taken ? Reason::closed_here : Reason::not_admitted), true);
}

void Session::on_decrypted(ByteView secret) {
    if (phase_ != Phase::handshake || !decrypting_) return;
    decrypting_ = false;
    on_step(handshake_->resume(secret));
}

void Session::on_writable() {
    if (phase_ == Phase::ended) return;
    last_progress_ = context_.clock.monotonic();
    check_drained();
}

void Session::on_closed(Reason reason) {
    if (phase_ == Phase::ended) return;
    const Ending ending = ending_of_lost_link(reason);
    phase_ = Phase::ended;
    context_.host.on_ended(*this, ending);
}

Ending Session::ending_of_lost_link(Reason reason) const {
    const bool early = phase_ == Phase::handshake && reason == Reason::lost;
    return ending_of(early && initiated_here_ ? Reason::not_admitted : reason);
}

// --- handshake ---

void Session::on_step(LinkHandshake::Step step) {
    if (!step) {
        // Wrong tokens and damaged messages get silence, not an answer.
        const bool knock = !initiated_here_ && step.error().code == crypto::Errc::not_authentic;
        return end(knock ? ending_of(Reason::not_admitted) : handshake_ending(step.error()), true);
    }
    if (auto* message = std::get_if<crypto::SendMessage>(&*step)) {
        return on_handshake_message(std::move(*message));
    }
    if (auto* job = std::get_if<crypto::DecryptJob>(&*step)) return on_decrypt_job(std::move(*job));
    start_records();
}

void Session::on_handshake_message(crypto::SendMessage step) {
    if (step.finished && !context_.host.welcomes(handshake_->peer().fingerprint())) {
        return end(ending_of(Reason::not_admitted), true);
    }
    Bytes frame;
    append_frame(frame, step.message);
    send_now(std::move(frame));
    if (step.finished) return start_records();
    if (initiated_here_) {
        answered_ = true;
        return context_.host.on_answered(*this);
    }
    const crypto::TokenMatch& match = handshake_->admitted_by();
    if (match.contact) vouched_for_ = match.expected;
    context_.host.on_knocked(*this);
}

void Session::on_decrypt_job(crypto::DecryptJob job) {
    decrypting_ = true;
    // The answer to a dial of ours is never a stranger's job.
    const bool first = initiated_here_ || admitted_as_contact();
    if (context_.host.decrypt(*this, std::move(job.ciphertext), first)) return;
    Ending ending = ending_of(initiated_here_ ? Reason::lost : Reason::not_admitted);
    if (initiated_here_) ending.text = "Too many handshakes at once here; trying again.";
    end(ending, true);
}

void Session::start_records() {
    channel_ = handshake_->take_channel();
    peer_ = handshake_->peer().fingerprint();
    std::ranges::copy(handshake_->peer().ed25519(), signer_.begin());
    handshake_.reset();
    phase_ = Phase::greeting;
    limit_frames();
    if (!initiated_here_) return;
    send_hello();
    flush();
}

// --- records ---

void Session::on_record(ByteView body) {
    auto opened = channel_->open(body, context_.clock.monotonic());
    if (!opened) return end(handshake_ending(opened.error()), true);
    if (!opened->reply.empty()) {
        // Sealed already, so it goes before whatever is sealed from here on.
        sealed_.insert(sealed_.end(), opened->reply.begin(), opened->reply.end());
        context_.host.on_dirty(*this);
    }
    RecordReader messages(opened->payload);
    while (phase_ != Phase::ended) {
        auto message = messages.next();
        if (!message) break;
        on_message(std::move(*message));
    }
    if (messages.malformed() && phase_ != Phase::ended) {
        end(protocol_error("a message that cannot be read"), true);
    }
}

void Session::on_message(Message message) {
    if (const auto* goodbye = std::get_if<Goodbye>(&message)) return on_goodbye(goodbye->reason);
    if (phase_ == Phase::greeting) return on_first_message(message);
    if (std::holds_alternative<Hello>(message) || std::holds_alternative<Pong>(message)) return;
    if (const auto* ping = std::get_if<Ping>(&message)) {
        // Who pings without reading gets no answers piled up.
        if (backlog() < limits::session_backlog_low) send(Pong{ping->nonce});
        return;
    }
    if (std::holds_alternative<Observed>(message) && !takes_observed()) return;
    context_.host.on_message(*this, std::move(message));
}

/// Who dialled hears it once.
bool Session::takes_observed() { return initiated_here_ && !std::exchange(observed_, true); }

void Session::on_first_message(const Message& message) {
    const auto* hello = std::get_if<Hello>(&message);
    if (hello == nullptr) return end(protocol_error("no Hello"), true);
    if (!context_.host.welcomes(peer_)) return end(ending_of(Reason::closed_here), true);
    agent_ = hello->agent;
    features_ = hello->features;
    phase_ = Phase::up;
    if (!initiated_here_) send_hello();
    context_.host.on_proven(*this);
}

void Session::on_goodbye(GoodbyeReason reason) {
    if (reason == GoodbyeReason::duplicate_session) return end(ending_of(Reason::replaced), false);
    Ending ending = ending_of(Reason::peer_left);
    if (reason == GoodbyeReason::not_welcome) ending.text = "They closed the door on us.";
    if (reason == GoodbyeReason::idle) {
        ending.text = "They closed the connection because nothing was said for a while.";
    }
    end(ending, false);
}

void Session::send_hello() {
    send(Hello{protocol_minor, std::string(agent), feature_amendments | feature_files | feature_prekeys});
}

// --- to the link ---

bool Session::send(const Message& message) {
    if (phase_ == Phase::ended || !channel_) return false;
    const std::size_t before = pending_.size();
    if (!append_message(pending_, message)) return backlog() < limits::session_backlog_high;
    if (pending_.size() > payload_max_) {
        const Bytes overflow(pending_.begin() + static_cast<std::ptrdiff_t>(before),
                             pending_.end());
        pending_.resize(before);
        seal_pending();
        pending_ = overflow;
    }
    if (counts(message)) ++messages_out_;
    context_.host.on_dirty(*this);
    const std::size_t queued = backlog();
    overrun_ = overrun_ || queued > limits::session_backlog_max;
    wants_drained_ = wants_drained_ || queued >= limits::session_backlog_high;
    return queued < limits::session_backlog_high;
}

void Session::seal_pending() {
    if (pending_.empty() || !channel_) return;
    const auto sealed = channel_->seal_append(pending_, context_.clock.monotonic(), sealed_);
    pending_ = Bytes();  // with its memory: most sessions say little
    overrun_ = overrun_ || !sealed;
}

void Session::flush() {
    if (phase_ == Phase::ended) return;
    seal_pending();
    if (overrun_) {
        Ending ending = ending_of(Reason::lost);
        ending.text = "The connection was cut: the other side did not read what was sent.";
        return end(ending, true);
    }
    if (!sealed_.empty()) send_now(std::exchange(sealed_, {}));
    check_drained();
}

void Session::send_now(Bytes frames) {
    last_sent_ = context_.clock.monotonic();
    bytes_out_ += frames.size();
    if (context_.transport.backlog(link_) == 0) last_progress_ = last_sent_;
    context_.transport.send(link_, std::move(frames));
}

std::size_t Session::backlog() const {
    return pending_.size() + sealed_.size() + context_.transport.backlog(link_);
}

std::size_t Session::bulk_room() {
    const std::size_t queued = backlog();
    const bool full = queued >= limits::bulk_backlog_max;
    wants_bulk_room_ = wants_bulk_room_ || full;
    return full ? 0 : limits::bulk_backlog_max - queued;
}

void Session::check_drained() {
    if (phase_ != Phase::up || !(wants_drained_ || wants_bulk_room_)) return;
    const std::size_t queued = backlog();
    const bool drained = wants_drained_ && queued < limits::session_backlog_low;
    const bool room = wants_bulk_room_ && queued < limits::bulk_backlog_low;
    if (!drained && !room) return;
    wants_drained_ = wants_drained_ && !drained;
    wants_bulk_room_ = wants_bulk_room_ && !room;
    context_.host.on_drained(*this);
}

void Session::leave(GoodbyeReason reason, const Ending& ending) {
    if (phase_ == Phase::ended) return;
    wants_drained_ = false;
    if (channel_) {
        send(Goodbye{reason});
        flush();
    }
    end(ending, false);
}

void Session::end(const Ending& ending, bool now) {
    if (phase_ == Phase::ended) return;
    phase_ = Phase::ended;
    context_.transport.close(link_, now);
    context_.host.on_ended(*this, ending);
}

// --- bounds and time ---

void Session::set_trusted(bool trusted) {
    trusted_ = trusted || initiated_here_ || admitted_as_contact();
    stranger_since_ = context_.clock.monotonic();
    limit_frames();
}

void Session::limit_frames() {
    if (phase_ == Phase::handshake) return;
    const std::size_t overhead = crypto::record_body_max - crypto::record_payload_max;
    const std::size_t few = bounded_ ? payload_max_ + overhead : limits::stranger_record_max;
    reader_.set_limit(trusted_ && !bounded_ ? crypto::record_body_max : few);
}

void Session::bound_records(std::size_t payload_max) {
    payload_max_ = payload_max;
    bounded_ = true;
    limit_frames();
}

void Session::set_reading(bool reading) {
    if (phase_ == Phase::ended || reading == reading_) return;
    reading_ = reading;
    last_heard_ = context_.clock.monotonic();  // what was not read was not silence
    probe_until_.reset();
    context_.transport.set_reading(link_, reading);
}

SessionInfo Session::info() const {
    return {peer_,   initiated_here_,     admitted_as_contact(),
            remote_, is_relayed(remote_), punched,
            agent_,  features_,           signer_};
}

Milliseconds Session::tick(Milliseconds now) {
    if (phase_ == Phase::ended) return Milliseconds::max();
    if (phase_ == Phase::up) return tick_up(now);
    const auto deadline = began_at_ + context_.timing.handshake;
    if (now < deadline) return deadline;
    end(ending_of(Reason::timed_out), true);
    return Milliseconds::max();
}

void Session::probe(Milliseconds now) {
    if (phase_ != Phase::up || probe_until_) return;
    send(Ping{static_cast<std::uint64_t>(now.count())});
    probe_until_ = now + context_.timing.probe;
}

/// What is not read is not silence.
bool Session::silent(Milliseconds now) const {
    if (!reading_) return false;
    return now >= last_heard_ + context_.timing.silence_max ||
           (probe_until_ && now >= *probe_until_);
}

Milliseconds Session::tick_up(Milliseconds now) {
    const Timing& timing = context_.timing;
    const bool waiting = context_.transport.backlog(link_) > 0;
    if (silent(now)) {
        end(ending_of(Reason::lost), true);
        return Milliseconds::max();
    }
    if (waiting && now >= last_progress_ + timing.unread) {
        overrun_ = true;
        flush();
        return Milliseconds::max();
    }
    if (!trusted_ && now >= stranger_since_ + timing.stranger_idle) {
        leave(GoodbyeReason::idle, ending_of(Reason::closed_here));
        return Milliseconds::max();
    }
    if (auto frame = channel_->rekey_if_due(now)) {
        sealed_.insert(sealed_.end(), frame->begin(), frame->end());
        context_.host.on_dirty(*this);
    }
    if (!waiting && now >= last_sent_ + timing.ping_after) {
        send(Ping{static_cast<std::uint64_t>(now.count())});
        last_sent_ = now;
    }
    auto next = last_sent_ + timing.ping_after;
    if (waiting) next = std::max(next, now + timing.ping_after);
    if (reading_) next = std::min(next, last_heard_ + timing.silence_max);
    if (reading_ && probe_until_) next = std::min(next, *probe_until_);
    if (!trusted_) next = std::min(next, stranger_since_ + timing.stranger_idle);
    return next;
}

}  // namespace kith::net
