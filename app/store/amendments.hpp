// SPDX-License-Identifier: MIT
//
// What changes a message after it was stored, for both sides and whether it came before or after
// its message. Inside app/store only; called inside a savepoint.
#pragma once

#include "app/store/conversations.hpp"

namespace kith::store {

[[nodiscard]] bool write_edit(Connection& connection, const Row& row, const std::string& text,
                              const Revision& revision);
/// Leaves a tombstone: nothing of what was said, and nothing unread. One that was to disappear
/// still does.
[[nodiscard]] bool write_erase(Connection& connection, const Row& row, model::Timestamp now);

/// The reactions of one side to a message.
struct ReactionSet {
    Revision revision;
    std::vector<std::string> emojis;
};
[[nodiscard]] Expected<ReactionSet> load_reactions(Connection& connection, const Row& row,
                                                   bool mine);
[[nodiscard]] bool write_reactions(Connection& connection, const Row& row, bool mine,
                                   const ReactionSet& set);

/// Takes the row out with all that hangs on it, and remembers that it was here. What is in the
/// outbox about it stays there.
[[nodiscard]] bool remove_row(Connection& connection, const Row& row, model::Timestamp now);

[[nodiscard]] Expected<bool> is_forgotten(Connection& connection, std::int64_t conversation,
                                          const MessageId& id);

/// What a job about one message answers: it as it is now, and what the list shows of its
/// conversation.
[[nodiscard]] Result changed(Connection& connection, const Row& row, std::optional<Outgoing> entry);
/// Nothing that can be seen.
[[nodiscard]] Result unchanged(Connection& connection, std::int64_t conversation,
                               const PeerId& peer);

}  // namespace kith::store
