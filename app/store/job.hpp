// SPDX-License-Identifier: MIT
//
// What the storage thread is asked to do, and what it answers after the commit. Self-contained
// values; they cross threads.
#pragma once

#include <tl/expected.hpp>
#include <variant>

#include "app/model/types.hpp"

namespace kith::store {

using model::Message;
using model::MessageId;
using model::PeerId;
using Blob = std::vector<std::uint8_t>;

enum class Relation : std::uint8_t {
    pending_out = 1,  ///< we asked, they have not answered
    pending_in = 2,   ///< they asked, we have not answered
    contact = 3,
    denied = 4,    ///< we said no; asking again is answered with no
    removed = 5,   ///< was a contact; history is kept
    declined = 6,  ///< they said no
};

struct Endpoint {  ///< one address of a peer
    Blob address;  ///< 4 or 16 bytes
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

/// One row of `peers`.
struct PeerRow {
    PeerId id;
    Relation relation = Relation::pending_out;
    bool blocked = false;
    bool verified = false;
    std::string own_name;             ///< what they call themselves
    std::string alias;                ///< what the user calls them; empty: none
    std::string greeting;             ///< theirs (pending_in) or ours (pending_out)
    Blob dial_token;                  ///< 8 or 16 bytes, what we show at their door
    Blob door_token;                  ///< 16 bytes, what they show at ours
    std::vector<Endpoint> addresses;  ///< at most 16, best first
    model::Timestamp created_at = 0;
    model::Timestamp last_seen = 0;
    bool operator==(const PeerRow&) const = default;
};

/// What the conversation list needs of the messages table.
struct ConversationSummary {
    PeerId peer;
    std::uint32_t unread = 0;
    model::Timestamp last_activity = 0;
    std::string last_text;  ///< cut to 200 bytes at a code point
};

// clang-format off
struct LoadAll {};                                              // -> Snapshot
struct PutMeta { std::string key; Blob value; };                // -> Stored
struct PutPeer { PeerRow row; };                                // -> Stored
/// Outgoing; state queued. Position is given in order of insertion over all conversations.
struct InsertOutgoing { Message message; };                     // -> Inserted
/// Dropped if (peer, id) is known.
struct InsertIncoming { Message message; };                     // -> Inserted
struct MarkDelivered { PeerId peer; std::vector<MessageId> ids; };  // -> Delivered: the ids that changed
struct LoadOutbox { PeerId peer; std::uint64_t after_position = 0; std::size_t limit = 500; }; // -> Page of outgoing not yet delivered, oldest first
struct LoadPage { PeerId peer; std::size_t limit = 100; std::optional<MessageId> before; };   // -> Page, oldest first
/// Incoming messages up to and including this one are read.
struct MarkRead { PeerId peer; MessageId message; };            // -> Unread
// clang-format on
using Job = std::variant<LoadAll, PutMeta, PutPeer, InsertOutgoing, InsertIncoming, MarkDelivered,
                         LoadOutbox, LoadPage, MarkRead>;

// clang-format off
struct Snapshot {
    std::vector<std::pair<std::string, Blob>> meta;
    std::vector<PeerRow> peers;
    std::vector<ConversationSummary> conversations;
};
struct Stored {};
struct Inserted { bool duplicate = false; std::uint64_t position = 0; };
struct Delivered { std::vector<MessageId> ids; };
struct Page { std::vector<Message> messages; bool more = false; };
struct Unread { std::uint32_t count = 0; };
// clang-format on
using Answer = std::variant<Snapshot, Stored, Inserted, Delivered, Page, Unread>;

enum class Errc {
    full,
    read_only,
    damaged,
    newer_version,
    wrong_key,
    no_such_message,
    io,
    overloaded
};
struct Error {
    Errc code = Errc::io;
    std::string text;  ///< for a person: what happened, to which file, what to do
};
using Result = tl::expected<Answer, Error>;

}  // namespace kith::store
