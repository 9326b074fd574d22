// SPDX-License-Identifier: MIT
//
// Rows of `emptying`: ranges of positions in conversations that were deleted, whose messages are
// taken out piece by piece. They are written with the first piece, so that a deletion that was
// interrupted is ended later. Inside app/store only; called inside a savepoint.
#pragma once

#include <optional>

#include "app/store/connection.hpp"

namespace kith::store {

/// How many messages one piece takes out: their words leave the search index one by one, at about
/// 0.2 ms a message, and others wait meanwhile.
inline constexpr std::size_t emptying_piece = 500;

/// All that the conversation holds now but what waits in the outbox, which stays for good. Returns
/// how many messages that is.
[[nodiscard]] Expected<std::uint64_t> mark_emptying(Connection& connection,
                                                    std::int64_t conversation);

/// Positions of marked messages, oldest first, in one conversation or in all.
[[nodiscard]] Expected<std::vector<std::uint64_t>> find_emptying(
    Connection& connection, std::optional<std::int64_t> conversation, std::size_t limit);

/// Drops the marks of what is gone. Returns whether more is to be taken out, in one conversation or
/// in any.
[[nodiscard]] Expected<bool> still_emptying(Connection& connection,
                                            std::optional<std::int64_t> conversation);

}  // namespace kith::store
