// SPDX-License-Identifier: MIT
//
// A relay, without I/O: holds one session with each client, forwards knocks, and joins circuits. It
// is trusted with availability only: it sees who knocks at whom, when, and how much is said, and
// nothing of what. docs/protocol.md, "Relay". Network thread only.
#pragma once

#include <unordered_set>

#include "net/link_listener.hpp"
#include "net/relay/circuits.hpp"
#include "net/relay/decrypt_turns.hpp"
#include "net/relay/mailbox_desk.hpp"
#include "net/relay/relay_door.hpp"
#include "net/relay/remembered.hpp"
#include "net/relay/sightings.hpp"
#include "net/session.hpp"
#include "net/token_bucket.hpp"

namespace kith::net {

/// Every bound of a relay, with its reason.
struct RelayLimits {
    std::size_t clients_max = 20'000;            ///< one session each, about 9 KiB
    std::size_t client_backlog_max = 256 << 10;  ///< bytes a client has not read: then it is cut
    DoorLimits door;
    double knocks_per_second = 5;  ///< of one client
    double knock_burst = 40;
    std::size_t knocks_waiting = 16;  ///< of one client
    double busy_per_second = 20;      ///< told to one client; who goes on is cut
    double busy_burst = 200;
    double calls_per_second = 20;  ///< to one client, by whomever
    double call_burst = 60;
    std::uint16_t retry_after_s = 2;     ///< what the busy are told
    std::size_t left_remembered = 8192;  ///< clients of which it is known how much they knocked
    CircuitLimits circuits;
    MailboxDeskLimits mailbox;
};

struct RelayRules {
    crypto::InviteToken secret{};  ///< zeros: open to everybody
    /// Only these may be clients; nothing: everybody who knows the secret.
    std::optional<std::unordered_set<Fingerprint>> allowed;
};

/// Since start, or now.
struct RelayStats {
    std::size_t links = 0, clients = 0, handshakes = 0, circuits = 0, circuits_joined = 0;
    std::uint64_t clients_total = 0, knocks = 0, calls = 0, circuits_total = 0, bytes = 0;
    std::uint64_t absent = 0, busy = 0, turned_away = 0;
    std::vector<std::pair<std::string, std::uint64_t>> handshakes_failed;  ///< by reason
    MailboxDeskStats mailbox;
    MailboxFigures kept;
};

class RelayServer final : public LinkListener, private Session::Host {
public:
    /// Without a `mailbox` nothing is kept for anybody; it outlives the server.
    RelayServer(const crypto::PublicBundle& self, Transport& transport, DecryptLane& lane,
                const Clock& clock, crypto::RandomSource& random, RelayRules rules,
                const RelayLimits& limits = {}, MailboxStore* mailbox = nullptr);
    ~RelayServer() override;

    /// Those who are not allowed any more have to go.
    void set_rules(RelayRules rules);
    /// Nobody comes in any more, clients are told to go; circuits that are joined stay.
    void drain();
    [[nodiscard]] bool drained() const;  ///< after drain(): nothing is left
    void shut_down();                    ///< closes everything
    [[nodiscard]] RelayStats stats() const;

    // LinkListener
    void on_accepted(LinkId link, const SocketAddress& from) override;
    void on_dialled(LinkId) override {}
    void on_data(LinkId link, ByteView bytes) override;
    void on_writable(LinkId link) override;
    void on_closed(LinkId link, Ending::Reason reason) override;
    void on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) override;
    void on_accept_failed() override;
    void flush() override;
    std::chrono::milliseconds tick() override;

private:
    /// A link that has not said yet what it is.
    struct Fresh {
        SocketAddress from;
        Bytes said;
        Milliseconds until;
    };
    struct Client {
        Session* session = nullptr;
        TokenBucket knocks;
        TokenBucket busy;
        TokenBucket calls;
        std::size_t waiting = 0;  ///< knocks without an answer
    };
    /// Answered when the callee is there, or at `refuse_at`: both that it is not there and that it
    /// did not want to take the same time.
    struct Knock {
        Fingerprint caller;
        std::uint64_t request = 0;
        std::optional<CircuitId> circuit;
        Milliseconds refuse_at;
    };

    // Session::Host
    crypto::Responder::Config admission_for(const Session& session) override;
    bool decrypt(Session& session, Bytes ciphertext, bool contact) override;
    void on_knocked(Session&) override {}
    void on_answered(Session&) override {}
    bool welcomes(const Fingerprint& peer) const override;
    void on_proven(Session& session) override;
    void on_message(Session& session, Message message) override;
    std::optional<Bytes> answer_probe(Session&, ByteView) override { return std::nullopt; }
    bool on_ticket(Session&, ByteView, ByteView) override { return false; }
    void on_dirty(Session& session) override;
    void on_drained(Session&) override {}
    void on_ended(Session& session, const Ending& ending) override;

    /// A link that is nobody's yet makes room.
    void evict(LinkId link);
    void sort_out(LinkId link, Fresh& fresh);
    void become_client(LinkId link, const Fresh& fresh);
    void forget(LinkId link);
    void knocked(Session& session, const CircuitKnock& knock);
    void turn_down(Session& session, Client& caller, std::uint64_t request);
    void call(const Fingerprint& caller, const CircuitKnock& knock, Knock& waiting,
              Milliseconds now);
    void refuse(const Fingerprint& caller, std::uint64_t request, CircuitReason reason);
    void callee_waits(CircuitId circuit);
    void tell_whence(Session& session, const CircuitWhence& question);
    void close_knock(std::list<Knock>::iterator knock);
    void settle();
    [[nodiscard]] Client* client(const Fingerprint& peer);
    void say(const Fingerprint& peer, const Message& message);
    Milliseconds tick_all(Milliseconds now);
    void tick_sessions(Milliseconds now);

    const crypto::PublicBundle self_;
    Transport& transport_;
    const Clock& clock_;
    crypto::RandomSource& random_;
    RelayRules rules_;
    const RelayLimits limits_;
    const Timing timing_;
    Circuits circuits_;
    MailboxStore* const mailbox_store_;
    std::optional<MailboxDesk> mailbox_;
    RelayDoor door_;
    DecryptTurns turns_;
    Sightings sightings_;
    std::unordered_map<LinkId, Fresh> fresh_;
    std::unordered_map<LinkId, std::unique_ptr<Session>> sessions_;  ///< in any phase
    std::unordered_map<Fingerprint, Client> clients_;                ///< up, one each
    Remembered<TokenBucket> left_;                                   ///< knocks of those gone
    std::list<Knock> knocks_;                                        ///< oldest first
    std::vector<LinkId> dirty_;
    std::vector<LinkId> ended_;
    Milliseconds next_due_{0};
    Milliseconds sessions_due_{0};  ///< of their own timers, which are coarse
    bool draining_ = false;
    RelayStats counters_;
    std::map<Ending::Reason, std::uint64_t> failed_;
};

}  // namespace kith::net
