// SPDX-License-Identifier: MIT
//
// What happened. The window and every subscribed control connection get the same events. Each kind
// says what becomes of it when a reader is slow: `latest_wins` kinds may be replaced by a newer one
// of the same subject, all others are kept, and a reader that falls behind by a whole queue is told
// to read the state anew (Resync).
#pragma once

#include "app/model/command.hpp"

namespace kith::model {

enum class NoticeLevel { info, warning, error };

// clang-format off
struct ProfileChanged { Profile profile; };                                    // latest wins
struct PeerChanged { Peer peer; };                                             // latest wins, by peer
struct PeerRemoved { PeerId peer; };
struct RequestReceived { Request request; };
struct RequestGone { PeerId peer; };
struct MessageAdded { Message message; };
struct MessageStateChanged { PeerId peer; MessageId message; MessageState state = MessageState::queued; };
/// Edited, deleted for both, other reactions, counting down. The whole message as it is now.
struct MessageChanged { Message message; };
/// Gone from the history, without a tombstone. No ids: the whole conversation was deleted, except
/// what still waits to be sent; read it anew.
struct MessagesRemoved { PeerId peer; std::vector<MessageId> messages; };
struct PeerTyping { PeerId peer; bool on = false; };                           // latest wins, by peer
/// At most 10 a second of one transfer. New ones come with their message as well.
struct TransferChanged { Transfer transfer; };                                 // latest wins, by transfer
/// New, or in another state.
struct RelayChanged { Relay relay; };                                          // latest wins, by address
struct RelayRemoved { std::string address; };
struct SettingsChanged { Settings settings; };                                 // latest wins
struct NetworkStatusChanged { NetworkStatus status; };                         // latest wins
struct Notice { NoticeLevel level = NoticeLevel::info; std::string text; Timestamp at = 0; };
/// Events were lost to this reader: it should list peers, requests and messages again.
struct Resync {};
// clang-format on

using Event = std::variant<ProfileChanged, PeerChanged, PeerRemoved, RequestReceived, RequestGone,
                           MessageAdded, MessageStateChanged, MessageChanged, MessagesRemoved,
                           PeerTyping, TransferChanged, RelayChanged, RelayRemoved, SettingsChanged,
                           NetworkStatusChanged, Notice, Resync>;

}  // namespace kith::model
