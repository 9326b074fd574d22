// SPDX-License-Identifier: MIT
//
// Where a relay keeps what waits for people who are away, what they let others know, and their
// names. docs/protocol.md, "Relay: mailbox" and "Relay: names".
//
// Network thread only: calls return at once, answers come later on the same thread, never from
// inside the call, and after what they tell is durable. Calls are carried out in their order.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/fingerprint.hpp"
#include "net/message.hpp"

namespace kith::net {

using crypto::Bytes;
using crypto::Fingerprint;

/// Sealed bytes for whoever has opened the slot.
struct MailboxDeposit {
    SlotKey slot{};
    Fingerprint depositor;
    MessageId id{};  ///< of the depositor's making: the same one of theirs twice is kept once
    Bytes sealed;
    bool held = false;  ///< not handed out until it is asked for
};

struct MailboxItem {
    std::uint64_t number = 0;  ///< rises with every deposit; never used twice
    SlotKey slot{};
    Bytes sealed;
};

/// Now.
struct MailboxFigures {
    std::uint64_t items = 0, bytes = 0, slots = 0, owners = 0, names = 0;
};

class MailboxStore {
public:
    virtual ~MailboxStore() = default;

    /// Too much waits for the disk already: whoever asks now is told to come again.
    [[nodiscard]] virtual bool busy() const = 0;
    [[nodiscard]] virtual MailboxFigures figures() const = 0;

    /// The slots of `owner` from now on, instead of those before or (`adds`) beside them; `card` is
    /// handed to whoever knows one of them. What waits in slots that are gone still waits. A slot
    /// that somebody else has opened stays theirs. Outcomes: done, full (too many), failed.
    virtual void set_slots(const Fingerprint& owner, bool adds, std::vector<MailboxSlot> slots,
                           Bytes card, std::function<void(MailboxOutcome)> done) = 0;
    /// Outcomes: done (`owner` is of the slot), none (nobody has opened it, or it is held for
    /// somebody who is no contact), full (the slot, its owner or the whole relay has no room left),
    /// failed. What is held leaves a quarter of all room to what is not.
    virtual void deposit(MailboxDeposit deposit,
                         std::function<void(MailboxOutcome, const Fingerprint& owner)> done) = 0;
    /// The oldest items of `owner` that are not held, with a number above `after`: as many as have
    /// `bytes` together, at least one if there is one. Nothing: the disk says no.
    virtual void load(const Fingerprint& owner, std::uint64_t after, std::size_t bytes,
                      std::function<void(std::optional<std::vector<MailboxItem>>)> done) = 0;
    /// Of this owner alone; numbers that are not there are fine.
    virtual void remove(const Fingerprint& owner, std::vector<std::uint64_t> numbers) = 0;
    /// What was held for `owner` in this slot under this id. Outcomes: done, none, failed.
    virtual void held(const Fingerprint& owner, const SlotKey& slot, const MessageId& id,
                      std::function<void(MailboxOutcome, Bytes sealed)> done) = 0;
    /// What is held in this slot under these ids, if the slot is `client`'s or they left it; others
    /// are as if they were not there. Outcomes: done, failed.
    virtual void drop_held(const Fingerprint& client, const SlotKey& slot,
                           std::vector<MessageId> ids,
                           std::function<void(MailboxOutcome)> done) = 0;
    /// The card of the slot's owner. Outcomes: done, none (no such slot), failed.
    virtual void card(const SlotKey& slot,
                      std::function<void(MailboxOutcome, const Bytes& card)> done) = 0;

    /// The name of `owner` from now on, instead of one before, with what is answered to those who
    /// look it up; an empty name gives the old one back. Outcomes: done, taken, full (too many
    /// names here), failed.
    virtual void set_name(const Fingerprint& owner, std::string name, Bytes card,
                          std::function<void(MailboxOutcome)> done) = 0;
    /// Outcomes: done (with the card), none, failed.
    virtual void find_name(std::string name,
                           std::function<void(MailboxOutcome, const Bytes& card)> done) = 0;
};

}  // namespace kith::net
