// SPDX-License-Identifier: MIT
//
// The nouns every room above net/ shares. Plain values: they may be copied to any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::model {

/// A person: the fingerprint of their identity, 32 bytes.
struct PeerId {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const PeerId&) const = default;
};

/// A message: a 16-byte UUIDv7 (RFC 9562).
struct MessageId {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const MessageId&) const = default;
};

/// Milliseconds since 1970-01-01T00:00:00Z.
using Timestamp = std::int64_t;

[[nodiscard]] std::string to_hex(const PeerId& peer);  ///< 64 lower-case hex digits
[[nodiscard]] std::optional<PeerId> parse_peer_id(std::string_view hex);
[[nodiscard]] std::string to_string(const MessageId& id);  ///< 8-4-4-4-12
[[nodiscard]] std::optional<MessageId> parse_message_id(std::string_view text);
[[nodiscard]] std::string to_rfc3339(Timestamp at);  ///< UTC, milliseconds

// Bounds on what people may enter and what is accepted from others, in bytes of UTF-8 unless said.
inline constexpr std::size_t name_max = 64;
inline constexpr std::size_t greeting_max_code_points = 256;
inline constexpr std::size_t text_max = 64 * 1024;
inline constexpr std::size_t password_max = 1024;
inline constexpr std::size_t contacts_max = 10'000;
inline constexpr std::size_t requests_max = 200;               ///< strangers waiting for an answer
inline constexpr std::size_t page_max = 1000;                  ///< messages in one page
inline constexpr std::size_t query_max = 256;                  ///< what is searched for
inline constexpr std::size_t hits_max = 200;                   ///< found messages in one answer
inline constexpr std::size_t emoji_max = 64;                   ///< one reaction
inline constexpr std::size_t reactions_max = 8;                ///< of one person to one message
inline constexpr std::uint32_t timer_max_s = 365 * 24 * 3600;  ///< disappearing messages
inline constexpr std::uint32_t history_days_max = 36'500;
inline constexpr std::size_t status_max = 140;             ///< what people say of themselves
inline constexpr std::size_t passphrase_max = 256;         ///< of a team
inline constexpr std::size_t paths_max = 1000;             ///< files and folders entered in one go
inline constexpr std::size_t path_max = 4096;              ///< one of them
inline constexpr std::size_t transfers_listed_max = 1000;  ///< unfinished ones are always listed
inline constexpr std::size_t naming_max = 256;
inline constexpr std::size_t address_max = 260;  ///< "host:port" as entered
inline constexpr std::size_t relays_max = 4;     ///< of one's own

enum class Presence {
    online,
    idle,
    offline,
    connecting,
    discovered,
    pending_in,
    pending_out,
    blocked
};
enum class PathKind { none, direct, relay };
enum class RelayState { connecting, online, offline };
/// What becomes of files that were offered.
enum class TransferState {
    offered,  ///< the recipient has not answered
    active,   ///< bytes move, or are about to
    paused,   ///< by a person, on either side
    waiting,  ///< for the other side to come back, or for its turn
    done,
    failed,  ///< see error; retry may help
    declined,
    cancelled
};
/// at_relay: queued, and a relay of theirs keeps it until they come.
enum class MessageState { queued, sent, delivered, read, failed, received, at_relay };

[[nodiscard]] std::string_view to_string(Presence presence);
[[nodiscard]] std::string_view to_string(PathKind path);
[[nodiscard]] std::string_view to_string(RelayState state);
[[nodiscard]] std::string_view to_string(MessageState state);
[[nodiscard]] std::string_view to_string(TransferState state);

/// What happens to offers of a contact without asking. Bound to the key, not the name.
struct AutoAccept {
    enum class Rule { ask, up_to, always };
    Rule rule = Rule::ask;
    std::uint64_t bytes_max = 0;  ///< up_to: of a whole transfer
    bool operator==(const AutoAccept&) const = default;
};

/// One person in the list.
struct Peer {
    PeerId id;
    std::string name;      ///< as shown: the name given by the user, else their own
    std::string own_name;  ///< the name they go by
    Presence presence = Presence::offline;
    PathKind path = PathKind::none;
    bool contact = false;  ///< accepted by both
    bool verified = false;
    std::uint32_t unread = 0;
    Timestamp last_seen = 0;      ///< 0: never
    Timestamp last_activity = 0;  ///< newest message, orders the list
    std::string last_text;        ///< newest message, for the list (cut to 200 bytes)
    std::string last_error;       ///< why connecting failed, for a person; empty when all is well
    bool typing = false;
    /// Disappearing messages: what each side wants, in seconds; 0: keep. They are on when both want
    /// them, with the longer of the two times.
    std::uint32_t timer_mine = 0;
    std::uint32_t timer_theirs = 0;
    std::string status;   ///< what they say of themselves; empty while they are away
    bool nearby = false;  ///< heard in the local network now
    /// Of the live session, or where they are heard: "192.0.2.1:4711". Of the relay it goes
    /// through, as in Relay::name.
    std::string address;
    AutoAccept auto_accept;
    bool operator==(const Peer&) const = default;
};

