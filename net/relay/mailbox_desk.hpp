// SPDX-License-Identifier: MIT
//
// The part of a relay that keeps things for people who are away: takes deposits, hands mail to
// those who come, answers for cards and names. Everything durable is the store's. docs/protocol.md,
// "Relay: mailbox". Network thread only.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "net/relay/mailbox_store.hpp"
#include "net/relay/remembered.hpp"
#include "net/token_bucket.hpp"
#include "net/transport.hpp"

namespace kith::net {

/// Every bound, with its reason.
struct MailboxDeskLimits {
    double deposits_per_second = 100;  ///< of one client: a file waits in pieces. Fetched ones
                                       ///< and those taken back count, too
    double deposit_burst = 400;
    double asks_per_second = 1;  ///< of one client: names and tokens are not to be tried out
    double ask_burst = 20;
    double opens_per_second = 1;  ///< of one client; ten thousand contacts are five messages
    double open_burst = 20;
    std::size_t requests_waiting = 32;  ///< of one client, for the disk
    std::size_t mail_out = 128 * 1024;  ///< bytes, sent to one client and not taken; well below
                                        ///< what may be unread in all
    std::size_t mail_items_out = 64;    ///< anything may be left, also many tiny pieces
    std::uint16_t retry_after_s = 5;
    std::chrono::milliseconds load_again{1'000};  ///< what the disk did not give
    std::size_t left_remembered = 8192;           ///< clients of which it is known what they asked
};

struct MailboxDeskStats {
    std::uint64_t deposits = 0;  ///< durable
    std::uint64_t refused = 0;   ///< no such slot, or no room
    std::uint64_t busy = 0;
    std::uint64_t failed = 0;  ///< the disk said no
    std::uint64_t mail = 0;    ///< handed out, with repetitions
    std::uint64_t taken = 0;
};

class MailboxDesk {
public:
    using Say = std::function<void(const Fingerprint& client, Message message)>;

    MailboxDesk(MailboxStore& store, const Clock& clock, Say say,
                const MailboxDeskLimits& limits = {});
    ~MailboxDesk();

    /// Also when it comes again: what was under way is forgotten.
    void client_up(const Fingerprint& client);
    void client_down(const Fingerprint& client);
    /// Of a client that is up. False: it is none of the desk's messages.
    bool hear(const Fingerprint& client, Message& message);
    /// When tick() is to be called next: it tries again what the disk did not give.
    [[nodiscard]] std::chrono::milliseconds due() const noexcept { return feed_at_; }
    void tick(std::chrono::milliseconds now);
    [[nodiscard]] const MailboxDeskStats& stats() const noexcept { return stats_; }

private:
    using Milliseconds = std::chrono::milliseconds;
    struct Rates {
        TokenBucket deposits, asks, opens;
    };
    struct Client : Rates {
        Client(const Rates& rates, std::uint64_t number) : Rates(rates), visit(number) {}
        std::uint64_t visit;
        std::size_t waiting = 0;
        bool wants_mail = false;
        bool loading = false;
        bool more = false;                                   ///< of what was not looked at yet
        std::uint64_t up_to = 0;                             ///< the last number it was sent
        std::unordered_map<std::uint64_t, std::size_t> out;  ///< sent and not taken: bytes
        std::size_t out_bytes = 0;
    };
    struct Asker {
        Fingerprint client;
        std::uint64_t visit = 0;
        std::uint64_t request = 0;
    };

    void heard(const Fingerprint& client, Deposit& message);
    void heard(const Fingerprint& client, OpenSlots& message);
    void heard(const Fingerprint& client, MailTaken& message);
    void heard(const Fingerprint& client, CardAsk& message);
    void heard(const Fingerprint& client, NameClaim& message);
    void heard(const Fingerprint& client, NameAsk& message);
    void heard(const Fingerprint& client, HeldAsk& message);
    void heard(const Fingerprint& client, HeldDrop& message);

    [[nodiscard]] Client* find(const Fingerprint& client, std::uint64_t visit);
    /// Nothing: answered busy.
    [[nodiscard]] std::optional<Asker> begin(const Fingerprint& client, std::uint64_t request,
                                             TokenBucket Client::*bucket);
    [[nodiscard]] bool may_ask(Client& client, TokenBucket Client::*bucket);
    void answer(const Asker& asker, MailboxOutcome outcome, Bytes card = {});
    void hand_out(const Asker& asker, MailboxOutcome outcome, Bytes sealed);
    void deliver(const Fingerprint& owner);
    void loaded(const Fingerprint& owner, std::uint64_t visit,
                std::optional<std::vector<MailboxItem>> items);
    void starve(const Fingerprint& owner, Client& client);

    MailboxStore& store_;
    const Clock& clock_;
    const Say say_;
    const MailboxDeskLimits limits_;
    std::unordered_map<Fingerprint, Client> clients_;
    Remembered<Rates> left_;
    std::unordered_set<Fingerprint> hungry_;  ///< whose mail was not loaded; may have left since
    Milliseconds feed_at_ = Milliseconds::max();
    std::uint64_t visits_ = 0;
    MailboxDeskStats stats_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< answers may come later
};

/// As the relay keeps it: lower case. Nothing: not 3 to 32 of [a-z0-9._-], or one of these at an
/// end.
[[nodiscard]] std::optional<std::string> normal_relay_name(std::string_view name);

}  // namespace kith::net
