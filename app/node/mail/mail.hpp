// SPDX-License-Identifier: MIT
//
// Mail of a node: what relays keep for us and for others. Wires the parts, decides who may leave
// something for us, and what we leave at relays of our own for those who want to.
// docs/protocol.md, "Relay: mailbox", "Sealed messages". Network thread only.
#pragma once

#include "app/node/contacts.hpp"
#include "app/node/mail/mail_in.hpp"
#include "app/node/mail/mail_out.hpp"
#include "app/node/mail/prekey_exchange.hpp"
#include "net/token_bucket.hpp"

namespace kith::node {

/// Outlives the mailbox it listens to.
class Mail final : public net::MailListener {
public:
    /// Changes of who may leave something: a few are told at once, many at a relay's pace.
    static constexpr double grants_per_second = 0.5;
    static constexpr double grant_burst = 5;
    static constexpr std::chrono::milliseconds grant_again{1'000};
    /// The prekey for those who have none of their own is made anew after so long.
    static constexpr std::chrono::hours open_prekey_for{24 * 30};

    struct Ports {
        const crypto::PublicBundle& self;
        const crypto::SigningKey& signing;
        net::MailboxClient& mailbox;
    };
    Mail(Context& context, Contacts& contacts, Outboxes& outboxes, Inbox& inbox, Ports ports,
         std::function<void(const model::PeerId&, net::Message)> deliver);

    /// Everybody is known.
    void start(const crypto::InviteToken& invite);
    void invite_changed(const crypto::InviteToken& invite);
    /// Somebody's row has changed: they may have become a contact, or moved.
    void person_changed(const model::PeerId& peer);
    void contact_up(const model::PeerId& peer, bool understands);
    void session_down(const model::PeerId& peer);
    void no_contact(const model::PeerId& peer);
    /// Something waits in their outbox.
    void committed(const model::PeerId& peer) { out.wake(peer); }
    std::chrono::milliseconds tick(std::chrono::milliseconds now);

    // net::MailListener
    void on_mail(const crypto::RelayAddress& relay, std::uint64_t number,
                 const crypto::Bytes& token, crypto::Bytes sealed) override;
    void on_mailbox(const crypto::RelayAddress& relay, net::MailboxOutcome outcome) override;

    /// Whether a relay of ours keeps mail for us.
    std::function<void(const crypto::RelayAddress&, net::MailboxOutcome)> on_own_mailbox;

    PrekeyExchange prekeys;
    MailIn in;
    MailOut out;

private:
    void load_open_prekey();
    void use_open_prekey(const store::PrekeyFound& found);
    void make_open_prekey();
    /// Tells the relays who may leave something, when that has changed.
    void grant();

    Context& context_;
    const Ports ports_;
    crypto::InviteToken invite_{};
    crypto::Bytes card_;
    model::Timestamp card_made_at_ = 0;
    bool making_card_ = false;
    bool grants_changed_ = false;
    net::TokenBucket grant_rate_;
    std::map<crypto::Bytes, model::PeerId> by_token_;
    crypto::Bytes told_card_;
    crypto::InviteToken told_invite_{};
};

}  // namespace kith::node