/// A stranger's wish to become a contact.
struct Request {
    PeerId peer;
    std::string name;
    std::string greeting;
    Timestamp at = 0;
    bool operator==(const Request&) const = default;
};

/// One emoji of one person under a message.
struct Reaction {
    std::string emoji;
    bool mine = false;
    bool operator==(const Reaction&) const = default;
};

/// What a reply answers, as far as it is still there.
struct Quote {
    std::string text;  ///< cut to 200 bytes at a code point; empty when deleted
    bool outgoing = false;
    bool deleted = false;
    bool operator==(const Quote&) const = default;
};

/// A transfer is named by the message that offered it.
using TransferId = MessageId;

/// Files and folders offered in one go.
struct Transfer {
    TransferId id;
    PeerId peer;
    bool outgoing = false;
    std::string name;  ///< "photo.jpg", "Holiday", "photo.jpg and 3 more"
    std::uint32_t files = 0;
    std::uint64_t bytes = 0;  ///< moved so far, of what was accepted
    std::uint64_t total = 0;
    TransferState state = TransferState::offered;
    std::uint64_t rate = 0;              ///< bytes a second, now
    std::optional<std::uint32_t> eta_s;  ///< while active
    /// Incoming: where it lands (a file if it is a single one, else the folder). Outgoing: the
    /// first path that was given.
    std::string path;
    std::string error;  ///< why it failed or waits, for a person
    std::uint32_t files_done = 0;
    std::uint32_t files_failed = 0;
    bool paused_by_peer = false;
    bool listed = true;     ///< the list of files is here: incoming ones cannot be accepted without
    bool at_relay = false;  ///< all of it waits at a relay of the receiver's, sealed
    Timestamp at = 0;
    bool operator==(const Transfer&) const = default;
};

/// One entry of a transfer's list.
struct TransferFile {
    std::uint32_t index = 0;
    std::string path;  ///< relative, "/" between names, as offered (unsafe characters neutralised)
    bool folder = false;
    std::uint64_t size = 0;
    bool selected = true;
    bool done = false;
    std::string error;
    bool operator==(const TransferFile&) const = default;
};

struct Message {
    MessageId id;
    PeerId peer;  ///< the conversation
    bool outgoing = false;
    std::string text;
    Timestamp at = 0;            ///< the sender's clock
    std::uint64_t position = 0;  ///< order in the conversation, given by the store
    MessageState state = MessageState::queued;
    std::optional<MessageId> reply_to;
    std::optional<Quote> quote;  ///< of reply_to; nothing when that is not in the store
    bool edited = false;
    bool deleted = false;              ///< for both; a tombstone without text stays
    std::vector<Reaction> reactions;   ///< oldest first
    std::uint32_t timer = 0;           ///< seconds until it disappears, once it is read; 0: never
    Timestamp expires_at = 0;          ///< 0: not counting
    std::optional<Transfer> transfer;  ///< the message offers files; its text is their name
    bool operator==(const Message&) const = default;
};

/// Whether somebody outside of the local network can connect here.
enum class Outside { unknown, no, yes };
[[nodiscard]] std::string_view to_string(Outside outside);

struct Profile {
    PeerId self;
    std::string name;
    std::string connection_id;
    std::uint16_t port = 0;
    std::vector<std::string> addresses;  ///< of the connection ID, best first: "192.0.2.1:4711"
    std::string version;
    bool password_protected = false;
    std::string status;         ///< what contacts see beside the name
    bool visible = true;        ///< announced in the local network
    bool private_team = false;  ///< only to those who know a passphrase
    Outside outside = Outside::unknown;
    std::string outside_text;  ///< whether the connection ID works from outside, in a sentence
    bool operator==(const Profile&) const = default;
};

/// A port at the router that leads here.
struct PortMapping {
    std::string how;       ///< "pcp", "nat-pmp", "upnp", "manual"
    std::string external;  ///< "203.0.113.5:4711"; the address may be unknown: ":4711"
    std::uint16_t internal_port = 0;
    std::uint32_t lifetime_s = 0;  ///< as granted; 0: for ever
    std::string router;
    bool operator==(const PortMapping&) const = default;
};

