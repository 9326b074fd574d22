// SPDX-License-Identifier: MIT
//
// What waits for people who are away is left at their relays, sealed: requests, cards, the entries
// of the outbox, receipts. An entry stays in the outbox until its receiver has acknowledged it; a
// session that comes up says everything again, and they drop what they know.
//
//   wake() -> (a pause) -> their card from the relay -> LoadOutbox -> a prekey -> seal ->
//   Deposit -> MarkAtRelay -> from the start, until nothing is left
//
// docs/protocol.md, "Sealed messages". Network thread only.
#pragma once

#include "app/node/outboxes.hpp"
#include "crypto/mailbox_card.hpp"
#include "crypto/sealed_message.hpp"
#include "net/relay/mailbox_client.hpp"

namespace kith::node {

/// Where things may be left for them, as they have told, best first.
[[nodiscard]] std::vector<crypto::RelayAddress> relays_of(const Person& person);

class MailOut {
public:
    static constexpr std::chrono::milliseconds pause{3'000};  ///< a session may come yet
    static constexpr std::chrono::milliseconds after_loss{10'000};
    static constexpr std::chrono::milliseconds retry_min{15'000};
    static constexpr std::chrono::milliseconds retry_max{600'000};
    static constexpr std::chrono::hours again_after{24 * 25};  ///< relays forget after 30 days
    static constexpr std::size_t at_once = 4;                  ///< people
    static constexpr std::size_t receipts_max = 1'000;  ///< of one person; others come in a session
    static constexpr std::size_t page = 200;

    struct Ports {
        const crypto::PublicBundle& self;
        const crypto::SigningKey& signing;
        net::MailboxClient& mailbox;
        std::function<net::Message(const Person&)> request;  ///< ContactRequest
        std::function<net::Message(const Person&)> card;     ///< ContactCard
    };
    MailOut(Context& context, HandOver& hand_over, Ports ports)
        : context_(context), hand_over_(hand_over), ports_(std::move(ports)) {}

    /// Something may wait for them; nothing happens while a session is up.
    void wake(const model::PeerId& peer, std::chrono::milliseconds in = pause);
    /// They asked and we accepted while they were away: they are to learn it.
    void owe_card(const model::PeerId& peer);
    void owe_receipt(const model::PeerId& peer, const std::vector<net::MessageId>& ids);
    void session_up(const model::PeerId& peer);
    void forget(const model::PeerId& peer);
    std::chrono::milliseconds tick(std::chrono::milliseconds now);

private:
    using Milliseconds = std::chrono::milliseconds;
    struct Recipient {
        std::uint64_t round = 0;  ///< answers of earlier ones are late
        Milliseconds due = Milliseconds::max();
        Milliseconds retry = retry_min;
        bool working = false;
        bool owes_card = false;
        bool requested = false;  ///< in this run
        std::size_t relay = 0;   ///< of their relays, which is tried
        std::vector<net::MessageId> receipts;
    };
    /// One piece on its way.
    struct Letter {
        model::PeerId to;
        std::uint64_t round = 0;
        crypto::RelayAddress relay;
        std::optional<crypto::MailboxCard> card;
        crypto::Bytes payload;
        std::vector<model::MessageId> entries;
        std::size_t receipts = 0;
        bool has_card = false;
        bool request = false;
        bool more = false;
    };
    using Shared = std::shared_ptr<Letter>;

    [[nodiscard]] Recipient* current(const Letter& letter);
    void start(const model::PeerId& peer, Recipient& recipient);
    void ask_card(const Shared& letter);
    void card_came(const Shared& letter, const net::MailboxReply& reply);
    void fill(const Shared& letter, std::uint64_t after);
    void add_page(const Shared& letter, const store::OutboxPage& page);
    [[nodiscard]] bool add(Letter& letter, const net::Message& message) const;
    void add_front(Letter& letter, const Person& person, Recipient& recipient);
    void seal(const Shared& letter);
    void seal_to(const Shared& letter, std::uint64_t id, const crypto::Bytes& prekey);
    void deposited(const Shared& letter, const net::MailboxReply& reply);
    void mark(const Shared& letter);
    void done(const Letter& letter, bool more);
    /// Their next relay, or the first again after a while.
    void failed(const Letter& letter, const net::MailboxReply& reply);

    Context& context_;
    HandOver& hand_over_;
    const Ports ports_;
    std::map<model::PeerId, Recipient> recipients_;
    std::size_t working_ = 0;
    std::uint64_t rounds_ = 0;
};

}  // namespace kith::node
