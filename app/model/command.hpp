// SPDX-License-Identifier: MIT
//
// What a person, a script or the window asks of the node. Each command is answered by exactly one
// Reply. Commands are never dropped: a full queue makes the sender wait or say so.
#pragma once

#include <tl/expected.hpp>
#include <variant>

#include "app/model/types.hpp"

namespace kith::model {

// clang-format off
struct WhoAmI {};
struct SetName { std::string name; };
struct NewConnectionId {};
/// `connection_id`: or "name@relay", as FindName has it.
struct AddContact { std::string connection_id; std::string greeting; };
struct ListRequests {};
struct AcceptRequest { PeerId peer; };
struct DenyRequest { PeerId peer; };
struct BlockPeer { PeerId peer; };
struct UnblockPeer { PeerId peer; };
struct RemoveContact { PeerId peer; };
struct RenameContact { PeerId peer; std::string name; };
struct ListPeers {};
struct ConnectPeer { PeerId peer; };
struct DisconnectPeer { PeerId peer; };
struct GetSafetyNumber { PeerId peer; };
struct SetVerified { PeerId peer; bool verified = false; };
struct SendText { PeerId peer; std::string text; std::optional<MessageId> reply_to; };
/// Of a text of one's own; others see the new text and that it was edited.
struct EditMessage { MessageId message; std::string text; };
/// `both` only for one's own; `me` takes it from this history without a word to the other side.
enum class DeleteFor { both, me };
struct DeleteMessage { MessageId message; DeleteFor whom = DeleteFor::both; };
/// A text that still waits is taken back: gone here, never shown there.
struct CancelMessage { MessageId message; };
struct React { MessageId message; std::string emoji; bool on = true; };
/// At most one of the three: the page that ends before a message, that begins behind one, or that
/// has one in its middle. Without: the newest page.
struct ListMessages { PeerId peer; std::size_t limit = 100; std::optional<MessageId> before; std::optional<MessageId> after; std::optional<MessageId> around; };
/// Everything up to and including `message` is read.
struct MarkRead { PeerId peer; MessageId message; };
struct SetTyping { PeerId peer; bool on = false; };
/// Words (each may be the beginning of one) and "phrases"; all have to be in the message. Newest
/// first; `before` goes on behind that hit.
struct Search { std::string text; std::optional<PeerId> peer; std::size_t limit = 50; std::optional<MessageId> before; };
/// Messages that still wait to be sent are kept.
struct DeleteConversation { PeerId peer; };
struct SetDisappearing { PeerId peer; std::uint32_t seconds = 0; };
enum class ExportFormat { json, text };
/// Into a new file; an existing one is never overwritten.
struct ExportHistory { PeerId peer; std::string path; ExportFormat format = ExportFormat::json; };
/// Empty: without one. `current` is empty when there is none yet. Error code: wrong_password.
struct SetPassword { std::string current; std::string password; };
/// The whole profile into one new file, encrypted with `password`, which must not be empty.
struct CreateBackup { std::string path; std::string password; };
struct GetSettings {};
/// What is not named stays as it is, also when somebody else is changing it just now.
struct ChangeSettings {
    std::optional<std::string> theme = {};
    std::optional<double> zoom = {};
    std::optional<bool> read_receipts = {}, typing = {};
    std::optional<std::uint32_t> history_days = {};
    std::optional<bool> visible = {}, mapping = {};
    std::optional<std::string> public_address = {}, downloads = {}, naming = {};
    std::optional<std::uint64_t> rate_total = {}, rate_each = {};
};
struct GetNetworkStatus {};
struct GetStats {};
/// A contact request to somebody who is heard in the local network. Error code: not_nearby.
struct AddNearby { PeerId peer; std::string greeting; };
/// Asks who is at "host:port". Without `fingerprint` that is all: the person compares what comes back
/// and asks again with it. With it, and if it is theirs, they get a contact request.
/// Error codes: bad_address, not_found, unreachable, no_answer, wrong_fingerprint.
struct ConnectAddress { std::string address; std::optional<PeerId> fingerprint; std::string greeting; };
/// Empty: everybody in the local network.
struct SetTeam { std::string passphrase; };
/// Relays of one's own. Error codes of changing them: bad_relay_address, too_many, no_such_relay.
struct ListRelays {};
/// One that is there already gets this address.
struct AddRelay { std::string address; };
/// Its address or its name.
struct RemoveRelay { std::string address; };
/// A name for oneself at one of one's own relays (its address, "host:port" or host), instead of one
/// before; empty: it is given back. Error codes: bad_name, no_such_relay, ambiguous_relay, name_taken,
/// no_names, names_full, relay_unreachable, relay_failed, busy.
struct ClaimName { std::string relay; std::string name; };
/// Whom "name@relay" stands for. `relay`: a full address, or "host:port" or host of a relay of one's
/// own or a contact's. Error codes: bad_name, bad_relay_address, unknown_relay, ambiguous_relay,
/// no_such_name, bad_answer, relay_unreachable, relay_failed, busy.
struct FindName { std::string name; };
struct SetVisibility { bool visible = true; };
struct SetStatus { std::string text; };
/// Whether somebody sits in front of the window.
struct SetActivity { bool active = true; };
/// Files and folders, absolute paths. Error codes: no_such_file, nothing_to_send, too_many, limits.
struct SendFiles { PeerId peer; std::vector<std::string> paths; };
struct ListTransfers {};
/// A part of a transfer's list, from entry `first`; also before it is accepted.
struct ListTransferFiles { TransferId transfer; std::uint32_t first = 0; std::size_t limit = 1000; };
/// Of an offer. `folder`: absolute; empty: as the settings say. `selected`: entries, ascending; a
/// folder stands for itself alone. Nothing: everything. Error codes: no_such_transfer, too_late,
/// not_listed, bad_path, bad_selection, disk_full, read_only, io.
struct AcceptTransfer { TransferId transfer; std::string folder; std::optional<std::vector<std::uint32_t>> selected; };
struct DeclineTransfer { TransferId transfer; };
struct PauseTransfer { TransferId transfer; };
struct ResumeTransfer { TransferId transfer; };
/// What has landed stays.
struct CancelTransfer { TransferId transfer; };
/// Failed ones, or failed files of one, are tried again. Without: all.
struct RetryTransfer { std::optional<TransferId> transfer; };
struct SetAutoAccept { PeerId peer; AutoAccept rule; };
// clang-format on

using Command =
    std::variant<WhoAmI, SetName, NewConnectionId, AddContact, ListRequests, AcceptRequest,
                 DenyRequest, BlockPeer, UnblockPeer, RemoveContact, RenameContact, ListPeers,
                 ConnectPeer, DisconnectPeer, GetSafetyNumber, SetVerified, SendText, EditMessage,
                 DeleteMessage, CancelMessage, React, ListMessages, MarkRead, SetTyping, Search,
                 DeleteConversation, SetDisappearing, ExportHistory, SetPassword, CreateBackup,
                 GetSettings, ChangeSettings, GetNetworkStatus, GetStats, AddNearby, ConnectAddress,
                 SetTeam, SetVisibility, SetStatus, SetActivity, SendFiles, ListTransfers,
                 ListTransferFiles, AcceptTransfer, DeclineTransfer, PauseTransfer, ResumeTransfer,
                 CancelTransfer, RetryTransfer, SetAutoAccept, ListRelays, AddRelay, RemoveRelay,
                 ClaimName, FindName>;

/// What it names is as it says; whether that may be is checked elsewhere.
void apply(const ChangeSettings& change, Settings& settings);

// clang-format off
struct Done {};
struct PeerReply { PeerId peer; };
struct Requests { std::vector<Request> requests; };
struct Peers { std::vector<Peer> peers; };
struct SafetyNumber { std::string digits; };
struct Accepted { MessageId message; Timestamp at = 0; };   ///< stored durably, on its way
/// Oldest first. `more` when older ones exist, `more_newer` when newer ones do.
struct Messages { PeerId peer; std::vector<Message> messages; bool more = false; bool more_newer = false; };
struct Hits { std::vector<Hit> hits; bool more = false; };   ///< newest first
struct Removed { std::uint64_t removed = 0; std::uint64_t kept = 0; };
struct Exported { std::uint64_t count = 0; std::string path; };
struct BackedUp { std::string path; std::uint64_t bytes = 0; };
/// What was offered. `skipped`: what was left out and why, in words; at most 100 lines.
struct Offered { TransferId transfer; std::vector<std::string> skipped; std::uint64_t skipped_count = 0; };
struct Transfers { std::vector<Transfer> transfers; };   ///< newest first
/// `folder`: where it would land by the settings, or where it lands; empty for outgoing ones.
struct TransferFiles { TransferId transfer; std::vector<TransferFile> files; std::uint32_t entries = 0; std::string folder; std::optional<std::uint64_t> free_bytes; };
struct Landed { std::string path; };   ///< of a single file, else the folder
struct Relays { std::vector<Relay> relays; };   ///< in the order they were added
/// `relay` as in Relay::name. Whose the name is says the relay alone: the fingerprint is to be compared.
struct FoundName { std::string name; std::string relay; std::string connection_id; PeerId peer; };
struct FoundPerson { PeerId peer; std::string name; std::string address; bool added = false; };
// clang-format on

using Answer =
    std::variant<Done, Profile, PeerReply, Requests, Peers, SafetyNumber, Accepted, Messages, Hits,
                 Removed, Exported, BackedUp, FoundPerson, Offered, Transfers, TransferFiles,
                 Landed, Relays, FoundName, Settings, NetworkStatus, Stats>;
using Reply = tl::expected<Answer, Error>;

}  // namespace kith::model