/// What discovery does on one interface. Counts are of datagrams.
struct InterfaceStatus {
    std::string name;
    std::vector<std::string> addresses;
    std::uint64_t sent = 0, heard = 0, ignored = 0;
    std::optional<std::int64_t> last_heard_ms;  ///< ago
    std::string problem;                        ///< in words; empty: works
    bool operator==(const InterfaceStatus&) const = default;
};

/// A server of one's own choice through which others can connect when there is no direct path.
struct Relay {
    std::string address;  ///< "kith-relay1…"; whoever knows it may use a private relay
    std::string name;     ///< where it is: "relay.example.org:4720"
    RelayState state = RelayState::connecting;
    std::string error;              ///< offline: why, for a person
    bool this_run = false;          ///< named when Kith was started, not kept
    std::string registered_name{};  ///< of one's own there: "bob" of bob@relay; empty: none
    bool registered = false;        ///< whoever asks for it gets the connection ID of now
    std::string name_error{};       ///< why not, for a person; empty: all is well, or on its way
    bool keeps_mail = true;         ///< false: it has said that it keeps nothing for us
    bool operator==(const Relay&) const = default;
};

/// What the diagnosis page and `network_status` show.
struct NetworkStatus {
    std::vector<std::string> listening;
    std::vector<std::string> addresses;  ///< of the connection ID, best first
    std::string mapping = "none";        ///< how: "upnp", "nat-pmp", "pcp", "manual", "none"
    std::vector<PortMapping> mapped;
    std::vector<std::string> mapping_words;  ///< what each router protocol said
    std::string public_address;              ///< empty: unknown
    std::string public_address_from;         ///< "router", "contacts", "interface", "manual"
    Outside outside = Outside::unknown;
    std::string outside_text;
    bool discovery = false;         ///< on
    std::string discovery_problem;  ///< why it does not work at all
    std::vector<InterfaceStatus> interfaces;
    std::vector<std::string> discovery_words;  ///< what was ignored and why
    std::size_t nearby = 0;                    ///< people heard now
    std::vector<Relay> relays;
    std::vector<std::string> last_errors;  ///< newest first, at most 20
    bool operator==(const NetworkStatus&) const = default;
};

struct Stats {
    std::uint64_t bytes_in = 0, bytes_out = 0;
    std::uint64_t messages_in = 0, messages_out = 0;
    std::uint64_t handshakes_ok = 0;
    std::vector<std::pair<std::string, std::uint64_t>> handshakes_failed;  ///< by reason
    std::uint64_t rss_bytes = 0;
    std::uint64_t uptime_ms = 0;
    std::uint64_t sessions = 0;
};

/// User-visible settings; unknown keys in the store are kept.
struct Settings {
    std::string theme = "system";    ///< "system", "dark", "light"
    double zoom = 1.0;               ///< 0.5 to 3.0
    bool read_receipts = true;       ///< others learn what was read here
    bool typing = true;              ///< others learn when something is being written here
    std::uint32_t history_days = 0;  ///< messages older than this are removed; 0: kept for ever
    bool visible = true;             ///< announced in the local network
    bool mapping = true;             ///< the router is asked for a port
    std::string public_address;      ///< "host:port" forwarded by hand; empty: none
    std::string downloads;           ///< absolute folder for received files; empty: the usual one
    std::string naming;  ///< template of received files (docs/user-guide.md); empty: default
    std::uint64_t rate_total = 0;  ///< bytes a second of all transfers, each direction; 0: no limit
    std::uint64_t rate_each = 0;   ///< of one transfer; 0: no limit
    bool operator==(const Settings&) const = default;
};

/// A found message. `marks` are the places in `snippet` that fit: offset and size in bytes.
struct Hit {
    Message message;
    std::string snippet;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> marks;
};

/// Why a command was refused. `code` is stable (docs/user-guide.md), `text` is for a person.
struct Error {
    std::string code;
    std::string text;
};

}  // namespace kith::model

template <>
struct std::hash<kith::model::PeerId> {
    std::size_t operator()(const kith::model::PeerId& id) const noexcept {
        std::size_t h = 0;  // a fingerprint is uniform: its first bytes will do
        for (std::size_t i = 0; i < sizeof h; ++i) h = (h << 8) | id.bytes[i];
        return h;
    }
};

template <>
struct std::hash<kith::model::MessageId> {
    std::size_t operator()(const kith::model::MessageId& id) const noexcept {
        std::size_t h = 0;  // the last bytes of a UUIDv7 are random, the first are the time
        for (std::size_t i = 0; i < sizeof h; ++i) h = (h << 8) | id.bytes[15 - i];
        return h;
    }
};
