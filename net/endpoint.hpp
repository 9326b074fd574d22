// SPDX-License-Identifier: MIT
//
// The protocol logic of one node, without I/O: accepts and dials links, runs handshakes under
// limits, keeps one session per peer, keeps contacts connected (staggered dials, RFC 8305; backoff
// with jitter), answers pings. The driver feeds it links, bytes and time; app/node hears the
// EndpointListener. Network thread only.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <tl/expected.hpp>

#include "crypto/beacon.hpp"
#include "crypto/identity.hpp"
#include "net/link_listener.hpp"
#include "net/message.hpp"
#include "net/timing.hpp"
#include "net/transfer/bulk_runner.hpp"

namespace kith::net {

enum class LogLevel { debug, info, warning, error };

[[nodiscard]] std::string_view name_of(Ending::Reason reason);

struct SessionInfo {
    Fingerprint peer;
    bool initiated_here = false;
    bool admitted_as_contact = false;  ///< responder: which kind of token opened the door
    SocketAddress remote;              ///< through a relay: its place
    bool relayed = false;
    bool punched = false;  ///< `remote` is open to this connection alone
    std::string agent;
    std::uint64_t features = 0;  ///< of their Hello
    crypto::SignerKey signer{};  ///< Ed25519, of their bundle
};

/// Heard by the node. Called from inside Endpoint's functions: listeners may call send() and the
/// setters; closing takes effect after the callback returns.
class EndpointListener {
public:
    virtual ~EndpointListener() = default;
    /// Both sides are proven. When a session replaces another of the same peer, on_session_down
    /// (replaced) comes first: what was in flight is to be sent again.
    virtual void on_session_up(const SessionInfo& session) = 0;
    virtual void on_session_down(const Fingerprint& peer, const Ending& ending) = 0;
    /// Everything but Hello, Ping, Pong, Goodbye.
    virtual void on_message(const Fingerprint& peer, Message message) = 0;
    virtual void on_dialling(const Fingerprint& peer) = 0;
    /// All candidates failed; the next attempt follows after `retry_in` (0: none until the route
    /// changes or connect()).
    virtual void on_dial_failed(const Fingerprint& peer, const Ending& ending,
                                std::chrono::milliseconds retry_in) = 0;
    /// The session's send queue went below session_backlog_low after send() had returned false.
    virtual void on_drained(const Fingerprint& peer) = 0;
    virtual void on_log(LogLevel level, std::string text) = 0;
    /// A run's own connection stands; in answer to open_bulk() or expect_bulk().
    virtual void on_bulk(const Fingerprint& /*peer*/, const RunId& /*run*/, BulkLink /*link*/) {}
    /// It could not be made, or did not come in time.
    virtual void on_bulk_failed(const Fingerprint& /*peer*/, const RunId& /*run*/,
                                const Ending& /*ending*/) {}
};

/// How to reach and admit one peer. Peers without a Route may still come in with the invite token.
/// Who has a door_token, or was dialled, is trusted: everybody else is a stranger, whose records
/// are small, of whom only the first ContactRequest of a session reaches the listener, and whose
/// session ends when idle.
struct Route {
    Fingerprint peer;
    Bytes dial_token;                        ///< what we show at their door; empty: cannot dial
    std::optional<ContactToken> door_token;  ///< what they show at ours; none: invite token only
    std::vector<SocketAddress> addresses;    ///< at most 16 are tried, in order
    bool keep_connected = false;             ///< dial now and again after every loss
};

/// Answers those who know only our address. docs/protocol.md, "Manual addresses".
class ProbeResponder {
public:
    virtual ~ProbeResponder() = default;
    /// Both crypto::beacon_size bytes. Nothing: the link closes without a word.
    virtual std::optional<Bytes> answer_probe(ByteView probe, const SocketAddress& from) = 0;
};

/// Counters since start.
struct EndpointStats {
    std::uint64_t bytes_in = 0, bytes_out = 0;
    std::uint64_t messages_in = 0, messages_out = 0;
    std::uint64_t handshakes_ok = 0;
    std::vector<std::pair<std::string, std::uint64_t>> handshakes_failed;  ///< by reason
    std::uint64_t sessions = 0, links = 0;
};

class Endpoint final : public CircuitUser {
public:
    Endpoint(const crypto::PublicBundle& self, Transport& transport, DecryptLane& lane,
             const Clock& clock, crypto::RandomSource& random, EndpointListener& listener,
             const Timing& timing = {});
    ~Endpoint() override;
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    // --- the node's side ---
    void set_invite_token(const crypto::InviteToken& token);
    /// Adds or replaces. Other addresses disturb no session; without one they are dialled at once,
    /// beside what is being tried already.
    void set_route(Route route);
    void remove_route(const Fingerprint& peer);  ///< also stops dialling; sessions stay
    /// Handshakes of blocked peers end before a session is reported.
    void set_blocked(const Fingerprint& peer, bool blocked);
    void connect(const Fingerprint& peer);  ///< dial now, forget the backoff
    /// Goodbye, then close. No dial follows until connect(), a route with another token or
    /// keep_connected, or a session of their making.
    void disconnect(const Fingerprint& peer, GoodbyeReason reason);
    /// Back-pressure: while false, nothing more of this session is read from the network (what was
    /// read already is still delivered, at most one read buffer and one record).
    void set_reading(const Fingerprint& peer, bool reading);
    /// Ends the session as if the connection were lost: who keeps it connected dials again, with
    /// backoff. For when something went wrong that a new session may mend.
    void drop_session(const Fingerprint& peer);
    /// Connectivity may have changed: dial everybody that is kept connected at once, and end the
    /// sessions that do not answer a ping within Timing::probe.
    void network_changed();
    /// Null: probes are not answered.
    void set_probe_responder(ProbeResponder* responder);
    using Asked = std::function<void(tl::expected<Bytes, Ending>)>;
    /// Sends `probe` to the first of `addresses` that lets us in, and hands over what it answers.
    /// `done` is called once, later; not after shut_down(). At most asks_max at a time, the next
    /// fails at once.
    void ask(std::vector<SocketAddress> addresses, Bytes probe, Asked done);
    static constexpr std::size_t asks_max = 8;

