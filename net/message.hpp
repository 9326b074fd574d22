// SPDX-License-Identifier: MIT
//
// What two proven peers say to each other inside records. Plain structs; net/message_codec gives
// them bytes. docs/protocol.md, "Session messages". Unknown types are skipped, unknown trailing
// fields ignored: an older Kith keeps talking to a newer one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/connection_id.hpp"
#include "crypto/handshake.hpp"
#include "net/group/wire.hpp"

namespace kith::net {

using MessageId = std::array<std::uint8_t, 16>;  ///< UUIDv7
using ContactToken = std::array<std::uint8_t, crypto::contact_token_size>;

// Bounds, checked when decoding. Longer is malformed and ends the session.
inline constexpr std::size_t name_bytes_max = 64;
inline constexpr std::size_t agent_bytes_max = 64;
inline constexpr std::size_t greeting_bytes_max = 1024;  ///< 256 code points
inline constexpr std::size_t text_bytes_max = 64 * 1024;
inline constexpr std::size_t ack_ids_max = 4096;
inline constexpr std::size_t emoji_bytes_max = 64;
inline constexpr std::size_t reactions_max = 8;
inline constexpr std::size_t status_bytes_max = 140;
inline constexpr std::size_t title_bytes_max = 255;
inline constexpr std::size_t manifest_inline_max = 32 * 1024;  ///< bytes
inline constexpr std::size_t manifest_part_max = 32 * 1024;    ///< bytes
inline constexpr std::size_t selected_ranges_max = 4096;
inline constexpr std::size_t bulk_data_max = 32 * 1024;  ///< bytes
inline constexpr std::size_t prekeys_max = 32;           ///< in one message
inline constexpr std::size_t sealed_max = 84 * 1024;     ///< bytes; five blocks and what is around
inline constexpr std::size_t slots_max = 2048;           ///< in one message
inline constexpr std::size_t slot_card_max = 4096;       ///< bytes
inline constexpr std::size_t mail_taken_max = 256;       ///< numbers
inline constexpr std::size_t relay_name_max = 32;        ///< bytes
inline constexpr std::size_t held_drop_max = 256;        ///< ids
/// Of a file that waits at a relay: what is in it, with its list.
inline constexpr std::uint64_t parcel_max = 64U << 20;  ///< bytes
inline constexpr std::size_t parcel_relay_max = 512;    ///< bytes of an address
/// Of a record between a relay and its client: the longest message of theirs fits.
inline constexpr std::size_t relay_payload_max = sealed_max + 4 * 1024;

/// Hello::features: understands and acknowledges Edit, Erase, Reactions, ReadUpTo and Disappearing.
/// They wait in the outbox for a peer that does not.
inline constexpr std::uint64_t feature_amendments = 1U << 0;
/// Understands and acknowledges FileOffer, FileAnswer and FileStop, and knows the other messages
/// about files. They wait in the outbox for a peer that does not.
inline constexpr std::uint64_t feature_files = 1U << 1;
/// Seals to prekeys and gives some.
inline constexpr std::uint64_t feature_prekeys = 1U << 2;
/// Knows the messages about groups (net/group/wire.hpp).
inline constexpr std::uint64_t feature_groups = 1U << 3;

// clang-format off
/// First record of each side. Consumed by the endpoint.
struct Hello { std::uint16_t minor = 0; std::string agent; std::uint64_t features = 0; };
struct Ping { std::uint64_t nonce = 0; };
struct Pong { std::uint64_t nonce = 0; };
enum class GoodbyeReason : std::uint8_t { closing = 0, duplicate_session = 1, not_welcome = 2, idle = 3 };
struct Goodbye { GoodbyeReason reason = GoodbyeReason::closing; };

/// The one thing a stranger may say: who they are and how to answer them.
struct ContactRequest { std::string name; std::string greeting; ContactToken token{}; std::vector<crypto::Candidate> candidates; };
/// The request lies in the recipient's store; do not send it again in this session.
struct RequestReceipt {};
/// "You are my contact": sent at the start of every session between contacts and when something in it
/// changes. The token admits the receiver at our door from now on.
struct ContactCard { std::string name; ContactToken token{}; std::vector<crypto::Candidate> candidates; };
struct ContactDecline {};

/// `timer`: seconds it may be kept after it was read, 0: for ever. Trailing: absent from older senders.
struct Text { MessageId id{}; std::int64_t sent_at = 0; std::string text; std::optional<MessageId> reply_to; std::uint32_t timer = 0; };

// Amendments: reliable like Text (own id, stored before sent, sent until acknowledged), and applied
// in any order with the same result: of each subject the one with the highest (revision, id) counts,
// Erase is final. `revision` is a hybrid logical clock: max(last + 1, milliseconds since 1970).
/// The sender's own text `target` reads like this now.
struct Edit { MessageId id{}; MessageId target{}; std::uint64_t revision = 0; std::string text; };
/// The sender's own text `target` is withdrawn; a tombstone stays.
struct Erase { MessageId id{}; MessageId target{}; };
/// All reactions of the sender to `target`, of either side; none: taken back.
struct Reactions { MessageId id{}; MessageId target{}; std::uint64_t revision = 0; std::vector<std::string> emojis; };
/// The sender has read the receiver's texts up to and including `target`.
struct ReadUpTo { MessageId id{}; MessageId target{}; };
/// How long the sender is willing to keep texts after they were read, in seconds; 0: for ever.
struct Disappearing { MessageId id{}; std::uint64_t revision = 0; std::uint32_t seconds = 0; };
/// Not reliable, not acknowledged: true at most every 3 s while writing, fades after 6 s.
struct Typing { bool on = false; };

/// Not reliable: sent when a session begins and when it changes, the last one counts.
/// `state`: 0 active, 1 idle; others of newer versions count as active.
struct Presence { std::uint8_t state = 0; std::string status; };
/// Where the receiver's connection comes from, as the sender sees it: sent once, by who was dialled.
struct Observed { crypto::Bytes address; std::uint16_t port = 0; };

// Files: docs/protocol.md, "Files". A transfer is named by the id of its offer.
/// Reliable. `manifest` is here when it has at most manifest_inline_max bytes, else it is asked for.
struct FileOffer { MessageId id{}; std::int64_t sent_at = 0; std::string title; std::uint32_t files = 0; std::uint64_t bytes = 0; std::array<std::uint8_t, 32> manifest_hash{}; std::uint32_t manifest_size = 0; crypto::Bytes manifest; };
/// Receiver to sender: the manifest from `offset` on. Answered with parts, one per request.
struct ManifestRequest { MessageId transfer{}; std::uint32_t offset = 0; };
struct ManifestPart { MessageId transfer{}; std::uint32_t offset = 0; crypto::Bytes bytes; };
struct EntryRange { std::uint32_t first = 0; std::uint32_t count = 0; bool operator==(const EntryRange&) const = default; };
/// Reliable. `selected`: ascending, apart from each other, not empty; none when declined.
struct FileAnswer { MessageId id{}; MessageId transfer{}; bool accept = false; std::array<std::uint8_t, 32> manifest_hash{}; std::vector<EntryRange> selected; };
/// Reliable, of either side: nothing more of this transfer comes or is wanted.
enum class StopReason : std::uint8_t { cancelled = 0, done = 1 };
struct FileStop { MessageId id{}; MessageId transfer{}; StopReason reason = StopReason::cancelled; };
/// Not reliable: sent when a session begins and when it changes, the last one counts.
/// retry: failed files may be asked for again.
enum class TransferWish : std::uint8_t { go = 0, pause = 1, retry = 2 };
struct FileState { MessageId transfer{}; TransferWish wish = TransferWish::go; };
/// Sender: this run begins now. On a session of its own connection, or, when that could not be made
/// (said by who dialled), inside this session.
struct FileRun { MessageId transfer{}; std::array<std::uint8_t, 16> run{}; bool in_session = false; };
/// Receiver: accepted, and ready for a run.
struct FileReady { MessageId transfer{}; };
/// The bytes of a run inside the session; as many as the other side has given credit for.
struct BulkData { std::array<std::uint8_t, 16> run{}; crypto::Bytes bytes; };
struct BulkCredit { std::array<std::uint8_t, 16> run{}; std::uint32_t bytes = 0; };

// Relays: docs/protocol.md, "Relay". Said to a relay and by it, never between people.
using CircuitTicket = std::array<std::uint8_t, 64>;
/// Shows the relay nothing, the callee that the caller holds one of its tokens.
struct KnockProof { std::array<std::uint8_t, 16> nonce{}; std::array<std::uint8_t, 32> mac{}; };
/// Client to relay: a circuit to `peer`, please. `request` is the client's own numbering.
struct CircuitKnock { std::uint64_t request = 0; std::array<std::uint8_t, 32> peer{}; KnockProof proof; };
/// Relay to client: `peer` knocks. Whoever admits it connects with the ticket.
struct CircuitCall { CircuitTicket ticket{}; std::array<std::uint8_t, 32> peer{}; KnockProof proof; };
/// Relay to client: the other side waits for whoever connects with this ticket.
struct CircuitReady { std::uint64_t request = 0; CircuitTicket ticket{}; };
/// absent: not there, or does not admit us; both look the same. Others of newer versions count as it.
enum class CircuitReason : std::uint8_t { absent = 0, busy = 1 };
struct CircuitRefusal { std::uint64_t request = 0; CircuitReason reason = CircuitReason::absent; std::uint16_t retry_after_s = 0; };
/// Client to relay: where does the connection come from that showed this ticket? And its answer.
struct CircuitWhence { CircuitTicket ticket{}; };
struct CircuitSeen { CircuitTicket ticket{}; crypto::Bytes address; std::uint16_t port = 0; };

// Hole punching: docs/protocol.md, "Relay: hole punching". Between people, in a session through a relay.
// Consumed by the endpoint.
/// From where the relay sees the sender. Of who dialled: let us try; of the other one: agreed.
struct PunchOffer { std::uint32_t round = 0; crypto::Bytes address; std::uint16_t port = 0; };
/// Of who dialled, to begin what was agreed on.
struct PunchGo { std::uint32_t round = 0; };

// Mailbox: docs/protocol.md, "Relay: mailbox". The first two between people, the others with a relay.
/// Keys of the sender's that the receiver may seal to, once each; they replace none.
struct Prekey { std::uint64_t id = 0; crypto::Bytes public_key; };
struct Prekeys { std::vector<Prekey> keys; };
/// How many of the receiver's prekeys the sender has left: fewer than prekeys_max ask for more.
struct PrekeyStock { std::uint32_t left = 0; };
using SlotToken = std::array<std::uint8_t, 32>;  ///< who shows it may put into the slot
using SlotKey = std::array<std::uint8_t, 32>;    ///< its SHA-256: what the relay knows of it
struct MailboxSlot { SlotKey key{}; bool open = false; };  ///< open: for people who are no contacts
/// What is answered to a request of these. Others of newer versions count as failed.
enum class MailboxOutcome : std::uint8_t { done = 0, none = 1, full = 2, busy = 3, failed = 4, taken = 5 };
/// Client: please keep this for whoever has opened the slot. Done: it is durable.
struct Deposit { std::uint64_t request = 0; SlotToken token{}; MessageId id{}; crypto::Bytes sealed; bool held = false; };
/// Client: my slots from now on, instead of those before or (`adds`) beside them; `card` is for whoever knows one.
struct OpenSlots { std::uint64_t request = 0; bool adds = false; std::vector<MailboxSlot> slots; crypto::Bytes card; };
/// Relay: this lay in a slot of yours. Comes again until it is taken.
struct Mail { std::uint64_t number = 0; SlotKey slot{}; crypto::Bytes sealed; };
/// Client: these are stored here; forget them.
struct MailTaken { std::vector<std::uint64_t> numbers; };
/// Client: the card of whoever has opened the slot.
struct CardAsk { std::uint64_t request = 0; SlotToken token{}; };
/// Client: this is my name here from now on, empty: I have none; `card` is for whoever looks it up.
struct NameClaim { std::uint64_t request = 0; std::string name; crypto::Bytes card; };
struct NameAsk { std::uint64_t request = 0; std::string name; };
/// Relay: to any of the above. `card`: of CardAsk and NameAsk, when done.
struct MailboxAnswer { std::uint64_t request = 0; MailboxOutcome outcome = MailboxOutcome::done; std::uint16_t retry_after_s = 0; crypto::Bytes card; };
/// Client: what was held for me in this slot of mine under this id. Answered with HeldItem.
struct HeldAsk { std::uint64_t request = 0; SlotKey slot{}; MessageId id{}; };
struct HeldItem { std::uint64_t request = 0; MailboxOutcome outcome = MailboxOutcome::done; std::uint16_t retry_after_s = 0; crypto::Bytes sealed; };
/// Client: forget these, which are held for me or were left by me.
struct HeldDrop { std::uint64_t request = 0; SlotKey slot{}; std::vector<MessageId> ids; };
/// What was offered waits at a relay of the receiver's, sealed in pieces. docs/protocol.md, "Files: parcels".
struct FileWaits { MessageId id{}; MessageId transfer{}; std::string relay; std::array<std::uint8_t, 32> key{}; std::uint64_t size = 0; };

/// These are stored durably at the receiver.
struct Ack { std::vector<MessageId> ids; };
// clang-format on

using Message = std::variant<
    Hello, Ping, Pong, Goodbye, ContactRequest, RequestReceipt, ContactCard, ContactDecline, Text,
    Ack, Edit, Erase, Reactions, ReadUpTo, Disappearing, Typing, Presence, Observed, FileOffer,
    ManifestRequest, ManifestPart, FileAnswer, FileStop, FileState, FileRun, FileReady, BulkData,
    BulkCredit, CircuitKnock, CircuitCall, CircuitReady, CircuitRefusal, Prekeys, PrekeyStock,
    Deposit, OpenSlots, Mail, MailTaken, CardAsk, NameClaim, NameAsk, MailboxAnswer, CircuitWhence,
    CircuitSeen, PunchOffer, PunchGo, HeldAsk, HeldItem, HeldDrop, FileWaits, GroupChanges,
    GroupChangesAsk, GroupHave, GroupItem, GroupAsk, GroupAnswered, GroupSeen, GroupTyping>;

}  // namespace kith::net
