// SPDX-License-Identifier: MIT
//
// Finding conversations and messages. Inside app/store only.
#pragma once

#include "app/store/connection.hpp"

namespace kith::store {

/// Number of the conversation with a peer; nothing when there is none.
[[nodiscard]] Expected<std::optional<std::int64_t>> find_conversation(Connection& connection,
                                                                      const PeerId& peer);
/// Makes one where there is none. One that stays empty is harmless: nothing lists it.
[[nodiscard]] Expected<std::int64_t> open_conversation(Connection& connection, const PeerId& peer);

/// When one side last wrote what only it writes. The higher one wins, on both sides alike.
struct Revision {
    std::uint64_t number = 0;
    MessageId id;
    auto operator<=>(const Revision&) const = default;
};

/// What jobs decide by: a message without its content.
struct Row {
    std::uint64_t position = 0;
    std::int64_t conversation = 0;
    PeerId peer;
    MessageId id;
    bool outgoing = false;
    bool deleted = false;
    bool waiting = false;  ///< its text is in the outbox
    Revision edit;         ///< the newest; of nobody when never edited
};
[[nodiscard]] Expected<std::optional<Row>> find_row(Connection& connection,
                                                    std::int64_t conversation, const MessageId& id);
/// Error no_such_message: nothing stands there.
[[nodiscard]] Expected<Row> find_at(Connection& connection, std::uint64_t position);
/// By its id alone. Errors: no_such_message, ambiguous (a hostile contact may copy an id).
[[nodiscard]] Expected<Row> find_any(Connection& connection, const MessageId& id);
/// One of our own, which no contact can make ambiguous. Errors: no_such_message, not_yours.
[[nodiscard]] Expected<Row> find_own(Connection& connection, const MessageId& id);

/// Where a message is, or was before it was removed here.
[[nodiscard]] Expected<std::optional<std::uint64_t>> find_position(Connection& connection,
                                                                   std::int64_t conversation,
                                                                   const MessageId& id);
[[nodiscard]] Expected<Message> load_message(Connection& connection, std::uint64_t position);

/// What the list of conversations shows.
struct Overview {
    std::uint64_t newest = 0;  ///< position; 0: no messages
    model::Timestamp last_activity = 0;
    std::string last_text;
    std::uint32_t unread = 0;
};
[[nodiscard]] Expected<Overview> load_overview(Connection& connection, std::int64_t conversation);
[[nodiscard]] Expected<std::uint32_t> count_unread(Connection& connection,
                                                   std::int64_t conversation);

}  // namespace kith::store
