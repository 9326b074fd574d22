// SPDX-License-Identifier: MIT
//
// One link's life, without I/O: handshake, Hello, messages in records, keep-alive, Goodbye.
//
//   handshake --(keys)--> greeting --(their Hello)--> up --> ended
//
// The initiator's first record (M5) carries Hello and proves it; the responder answers with its
// own Hello, which proves that M5 arrived. Internal to net/; network thread only. After end() the
// object stays valid until its owner drops it: the host is called from inside its functions.
#pragma once

#include "net/ending.hpp"
#include "net/framing.hpp"
#include "net/link_handshake.hpp"
#include "net/timing.hpp"

namespace kith::net {

using Milliseconds = std::chrono::milliseconds;

class Session {
public:
    enum class Phase { handshake, greeting, up, ended };

    class Host {
    public:
        virtual ~Host() = default;
        virtual crypto::Responder::Config admission_for(const Session&) = 0;
        /// False: the lane is full. The answer comes by on_decrypted().
        virtual bool decrypt(Session&, Bytes ciphertext, bool contact) = 0;
        /// Responder, when M1 had a good token.
        virtual void on_knocked(Session&) = 0;
        /// Initiator, on a good M2: this candidate leads to the peer.
        virtual void on_answered(Session&) = 0;
        /// Responder, before M4 and before up.
        virtual bool welcomes(const Fingerprint& peer) const = 0;
        /// Both sides proven. May end the session.
        virtual void on_proven(Session&) = 0;
        virtual void on_message(Session&, Message message) = 0;
        /// The first frame of an accepted link was a probe. Nothing: no answer.
        virtual std::optional<Bytes> answer_probe(Session&, ByteView probe) = 0;
        /// The first frame of an accepted link was a ticket. True: the link is in other hands.
        virtual bool on_ticket(Session&, ByteView ticket, ByteView early) = 0;
        /// Something waits for flush().
        virtual void on_dirty(Session&) = 0;
        virtual void on_drained(Session&) = 0;
        virtual void on_ended(Session&, const Ending& ending) = 0;
    };

    /// What all sessions of an endpoint share; outlives them.
    struct Context {
        const crypto::PublicBundle& self;
        Transport& transport;
        const Clock& clock;
        crypto::RandomSource& random;
        const Timing& timing;
        Host& host;
    };

    /// Accepted.
    Session(const Context& context, LinkId link, SocketAddress remote);
    /// Dialled: start() sends M1.
    Session(const Context& context, LinkId link, SocketAddress remote,
            crypto::Initiator::Config config);
    void start();

    void on_data(ByteView bytes);
    void on_decrypted(ByteView secret);
    void on_writable();
    /// The link is gone already.
    void on_closed(Ending::Reason reason);
    /// Runs what is due; when it is to be called next.
    Milliseconds tick(Milliseconds now);

    /// Room for more? Above session_backlog_max the session is cut at the next flush.
    bool send(const Message& message);
    void flush();
    /// Pings, and ends as lost when nothing at all is heard within Timing::probe.
    void probe(Milliseconds now);
    /// Goodbye, if there is somebody to say it to, then the end.
    void leave(GoodbyeReason reason, const Ending& ending);
    /// The end. `now`: without writing what is queued.
    void end(const Ending& ending, bool now);

    /// Strangers get small records and little time.
    void set_trusted(bool trusted);
    /// Between a relay and its client, from Hello on: records of at most so many bytes, both ways,
    /// whoever is trusted.
    void bound_records(std::size_t payload_max);
    void set_reading(bool reading);

    [[nodiscard]] LinkId link() const noexcept { return link_; }
    [[nodiscard]] Phase phase() const noexcept { return phase_; }
    [[nodiscard]] bool initiated_here() const noexcept { return initiated_here_; }
    [[nodiscard]] const SocketAddress& remote() const noexcept { return remote_; }
    /// Known from `greeting` on (initiator: from the start).
    [[nodiscard]] const Fingerprint& peer() const noexcept { return peer_; }
    [[nodiscard]] bool admitted_as_contact() const noexcept { return vouched_for_.has_value(); }
    /// Responder, after M1: whose token opened the door, if a contact's did.
    [[nodiscard]] const std::optional<Fingerprint>& vouched_for() const noexcept {
        return vouched_for_;
    }
    [[nodiscard]] bool trusted() const noexcept { return trusted_; }
    [[nodiscard]] SessionInfo info() const;
    [[nodiscard]] std::size_t backlog() const;
    /// Bytes of bulk data that may be sent now; on_drained follows when it is 0.
    [[nodiscard]] std::size_t bulk_room();
    /// While up.
    [[nodiscard]] const crypto::RecordChannel& channel() const { return *channel_; }
    [[nodiscard]] std::uint64_t messages_out() const noexcept { return messages_out_; }
    [[nodiscard]] std::uint64_t bytes_out() const noexcept { return bytes_out_; }

    /// Order of events at this endpoint, kept for the duplicate rule (session_rules.hpp).
    std::uint64_t began = 0;
    std::uint64_t up_since = 0;
    /// Accepted while its address had used up its rate: only a contact's token opens.
    bool contacts_only = false;
    /// The link was made by both dialling each other: no other one can be made like it.
    bool punched = false;
    bool queued_for_flush = false;

private:
    void on_frame(ByteView frame);
    void on_probe(ByteView probe);
    void on_ticket(ByteView ticket, ByteView early);
    void on_step(LinkHandshake::Step step);
    void on_handshake_message(crypto::SendMessage step);
    void on_decrypt_job(crypto::DecryptJob job);
    void start_records();
    void on_record(ByteView body);
    void on_message(Message message);
    void on_first_message(const Message& message);
    void on_goodbye(GoodbyeReason reason);
    [[nodiscard]] bool takes_observed();
    [[nodiscard]] bool silent(Milliseconds now) const;
    void send_hello();
    void seal_pending();
    void send_now(Bytes frames);
    void check_drained();
    [[nodiscard]] Milliseconds tick_up(Milliseconds now);
    [[nodiscard]] Ending ending_of_lost_link(Ending::Reason reason) const;
    void limit_frames();

    Context context_;
    LinkId link_;
    SocketAddress remote_;
    const bool initiated_here_;
    Phase phase_ = Phase::handshake;
    bool answered_ = false;  // initiator: M2 was good
    bool decrypting_ = false;
    bool trusted_ = false;
    bool reading_ = true;
    bool overrun_ = false;  // more queued than a session may hold
    bool wants_drained_ = false;
    bool wants_bulk_room_ = false;
    bool observed_ = false;  // they have said how they see us
    std::optional<Fingerprint> vouched_for_;
    Fingerprint peer_;
    std::string agent_;
    std::uint64_t features_ = 0;
    crypto::SignerKey signer_{};
    std::size_t payload_max_ = crypto::record_payload_max;
    bool bounded_ = false;
    FrameReader reader_;
    std::unique_ptr<LinkHandshake> handshake_;
    std::optional<crypto::RecordChannel> channel_;
    Bytes pending_;  // encoded messages of the next record
    Bytes sealed_;   // frames of the next write
    Milliseconds began_at_;
    Milliseconds last_heard_;
    Milliseconds last_sent_;
    Milliseconds last_progress_;   // the kernel took something, or nothing was waiting
    Milliseconds stranger_since_;  // nothing a stranger says lets it stay longer
    std::optional<Milliseconds> probe_until_;
    std::uint64_t messages_out_ = 0;
    std::uint64_t bytes_out_ = 0;
};

}  // namespace kith::net
