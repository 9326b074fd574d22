// SPDX-License-Identifier: MIT
//
// What the jobs do with the tables, one function each. Whatever refuses does so before it writes;
// after a failure the caller undoes the transaction. There are no savepoints: with one around a job
// that touches thousands of pages, SQLite walks through its copies of all of them at every
// statement. Inside app/store/mailbox only.
#pragma once

#include <array>

#include "app/store/connection.hpp"
#include "app/store/mailbox/mailbox_job.hpp"

namespace kith::store::mailbox {

/// What a job may look at besides its fields.
struct Situation {
    Connection& connection;
    const MailboxLimits& limits;
    crypto::ByteView depositor_key;
    Milliseconds now{0};  ///< since 1970 UTC

    /// What was stored then or earlier is too old.
    [[nodiscard]] std::int64_t too_old() const { return (now - limits.age).count(); }
    [[nodiscard]] std::int64_t long_gone() const { return (now - limits.forgotten_after).count(); }
};

/// What is kept instead of who put something in.
using DepositorTag = std::array<std::uint8_t, 16>;
[[nodiscard]] DepositorTag depositor_tag(const Situation& at, const Fingerprint& fingerprint);

[[nodiscard]] Reply run(const Situation& at, const SetSlots& job);
[[nodiscard]] Reply run(const Situation& at, const MailboxDeposit& job);
[[nodiscard]] Reply run(const Situation& at, const LoadItems& job);
[[nodiscard]] Reply run(const Situation& at, const RemoveItems& job);
[[nodiscard]] Reply run(const Situation& at, const FindHeld& job);
[[nodiscard]] Reply run(const Situation& at, const DropHeld& job);
[[nodiscard]] Reply run(const Situation& at, const FindCard& job);
[[nodiscard]] Reply run(const Situation& at, const SetName& job);
[[nodiscard]] Reply run(const Situation& at, const FindName& job);

/// Contacts' items and bytes, those of open slots, and the rest of the table.
struct Totals {
    std::uint64_t items = 0, bytes = 0, open_items = 0, open_bytes = 0;
    std::uint64_t slots = 0, owners = 0, names = 0;
};
[[nodiscard]] std::optional<Totals> totals(Connection& connection);

/// None of their slots is live any more; what waits in one still waits. Then they are gone, too, or
/// will be with the last item. False: the disk says no.
[[nodiscard]] bool forget_owner(Connection& connection, std::int64_t owner);

/// Whether something has gone by its time. Reads only.
[[nodiscard]] bool has_old(const Situation& at);
/// Takes some of it out: so little that others need not wait.
[[nodiscard]] Expected<void> drop_old(const Situation& at);

}  // namespace kith::store::mailbox
