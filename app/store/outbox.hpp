// SPDX-License-Identifier: MIT
//
// Rows of `outbox`: everything reliable on its way, each until the peer has acknowledged it.
// Inside app/store only; writing functions are called inside a savepoint.
#pragma once

#include "app/store/connection.hpp"

namespace kith::store {

/// Puts an entry in and sets its sequence. An amendment takes the place of a waiting one of the
/// same subject.
[[nodiscard]] bool enqueue(Connection& connection, std::int64_t conversation, Outgoing& entry);

/// Takes out the entry of one kind about `target`; nothing to take is fine.
[[nodiscard]] bool withdraw(Connection& connection, std::int64_t conversation, Kind kind,
                            const MessageId& target);
/// The same for a text or an offer of files.
[[nodiscard]] bool withdraw_text(Connection& connection, std::int64_t conversation,
                                 const MessageId& id);

/// A revision nobody has used: rises even when the wall clock goes back, and goes on above what an
/// older copy of this file may have given since.
[[nodiscard]] Expected<std::uint64_t> next_revision(Connection& connection, model::Timestamp now);

}  // namespace kith::store
