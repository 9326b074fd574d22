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
/// Newest page of a conversation, or the page that ends before `before`.
struct ListMessages { PeerId peer; std::size_t limit = 100; std::optional<MessageId> before; };
/// Everything up to and including `message` is read.
struct MarkRead { PeerId peer; MessageId message; };
struct GetSettings {};
struct SetSettings { Settings settings; };
struct GetNetworkStatus {};
struct GetStats {};
// clang-format on

using Command =
    std::variant<WhoAmI, SetName, NewConnectionId, AddContact, ListRequests, AcceptRequest,
                 DenyRequest, BlockPeer, UnblockPeer, RemoveContact, RenameContact, ListPeers,
                 ConnectPeer, DisconnectPeer, GetSafetyNumber, SetVerified, SendText, ListMessages,
                 MarkRead, GetSettings, SetSettings, GetNetworkStatus, GetStats>;

// clang-format off
struct Done {};
struct PeerReply { PeerId peer; };
struct Requests { std::vector<Request> requests; };
struct Peers { std::vector<Peer> peers; };
struct SafetyNumber { std::string digits; };
struct Accepted { MessageId message; Timestamp at = 0; };   ///< stored durably, on its way
/// Oldest first. `more` when older ones exist.
struct Messages { PeerId peer; std::vector<Message> messages; bool more = false; std::optional<MessageId> before; };
// clang-format on

using Answer = std::variant<Done, Profile, PeerReply, Requests, Peers, SafetyNumber, Accepted,
                            Messages, Settings, NetworkStatus, Stats>;
using Reply = tl::expected<Answer, Error>;

}  // namespace kith::model