    /// Queues a message for a live session; several sends within one callback or tick share a
    /// record. True: room for more. False: queued, but wait for on_drained before the next
    /// (or no session: see has_session). A message outside its bounds (message.hpp) is not sent.
    bool send(const Fingerprint& peer, const Message& message);
    [[nodiscard]] bool has_session(const Fingerprint& peer) const;
    /// Whether we dialled for the live session: then we open connections for runs.
    [[nodiscard]] bool initiated(const Fingerprint& peer) const;
    // Connections of their own for runs, with keys of the live session. on_bulk or on_bulk_failed
    // follows, later, unless forget_bulk() comes first.
    void open_bulk(const Fingerprint& peer, const RunId& run);    ///< where the session goes
    void expect_bulk(const Fingerprint& peer, const RunId& run);  ///< for 15 s
    void forget_bulk(const RunId& run);
    /// How much of files may go through the session now without delaying what else is said, in
    /// bytes. When it is 0, on_drained follows.
    [[nodiscard]] std::size_t bulk_room(const Fingerprint& peer);
    [[nodiscard]] EndpointStats stats() const;
    void shut_down();  ///< Goodbye to all, close all

    // --- the driver's side ---
    void on_accepted(LinkId link, const SocketAddress& from) override;
    void on_dialled(LinkId link) override;
    void on_data(LinkId link, ByteView bytes) override;
    void on_writable(LinkId link) override;
    void on_closed(LinkId link, Ending::Reason reason) override;
    void on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) override;
    void on_accept_failed() override;
    void flush() override;
    std::chrono::milliseconds tick() override;

    // --- the relays' side ---
    void on_seen(LinkId circuit, const SocketAddress& from) override;
    [[nodiscard]] Bytes dial_token(const Fingerprint& peer) const override;
    [[nodiscard]] bool admits(const Fingerprint& caller,
                              const std::function<bool(ByteView)>& matches) const override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
