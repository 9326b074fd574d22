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
    Blob signer;  ///< Ed25519, 32 bytes; empty: not known yet
    model::AutoAccept auto_accept;
    bool operator==(const PeerRow&) const = default;
};

/// What the node needs of a conversation when it starts.
struct ConversationSummary {
    PeerId peer;
    std::uint32_t unread = 0;
    model::Timestamp last_activity = 0;
    std::string last_text;         ///< cut to 200 bytes at a code point
    std::uint32_t timer_mine = 0;  ///< disappearing messages, as each side wishes; seconds
    std::uint32_t timer_theirs = 0;
};

/// What waits in the outbox, independent of what the history keeps. Numbers are part of the file.
enum class Kind : std::uint8_t {
    text = 1,
    edit = 2,
    erase = 3,
    reactions = 4,
    read_up_to = 5,
    disappearing = 6,
    file_offer = 7,
    file_answer = 8,
    file_stop = 9,
    file_waits = 10,
};

/// One row of `transfers`. The manifest is kept beside it. What is between `state` and `landed`
/// changes over time (PutTransfer), the rest does not.
struct TransferRow {
    MessageId id;  ///< that of the message that offers it
    PeerId peer;
    bool outgoing = false;
    std::string name;
    std::uint32_t files = 0;  ///< offered
    std::uint64_t bytes = 0;  ///< offered
    Blob manifest_hash;       ///< 32 bytes
    std::uint32_t manifest_size = 0;
    model::Timestamp at = 0;
    model::TransferState state = model::TransferState::offered;
    bool listed = false;      ///< the manifest is stored; kept by the store
    std::uint64_t total = 0;  ///< bytes, of what was accepted
    std::uint64_t moved = 0;  ///< bytes
    std::uint32_t files_done = 0;
    std::uint32_t files_failed = 0;
    bool paused_here = false;
    bool paused_there = false;
    std::string error;
    std::string path;  ///< as in model::Transfer
    Blob plan;         ///< the node's: where files come from or go, which of them
    Blob landed;       ///< the node's: a bit for each entry
    bool operator==(const TransferRow&) const = default;
};
/// Done, declined or cancelled: it may be forgotten with its message.
[[nodiscard]] bool is_over(model::TransferState state);
/// Without rate and remaining time.
[[nodiscard]] model::Transfer to_model(const TransferRow& row);

/// One reliable message on its way to a contact. Which fields count depends on the kind.
struct Outgoing {
    std::uint64_t sequence = 0;  ///< order of sending, over all conversations
    Kind kind = Kind::text;
    MessageId id;
    MessageId target;            ///< edit, erase, reactions, read_up_to
    std::uint64_t revision = 0;  ///< edit, reactions, disappearing
    model::Timestamp at = 0;     ///< text
    std::string text;            ///< text, edit
    std::optional<MessageId> reply_to;
    std::uint32_t timer = 0;              ///< text, disappearing; seconds
    std::vector<std::string> emojis;      ///< reactions
    std::optional<TransferRow> transfer;  ///< file_offer
    model::Timestamp at_relay = 0;        ///< since when a relay keeps it, too; 0: none does
    Blob body;  ///< file_offer: the manifest if it is small enough for one message, else empty;
                ///< file_answer, file_stop, file_waits: the node's
};

/// `session` counts the sessions with a peer: when something that came in one could not be stored,
/// nothing that came later in the same one is, so that the order of the sender stays. Not stored.
using SessionNumber = std::uint64_t;

// clang-format off
struct LoadAll {};                                              // -> Snapshot
struct PutMeta { std::string key; Blob value; };                // -> Stored
struct PutPeer { PeerRow row; };                                // -> Stored
/// Outgoing; state queued, with its entry in the outbox.
/// With `transfer` it is an offer of files: `manifest` is stored with it.
struct InsertOutgoing { Message message; model::Timestamp now = 0; std::optional<TransferRow> transfer = {}; Blob manifest = {}; };  // -> Inserted
/// Dropped if (peer, id) is known, or was removed here before. Amendments that came first apply.
/// With `transfer` it is an offer of files; `manifest` may come later.
struct InsertIncoming { Message message; SessionNumber session = 0; model::Timestamp now = 0; std::optional<TransferRow> transfer = {}; Blob manifest = {}; };  // -> Inserted
/// Texts become delivered and start to count down; all leave the outbox.
struct Acknowledged { PeerId peer; std::vector<MessageId> ids; model::Timestamp now = 0; };  // -> Delivered
struct LoadOutbox { PeerId peer; std::uint64_t after_sequence = 0; std::size_t limit = 500; };  // -> OutboxPage, oldest first
/// At most one of before, after, around.
struct LoadPage { PeerId peer; std::size_t limit = 100; std::optional<MessageId> before; std::optional<MessageId> after; std::optional<MessageId> around; };  // -> Page, oldest first
/// Incoming messages up to and including this one are read and start to count down. With a
/// receipt's id the sender is told (one receipt waits at a time).
struct MarkRead { PeerId peer; MessageId message; std::optional<MessageId> receipt; model::Timestamp now = 0; };  // -> Unread

