// SPDX-License-Identifier: MIT
//
// Rows of `transfers`, each beside the message that offered it, and the lists of files in
// `manifests`. Inside app/store only; writing functions are called inside a savepoint.
#pragma once

#include "app/store/conversations.hpp"

// Columns of `transfers t`, for read_transfer(); without plan and landed.
#define KITH_TRANSFER_COLUMNS                                                              \
    "t.id, t.outgoing, t.name, t.files, t.bytes, t.manifest_hash, t.manifest_size, t.at, " \
    "t.state, t.listed, t.total, t.moved, t.files_done, t.files_failed, t.paused_here, "   \
    "t.paused_there, t.error, t.path"
#define KITH_TRANSFER_COLUMN_COUNT 18

namespace kith::store {

/// The columns above from `column` on.
[[nodiscard]] TransferRow read_transfer(const Query& row, int column, const PeerId& peer);

[[nodiscard]] bool insert_transfer(Connection& connection, std::int64_t conversation,
                                   const TransferRow& row, const Blob& manifest);
/// What changes; one that is over stays so, as its offer was deleted. False: there is none.
[[nodiscard]] Expected<bool> update_transfer(Connection& connection, std::int64_t conversation,
                                             const TransferRow& row);
[[nodiscard]] bool put_manifest(Connection& connection, std::int64_t conversation,
                                const MessageId& id, const Blob& manifest);
/// The offer was withdrawn: nothing more of it comes.
[[nodiscard]] bool cancel_transfer(Connection& connection, const Row& message);
[[nodiscard]] bool remove_transfer(Connection& connection, const Row& message);

/// Nothing: the message offers no files.
[[nodiscard]] Expected<std::optional<model::TransferState>> state_of_transfer(
    Connection& connection, const Row& message);
/// Refuses what is not to be done to an offer that is not over. Errors: too_late.
[[nodiscard]] Expected<void> refuse_unless_over(Connection& connection, const Row& message);

}  // namespace kith::store
