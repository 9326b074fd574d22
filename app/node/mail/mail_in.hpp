// SPDX-License-Identifier: MIT
//
// Sealed messages that waited at a relay: opened one after the other, handed to the rooms that
// take messages of sessions, stored, and only then taken from the relay.
//
//   mail -> FindPrekey -> RSA lane -> open_sealed -> the node's handlers -> store -> UsePrekey ->
//   shown, and taken from the relay
//
// docs/protocol.md, "Sealed messages". Network thread only.
#pragma once

#include "app/node/inbox.hpp"
#include "crypto/sealed_message.hpp"
#include "net/relay/mailbox_client.hpp"
#include "net/token_bucket.hpp"

namespace kith::node {

class MailIn {
public:
    /// Pieces that wait here; the others stay at the relay until the next connection.
    static constexpr std::size_t waiting_max = 256;
    /// Twice what an honest relay sends before something is taken: none takes the others' places.
    static constexpr std::ptrdiff_t waiting_of_relay = 16;
    /// A relay that makes up mail does not keep the RSA lane busy.
    static constexpr double openings_per_second = 20;
    static constexpr double opening_burst = 200;
    /// Sealed longer ago, or further in the future, is not opened: its hash may be forgotten.
    static constexpr std::chrono::hours age_max{24 * 40};

    struct Ports {
        const crypto::PublicBundle& self;
        net::MailboxClient& mailbox;
        /// A message of somebody who has proven to be `from`.
        std::function<void(const model::PeerId& from, net::Message message)> deliver;
    };
    MailIn(Context& context, Inbox& inbox, Ports ports)
        : context_(context),
          inbox_(inbox),
          ports_(std::move(ports)),
          openings_(openings_per_second, opening_burst, context.clock.monotonic()) {}

    /// `contact`: in whose slot it lay; none: that of people who are no contacts.
    void arrived(const crypto::RelayAddress& relay, std::uint64_t number,
                 std::optional<model::PeerId> contact, crypto::Bytes token, crypto::Bytes sealed);
    /// Tries again what found the RSA lane full.
    std::chrono::milliseconds tick(std::chrono::milliseconds now);
    /// Both in milliseconds since 1970.
    [[nodiscard]] static bool is_timely(std::int64_t sealed_at, std::int64_t now);
    [[nodiscard]] std::size_t opened() const noexcept { return opened_; }

private:
    using Bytes = crypto::Bytes;
    struct Piece {
        crypto::RelayAddress relay;
        std::uint64_t number = 0;
        std::optional<model::PeerId> contact;
        Bytes token;
        Bytes sealed;
        store::Blob hash;
        store::PrekeyFound prekey;
        Bytes ciphertext;  ///< for the lane
    };
    void next();
    void found(store::Result result);
    void ask_lane();
    void decrypted(const crypto::SecretBytes& secret);
    [[nodiscard]] bool may_come_from(const crypto::OpenedMessage& opened) const;
    void hand_over(const crypto::OpenedMessage& opened);
    void stored(bool all, std::function<void()> show);
    /// Out of the queue. `taken`: the relay may forget it.
    void finish(bool taken);

    Context& context_;
    Inbox& inbox_;
    const Ports ports_;
    std::deque<Piece> waiting_;  ///< the first is being worked on
    bool busy_ = false;
    net::TokenBucket openings_;
    std::chrono::milliseconds lane_again_ = std::chrono::milliseconds::max();
    std::size_t opened_ = 0;
};

}  // namespace kith::node
