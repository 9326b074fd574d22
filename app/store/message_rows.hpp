// SPDX-License-Identifier: MIT
//
// How a row of `messages` becomes a model::Message, with its quote and reactions. Inside app/store
// only.
#pragma once

#include "app/store/transfer_rows.hpp"

// "SELECT " KITH_MESSAGE_COLUMNS " FROM messages m" KITH_MESSAGE_JOINS " WHERE m. …", and the row
// goes to read_message().
#define KITH_MESSAGE_COLUMNS                                                              \
    "m.position, c.peer, m.id, m.outgoing, iif(m.state = 1 AND m.at_relay > 0, 7, m.state), m.outgoing = 1 AND m.position <= "    \
    "c.read_up_to, m.edited, m.deleted, m.at, m.timer, m.expires_at, m.reply_to, m.text," \
    " q.position, q.outgoing, q.deleted, substr(CAST(q.text AS BLOB), 1, 204),"           \
    " mine.emojis, theirs.emojis,"                                                        \
    " theirs.id IS NULL OR (mine.revision, mine.id) < (theirs.revision, "                 \
    "theirs.id)," KITH_TRANSFER_COLUMNS
#define KITH_MESSAGE_JOINS                                                                   \
    " CROSS JOIN conversations c ON c.ref = m.conversation"                                  \
    " LEFT JOIN messages q ON q.id = m.reply_to AND q.conversation = m.conversation"         \
    " LEFT JOIN reactions mine ON mine.conversation = m.conversation AND mine.target = m.id" \
    " AND mine.mine = 1"                                                                     \
    " LEFT JOIN reactions theirs ON theirs.conversation = m.conversation"                    \
    " AND theirs.target = m.id AND theirs.mine = 0"                                          \
    " LEFT JOIN transfers t ON t.id = m.id AND t.conversation = m.conversation"

namespace kith::store {

/// The columns above, starting at column 0.
[[nodiscard]] Message read_message(const Query& row);

/// For lists and quotes: the longest beginning of at most 200 bytes that does not end inside a
/// UTF-8 sequence.
[[nodiscard]] std::string preview(std::string text);

}  // namespace kith::store
