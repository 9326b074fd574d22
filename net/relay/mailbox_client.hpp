// SPDX-License-Identifier: MIT
//
// Mailboxes from the client's side: asks relays to keep things for others, opens slots of one's own
// at one's own relays, and hands over what comes in them. The lines are RelayTransport's.
// docs/protocol.md, "Relay: mailbox". Network thread only.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "crypto/relay_address.hpp"
#include "net/message.hpp"
#include "net/transport.hpp"

namespace kith::net {

using crypto::Fingerprint;

/// Whoever holds the token may put something into our mailboxes.
struct SlotGrant {
    Bytes token;        ///< contact token (16) or invite token (8)
    bool open = false;  ///< they are no contacts
};

struct MailboxReply {
    bool reached = false;  ///< the relay has answered
    MailboxOutcome outcome = MailboxOutcome::failed;
    std::chrono::seconds retry_in{0};
    Bytes card;  ///< or what was held
};

class MailListener {
public:
    virtual ~MailListener() = default;
    /// `token`: of the grant whose slot it lay in. Comes again with the next connection until
    /// taken() was called.
    virtual void on_mail(const crypto::RelayAddress& relay, std::uint64_t number,
                         const Bytes& token, Bytes sealed) = 0;
    /// Whether this relay of one's own keeps mail.
    virtual void on_mailbox(const crypto::RelayAddress& relay, MailboxOutcome outcome) = 0;
};

class MailboxClient {
public:
    using Place = std::pair<Bytes, std::uint16_t>;
    using Done = std::function<void(MailboxReply)>;
    static constexpr std::size_t requests_max = 64;  ///< under way, 84 KiB each at most
    static constexpr std::chrono::milliseconds patience{30'000};
    /// Slots a relay did not open are tried again, as late as it says within these.
    static constexpr std::chrono::milliseconds open_again_min{5'000};
    static constexpr std::chrono::milliseconds open_again_max{600'000};

    struct Lines {
        /// Dials if need be; false: there are too many.
        std::function<bool(const crypto::RelayAddress&)> want;
        std::function<bool(const Place&)> up;
        std::function<void(const Place&, const Message&)> say;
        /// As DecryptLane::submit().
        std::function<bool(std::uint64_t ticket, Bytes ciphertext)> decrypt;
    };
    /// Of tickets that are the mailbox's; links never have it.
    static constexpr std::uint64_t ticket_bit = std::uint64_t{1} << 62;
    MailboxClient(const Fingerprint& self, const Clock& clock, Lines lines);

    // --- the node's side ---
    void listen(MailListener* listener) { listener_ = listener; }
    /// All grants from now on, at all relays of one's own; told again whenever one comes up.
    void set_grants(std::vector<SlotGrant> grants, Bytes card);
    /// `done` is called once, later. The same id twice is kept once.
    void deposit(const crypto::RelayAddress& relay, const Fingerprint& owner, ByteView token,
                 const MessageId& id, Bytes sealed, Done done);
    /// The same, and it is not handed out until the owner asks for it.
    void deposit_held(const crypto::RelayAddress& relay, const Fingerprint& owner, ByteView token,
                      const MessageId& id, Bytes sealed, Done done);
    /// What is held for us in the slot of that grant. At a relay of one's own.
    void ask_held(const crypto::RelayAddress& relay, ByteView token, const MessageId& id,
                  Done done);
    /// At most held_drop_max, in the slot of `owner`: oneself, or somebody for whom we left it.
    void drop_held(const crypto::RelayAddress& relay, const Fingerprint& owner, ByteView token,
                   std::vector<MessageId> ids, Done done);
    void ask_card(const crypto::RelayAddress& relay, const Fingerprint& owner, ByteView token,
                  Done done);
    void claim_name(const crypto::RelayAddress& relay, std::string name, Bytes card, Done done);
    void find_name(const crypto::RelayAddress& relay, std::string name, Done done);
    void taken(const crypto::RelayAddress& relay, std::uint64_t number);
    /// OAEP with our own key, on the RSA lane; `done` is called later. False: too much waits there.
    bool decrypt(Bytes ciphertext, std::function<void(const crypto::SecretBytes&)> done);
    [[nodiscard]] bool has_room() const noexcept { return waiting_.size() < requests_max; }
    /// A relay of one's own, connected.
    [[nodiscard]] bool is_up(const crypto::RelayAddress& relay) const;

    // --- the lines' side ---
    void line_up(const Place& place, bool own);
    void line_down(const Place& place);
    /// A line that is up has become one of one's own, or is none any more.
    void set_own(const Place& place, bool own);
    /// True: it was one of the mailbox's.
    bool hear(const Place& place, Message& message);
    void on_decrypted(std::uint64_t ticket, const crypto::SecretBytes& secret);
    /// Somebody waits for an answer from there.
    [[nodiscard]] bool needs(const Place& place) const;
    [[nodiscard]] std::chrono::milliseconds tick();
    /// Sends what was gathered: receipts.
    void flush();

private:
    struct Request {
        Place place;
        Message message;
        bool sent = false;
        std::chrono::milliseconds until{};
        Done done;
    };
    struct Own {
        std::map<SlotKey, std::size_t> grant_of;
        std::vector<std::uint64_t> taken;
        std::vector<std::uint64_t> opening;  ///< requests
        std::chrono::milliseconds open_again = std::chrono::milliseconds::max();
    };
    template <typename Ask>
    void ask(const crypto::RelayAddress& relay, Ask message, Done done);
    void send(Request& request);
    void open_slots(const Place& place, Own& own);
    void heard(const Place& place, Mail& mail);
    void heard(const Place& place, MailboxAnswer& answer);
    void heard(const Place& place, HeldItem& item);
    void answered(const Place& place, std::uint64_t request, MailboxReply reply);
    void opened(const Place& place, Own& own, const MailboxAnswer& answer);
    void finish(std::uint64_t id, MailboxReply reply);

    const Fingerprint self_;
    const Clock& clock_;
    const Lines lines_;
    MailListener* listener_ = nullptr;
    std::vector<SlotGrant> grants_;
    Bytes card_;
    bool granted_ = false;
    std::map<Place, Own> own_;  ///< that are up
    std::map<std::uint64_t, Request> waiting_;
    std::map<std::uint64_t, std::function<void(const crypto::SecretBytes&)>> decrypting_;
    std::vector<Done> refused_;  ///< told in the next tick
    std::uint64_t last_ = 0;
};

}  // namespace kith::net