// Amendments of our own. `id` is the amendment's. Revisions are made by the store.
struct EditOwn { MessageId message; MessageId id; std::string text; model::Timestamp now = 0; };   // -> Changed
struct EraseOwn { MessageId message; MessageId id; model::Timestamp now = 0; };                    // -> Changed
/// Only while the text is in the outbox. `erase`: it may have been sent before, so an Erase goes out.
struct CancelOwn { MessageId message; std::optional<MessageId> erase; model::Timestamp now = 0; }; // -> Gone
/// From this history only. Texts that wait are refused: they are cancelled instead.
struct RemoveLocally { MessageId message; model::Timestamp now = 0; };                             // -> Gone
struct ReactOwn { MessageId message; MessageId id; std::string emoji; bool on = true; model::Timestamp now = 0; };  // -> Changed
struct SetTimer { PeerId peer; MessageId id; std::uint32_t seconds = 0; model::Timestamp now = 0; };  // -> Timers

// Amendments of a peer: only to what is theirs to change. Known, older and unknown ones change nothing.
struct ApplyEdit { PeerId peer; MessageId target; MessageId id; std::uint64_t revision = 0; std::string text; SessionNumber session = 0; model::Timestamp now = 0; };  // -> Changed
struct ApplyErase { PeerId peer; MessageId target; MessageId id; SessionNumber session = 0; model::Timestamp now = 0; };  // -> Changed
struct ApplyReactions { PeerId peer; MessageId target; MessageId id; std::uint64_t revision = 0; std::vector<std::string> emojis; SessionNumber session = 0; model::Timestamp now = 0; };  // -> Changed
struct ApplyRead { PeerId peer; MessageId target; SessionNumber session = 0; };   // -> ReadByPeer
struct ApplyTimer { PeerId peer; MessageId id; std::uint64_t revision = 0; std::uint32_t seconds = 0; SessionNumber session = 0; };  // -> Timers

/// All of it but what waits in the outbox; what comes while this goes on stays. A long one is taken
/// out in pieces, with other jobs in between. `going_on`: what the first piece has counted.
struct DeleteConversation { PeerId peer; model::Timestamp now = 0; std::optional<std::uint64_t> going_on = {}; };  // -> Emptied
/// Removes what has expired by `now`, what was stored before `keep_since` (0: no limit) and is
/// read and not waiting, and what an interrupted deletion left of a conversation; at most `limit`
/// messages.
struct Prune { model::Timestamp now = 0; model::Timestamp keep_since = 0; std::size_t limit = 500; };  // -> Pruned
struct Search { std::string text; std::optional<PeerId> peer; std::size_t limit = 50; std::optional<MessageId> before; };  // -> Hits
/// What changes of a transfer that is there, with a file_answer, file_stop or file_waits for the other side (id,
/// target and body count; an older one of the same kind and target gives way).
/// Of one that is not there nothing is stored or put into the outbox; one that is over stays over.
struct PutTransfer { TransferRow row; std::optional<Outgoing> entry; SessionNumber session = 0; };  // -> TransferStored
/// Keys of ours that somebody may seal to. With `peer` they are for this contact, once each; without,
/// for whoever has no other. Of a contact the newest 256 are kept, of the others those of 70 days.
struct OwnPrekey { std::uint64_t id = 0; Blob seed; };          ///< 32 bytes
struct PutOwnPrekeys { std::optional<PeerId> peer; std::vector<OwnPrekey> keys; model::Timestamp now = 0; };  // -> Stored
/// The newest that is for everybody.
struct LoadOpenPrekey {};                                       // -> PrekeyFound
/// `mail`: SHA-256 of what was sealed to it.
struct FindPrekey { std::uint64_t id = 0; Blob mail; };         // -> PrekeyFound
/// What was sealed to it is stored: a key for once is gone, and this mail is known for 70 days.
struct UsePrekey { std::uint64_t id = 0; Blob mail; model::Timestamp now = 0; };  // -> Stored
struct TheirPrekey { std::uint64_t id = 0; Blob public_key; };
/// At most 64 of one contact are kept.
struct PutTheirPrekeys { PeerId peer; std::vector<TheirPrekey> keys; };  // -> Stored
struct CountTheirPrekeys { PeerId peer; };                      // -> Prekeys, without the key
/// It is gone afterwards.
struct TakeTheirPrekey { PeerId peer; };                        // -> Prekeys
/// No contact any more: what each gave the other means nothing now.
struct DropPrekeys { PeerId peer; };                            // -> Stored
/// Entries of the outbox that a relay keeps.
struct MarkAtRelay { PeerId peer; std::vector<MessageId> ids; model::Timestamp now = 0; };  // -> Delivered: the texts
struct PutManifest { PeerId peer; MessageId transfer; Blob manifest; };                             // -> Stored
struct LoadManifest { PeerId peer; MessageId transfer; };                                           // -> Manifest
// clang-format on
using Job =
    std::variant<LoadAll, PutMeta, PutPeer, InsertOutgoing, InsertIncoming, Acknowledged,
                 LoadOutbox, LoadPage, MarkRead, EditOwn, EraseOwn, CancelOwn, RemoveLocally,
                 ReactOwn, SetTimer, ApplyEdit, ApplyErase, ApplyReactions, ApplyRead, ApplyTimer,
                 DeleteConversation, Prune, Search, PutTransfer, PutManifest, LoadManifest,
                 PutOwnPrekeys, LoadOpenPrekey, FindPrekey, UsePrekey, PutTheirPrekeys,
                 CountTheirPrekeys, TakeTheirPrekey, DropPrekeys, MarkAtRelay>;

