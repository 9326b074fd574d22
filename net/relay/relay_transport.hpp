// SPDX-License-Identifier: MIT
//
// Between an endpoint and its driver: circuits through relays look like any other link.
//
//   Endpoint --dial_circuit()--> knock over the relay's line --> its ticket --> a link to the relay
//   relay --call--> admitted by the endpoint --> a link to the relay --> on_accepted()
//
// Links of the driver keep their numbers; those of circuits have their highest bit set.
// docs/protocol.md, "Relay". Network thread only.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>

#include "net/link_listener.hpp"
#include "net/relay/mailbox_client.hpp"
#include "net/relay/relay_line.hpp"
#include "net/token_bucket.hpp"

namespace kith::net {

class RelayTransport final : public Transport, public LinkListener, private Session::Host {
public:
    static constexpr std::size_t own_max = 8;         ///< relays that are kept connected
    static constexpr std::size_t lines_max = 64;      ///< with those of others
    static constexpr std::size_t circuits_max = 256;  ///< at a time
    /// Of them calls to us; our relays share these, so that none takes the room of the others.
    static constexpr std::size_t incoming_max = 192;
    static constexpr double calls_per_second = 20;  ///< through one relay, to us
    static constexpr double call_burst = 40;
    // Knocks at one relay: a little below what one lets its clients do, who are cut otherwise.
    static constexpr double knocks_per_second = 4;
    static constexpr double knock_burst = 30;
    static constexpr std::size_t knocks_unanswered = 14;          ///< and as many wait
    static constexpr std::chrono::milliseconds knock_pause{100};  ///< looks so often for the next
    /// Whatever a busy relay says, it is asked again then.
    static constexpr std::chrono::seconds busy_most{60};
    static constexpr std::chrono::milliseconds knock_patience{10'000};
    static constexpr std::chrono::milliseconds unused_line{60'000};

    struct Ports {
        Transport& lower;
        DecryptLane& lane;
        const Clock& clock;
        crypto::RandomSource& random;
        RelayLine::Resolve resolve;
        RelayListener* listener = nullptr;  ///< may be none
    };
    RelayTransport(const crypto::PublicBundle& self, Ports ports);
    ~RelayTransport() override;

    /// Who uses links; set before anything else happens.
    void attach(CircuitUser* upper) { upper_ = upper; }
    /// The relays of one's own, at most own_max of them count.
    void set_relays(const std::vector<crypto::RelayAddress>& relays);
    [[nodiscard]] std::vector<RelayStatus> relays() const;
    void network_changed();
    void shut_down();  ///< Goodbye to all relays
    [[nodiscard]] MailboxClient& mailbox() { return mailbox_; }

    // Transport
    LinkId dial(const SocketAddress& to) override { return ports_.lower.dial(to); }
    LinkId dial_circuit(const SocketAddress& relay, const Fingerprint& peer) override;
    LinkId dial_beside(LinkId link, const SocketAddress& to) override;
    bool ask_whence(LinkId circuit) override;
    void send(LinkId link, Bytes bytes) override;
    [[nodiscard]] std::size_t backlog(LinkId link) const override;
    void set_reading(LinkId link, bool reading) override;
    void close(LinkId link, bool now) override;
    std::optional<int> detach(LinkId link) override;

    // LinkListener
    void on_accepted(LinkId link, const SocketAddress& from) override;
    void on_dialled(LinkId link) override;
    void on_data(LinkId link, ByteView bytes) override;
    void on_writable(LinkId link) override;
    void on_closed(LinkId link, Ending::Reason reason) override;
    void on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) override;
    void on_accept_failed() override { upper_->on_accept_failed(); }
    void flush() override;
    std::chrono::milliseconds tick() override;

private:
    using Place = std::pair<Bytes, std::uint16_t>;
    struct Line {
        Line(const crypto::RelayAddress& address, const Session::Context& context, Milliseconds now)
            : line(address, context),
              calls(calls_per_second, call_burst, now),
              knocks(knocks_per_second, knock_burst, now) {}
        RelayLine line;
        TokenBucket calls;
        TokenBucket knocks;
        Milliseconds busy_until{0};  ///< as it says
        std::optional<RelayStatus> told;
    };
    struct Circuit {
        Place place;
        Fingerprint peer;
        bool incoming = false;
        bool asked = false;
        std::optional<CircuitTicket> ticket;
        std::optional<LinkId> lower;
        bool stands = false;
        Milliseconds until{};  ///< while it does not stand
    };

    // Session::Host, for the lines' sessions: this side always dials.
    crypto::Responder::Config admission_for(const Session&) override { return {}; }
    bool decrypt(Session& session, Bytes ciphertext, bool contact) override;
    void on_knocked(Session&) override {}
    void on_answered(Session&) override {}
    bool welcomes(const Fingerprint&) const override { return true; }
    void on_proven(Session& session) override;
    void on_message(Session& session, Message message) override;
    std::optional<Bytes> answer_probe(Session&, ByteView) override { return std::nullopt; }
    bool on_ticket(Session&, ByteView, ByteView) override { return false; }
    void on_dirty(Session&) override {}
    void on_drained(Session&) override {}
    void on_ended(Session& session, const Ending& ending) override;

    [[nodiscard]] static Place place_of(const Line& line) {
        return {crypto::place_of(line.line.address()), line.line.address().port};
    }
    [[nodiscard]] Line* line_of(LinkId link);
    [[nodiscard]] Line* line_at(const Place& place);
    [[nodiscard]] Line* add_line(const crypto::RelayAddress& address);
    [[nodiscard]] std::optional<LinkId> lower_of(LinkId link) const;
    /// Those who wait to be knocked at, oldest first, as far as their relays let us. True: some
    /// still wait.
    bool knock_waiting(Milliseconds now);
    [[nodiscard]] bool crowded(const Line& line) const;
    [[nodiscard]] bool may_knock(Line& line, Milliseconds now) const;
    [[nodiscard]] bool may_be_called(const Line& line) const;
    void knock(LinkId id, Circuit& circuit, Line& line);
    void refused(Line& line, const CircuitRefusal& refusal);
    void called(Line& line, const CircuitCall& call);
    void ready(Line& line, const CircuitReady& message);
    void seen(const Line& line, const CircuitSeen& message);
    void open(LinkId id, Circuit& circuit, Line& line);
    void circuit_dialled(LinkId id, Circuit& circuit);
    void fail(LinkId id, Ending::Reason reason);
    [[nodiscard]] MailboxClient::Lines mailbox_lines();
    void drop_unused(Milliseconds now);
    void report();

    const crypto::PublicBundle self_;
    Ports ports_;
    const Timing timing_;
    const Session::Context context_;
    CircuitUser* upper_ = nullptr;
    std::map<Place, Line> lines_;
    MailboxClient mailbox_;
    std::map<LinkId, Circuit> circuits_;                     ///< by their upper link
    std::unordered_map<LinkId, LinkId> upper_of_lower_;      ///< of circuits
    std::vector<std::pair<LinkId, Ending::Reason>> failed_;  ///< to be told in the next tick
    LinkId last_circuit_ = 0;
    bool shut_ = false;
};

}  // namespace kith::net
