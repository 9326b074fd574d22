// SPDX-License-Identifier: MIT
//
// What a relay's mailbox is asked to do, and what it answers after the commit. Self-contained
// values; they cross threads. See net/relay/mailbox_store.hpp for what each of them means.
#pragma once

#include <variant>

#include "net/relay/mailbox_limits.hpp"
#include "net/relay/mailbox_store.hpp"

namespace kith::store::mailbox {

using net::Bytes;
using net::Fingerprint;
using net::MailboxDeposit;
using net::MailboxLimits;
using net::MailboxOutcome;
using net::SlotKey;
using Milliseconds = std::chrono::milliseconds;

struct SetSlots {
    Fingerprint owner;
    bool adds = false;
    std::vector<net::MailboxSlot> slots;
    Bytes card;
};
struct LoadItems {
    Fingerprint owner;
    std::uint64_t after = 0;
    std::size_t bytes = 0;
};
struct RemoveItems {
    Fingerprint owner;
    std::vector<std::uint64_t> numbers;
};
struct FindHeld {
    Fingerprint owner;
    SlotKey slot{};
    net::MessageId id{};
};
struct DropHeld {
    Fingerprint client;
    SlotKey slot{};
    std::vector<net::MessageId> ids;
};
struct FindCard {
    SlotKey slot{};
};
struct SetName {
    Fingerprint owner;
    std::string name;
    Bytes card;
};
struct FindName {
    std::string name;
};
/// What counts for everything after it. What is over the new limits stays until it goes by itself.
struct SetLimits {
    MailboxLimits limits;
};
using Job = std::variant<SetSlots, MailboxDeposit, LoadItems, RemoveItems, FindHeld, DropHeld,
                         FindCard, SetName, FindName, SetLimits>;

/// Why something was not done, for the figures.
enum class Refusal : std::uint8_t {
    no_slot,    ///< a deposit into a slot nobody has opened
    slot_full,  ///< of one contact
    owner_full,
    depositor_full,
    stranger_full,  ///< of one stranger
    open_full,      ///< the open slots of one owner
    relay_full,
    slots_full,  ///< too many slots or owners
    name_taken,
    names_full,
    disk,      ///< it said no
    overload,  ///< too much waited for the disk
};
inline constexpr std::size_t refusals = 12;
/// "slot_full"
[[nodiscard]] const char* word_of(Refusal refusal);

/// To any of them; which fields count depends on the job.
struct Reply {
    MailboxOutcome outcome = MailboxOutcome::done;
    std::optional<Refusal> why;
    Fingerprint owner;                    ///< of a deposit that is kept
    bool fresh = false;                   ///< it was not there before
    Bytes card;                           ///< FindCard, FindName; FindHeld: what was held
    std::vector<net::MailboxItem> items;  ///< LoadItems
};
[[nodiscard]] inline Reply refused(MailboxOutcome outcome, Refusal why) {
    return {outcome, why, {}, false, {}, {}};
}
[[nodiscard]] inline Reply disk_said_no() { return refused(MailboxOutcome::failed, Refusal::disk); }

/// Whether a job writes. A batch without such a job needs no transaction and no disk.
[[nodiscard]] bool writes(const Job& job);
/// About the bytes it holds, or its answer will: what bounds how much waits.
[[nodiscard]] std::size_t weight(const Job& job);
/// About the bytes it moves on the disk: what bounds how long a transaction takes.
[[nodiscard]] std::size_t work(const Job& job);

}  // namespace kith::store::mailbox