// clang-format off
struct Snapshot {
    std::vector<std::pair<std::string, Blob>> meta;
    std::vector<PeerRow> peers;
    std::vector<ConversationSummary> conversations;
    std::vector<TransferRow> transfers;  ///< that are not over, and the newest 1,000 others
};
struct Stored {};
struct TransferStored { std::optional<Outgoing> entry; };   ///< as it is in the outbox
struct Manifest { Blob manifest; };                         ///< empty: not here
/// `opened`: this mail was stored before. No `key`: used, or never ours.
struct PrekeyFound { bool opened = false; std::optional<OwnPrekey> key; std::optional<PeerId> peer; model::Timestamp made_at = 0; };
struct Prekeys { std::size_t count = 0; std::optional<TheirPrekey> key; };
/// `message` is the row as it is now (position, quote, early amendments); as given when a duplicate.
/// `sequence`: its place in the outbox, for outgoing ones.
struct Inserted { bool duplicate = false; Message message; std::uint64_t sequence = 0; };
struct Delivered { std::vector<MessageId> texts; };             ///< that became delivered
struct OutboxPage { std::vector<Outgoing> entries; bool more = false; };
/// `more`: older ones exist; `more_newer`: newer ones.
struct Page { std::vector<Message> messages; bool more = false; bool more_newer = false; };
/// `entry`: a receipt to send. `changed`: something was unread before.
struct Unread { std::uint32_t count = 0; bool changed = false; std::optional<Outgoing> entry; };
/// Nothing in `message`: nothing changed that can be seen. `last_text`: what the list shows now, when
/// the newest message of the conversation changed.
struct Changed { PeerId peer; std::optional<Message> message; std::optional<Outgoing> entry; std::uint32_t unread = 0; std::optional<std::string> last_text; };
struct Gone { PeerId peer; std::uint32_t unread = 0; std::optional<Outgoing> entry; model::Timestamp last_activity = 0; std::string last_text; };
/// The newest of the texts that became read, at most 2,048.
struct ReadByPeer { std::vector<MessageId> texts; };
struct Timers { std::uint32_t mine = 0; std::uint32_t theirs = 0; std::optional<Outgoing> entry; };
/// `rest`: the next piece. A Store submits it by itself and gives the last piece's answer.
struct Emptied { std::uint64_t removed = 0; std::uint64_t kept = 0; std::uint32_t unread = 0; model::Timestamp last_activity = 0; std::string last_text; std::optional<DeleteConversation> rest = {}; };
struct Pruned {
    struct Conversation { PeerId peer; std::vector<MessageId> messages; std::uint32_t unread = 0; model::Timestamp last_activity = 0; std::string last_text; };
    std::vector<Conversation> conversations;
    bool more = false;                      ///< ask again at once
    model::Timestamp next = 0;              ///< when the next message expires; 0: none counts down
};
struct Hits { std::vector<model::Hit> hits; bool more = false; };
// clang-format on
using Answer = std::variant<Snapshot, Stored, Inserted, Delivered, OutboxPage, Page, Unread,
                            Changed, Gone, ReadByPeer, Timers, Emptied, Pruned, Hits,
                            TransferStored, Manifest, PrekeyFound, Prekeys>;

enum class Errc {
    full,
    read_only,
    damaged,
    newer_version,
    wrong_key,
    no_such_message,
    ambiguous,      ///< the id stands for messages in two conversations
    not_yours,      ///< only who wrote it may change it
    too_late,       ///< deleted already, or no longer waiting
    too_many,       ///< reactions
    after_failure,  ///< something before it, in the same session, could not be stored
    io,
    overloaded
};
struct Error {
    Errc code = Errc::io;
    std::string text;  ///< for a person: what happened, to which file, what to do
};
using Result = tl::expected<Answer, Error>;

}  // namespace kith::store
