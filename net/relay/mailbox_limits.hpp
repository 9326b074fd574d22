// SPDX-License-Identifier: MIT
//
// Every bound of what a relay keeps for people who are away, with its reason. Sizes are those of
// the sealed bytes.
#pragma once

#include <chrono>
#include <cstdint>

namespace kith::net {

struct MailboxLimits {
    std::chrono::hours age{24 * 30};  ///< what waits for longer is deleted

    // Of one slot: what one contact may leave. A file of 64 MiB fits, in blocks of 64 KiB, with
    // messages beside it.
    std::uint64_t slot_items = 2048;
    std::uint64_t slot_bytes = 96U << 20;
    // Of one owner, in all slots of contacts.
    std::uint64_t owner_items = 10'000;
    std::uint64_t owner_bytes = 256U << 20;
    // Of one depositor, in all slots of everybody: nobody alone fills the relay.
    std::uint64_t depositor_items = 20'000;
    std::uint64_t depositor_bytes = 1U << 30;

    // Open slots, where strangers leave requests, have room of their own: however full they are,
    // what contacts send finds its place.
    std::uint64_t stranger_items = 4;  ///< of one depositor to one owner
    std::uint64_t stranger_bytes = 128U << 10;
    std::uint64_t stranger_items_everywhere = 64;  ///< of one depositor: nobody writes to everybody
    std::uint64_t open_items = 200;                ///< of one owner, in all open slots
    std::uint64_t open_bytes = 4U << 20;

    // Of the whole relay. A tenth is for open slots, the rest for contacts.
    std::uint64_t total_bytes = 10ULL << 30;
    std::uint64_t total_items = 1'000'000;  ///< of 10 KiB on average; a row has about 300 bytes
    [[nodiscard]] std::uint64_t open_share(std::uint64_t of_all) const { return of_all / 10; }

    std::uint64_t slots_per_owner = 10'240;  ///< contacts, and some open ones
    std::uint64_t slots = 1'000'000;         ///< of everybody: about 200 bytes each
    std::uint64_t owners = 20'000;           ///< as many as a relay has clients: at most 4 KiB each
    std::uint64_t names = 100'000;           ///< at most 4 KiB each
    /// Owners and names that were not seen for so long are forgotten. Among the owners for whom
    /// nothing waits those not seen for `age` give way to new ones before.
    std::chrono::hours forgotten_after{24 * 400};
};

}  // namespace kith::net
