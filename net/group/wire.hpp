// SPDX-License-Identifier: MIT
//
// What members of a group say to each other about it. Plain structs, alternatives of net::Message;
// net/group/wire_fields.hpp gives them bytes. docs/protocol.md, "Groups".
//
// Which of them may be mailed: GroupChanges and GroupItem. The others mean something in a session
// only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "crypto/bytes.hpp"

namespace kith::net {

using GroupId = std::array<std::uint8_t, 32>;    ///< hash of the change that created the group
using GroupHash = std::array<std::uint8_t, 32>;  ///< of a change or of a message
using GroupKey = std::array<std::uint8_t, 32>;   ///< of one message's body

// Bounds, checked when decoding. Longer is malformed and ends the session.
inline constexpr std::size_t group_change_max = 10 * 1024;         ///< bytes of one change
inline constexpr std::size_t group_changes_max = 64;               ///< in one message
inline constexpr std::size_t group_changes_bytes_max = 64 * 1024;  ///< in one message: mail fits
inline constexpr std::size_t group_envelope_max = 4 * 1024;        ///< bytes
inline constexpr std::size_t group_body_max = 72 * 1024;           ///< bytes, encrypted
inline constexpr std::size_t group_heads_max = 256;
inline constexpr std::size_t group_gaps_max = 64;
inline constexpr std::size_t group_wants_max = 64;
inline constexpr std::size_t group_known_max = 320;  ///< heads, and 64 of what is below them
inline constexpr std::size_t group_withheld_max = 256;
inline constexpr std::size_t group_seen_max = 64;

/// Changes of the membership log, each as its author signed it; parents first.
struct GroupChanges {
    GroupId group{};
    std::vector<crypto::Bytes> changes;
};
/// The changes `wants` and all below them, but not `known` and what is below those. Answered with
/// GroupChanges.
struct GroupChangesAsk {
    GroupId group{};
    std::vector<GroupHash> wants;
    std::vector<GroupHash> known;
};
/// The sender has, durably, these heads of the membership log with all below them, and of the
/// history these heads with what is below them, except `gaps` and what is reached through those
/// alone. `asks`: please say the same of yours.
struct GroupHave {
    GroupId group{};
    std::vector<GroupHash> changes;
    std::vector<GroupHash> heads;
    std::vector<GroupHash> gaps;
    bool asks = false;
};
/// One message. `key` is missing, and `body` empty, when the sender has its body no more.
struct GroupItem {
    GroupId group{};
    crypto::Bytes envelope;
    std::optional<GroupKey> key;
    crypto::Bytes body;
};
/// The messages `wants` and all below them, but not `known` and what is below those (`gaps` as in
/// GroupHave). Answered with GroupItems, oldest first, and then GroupAnswered. `number` is the
/// asker's own numbering.
struct GroupAsk {
    GroupId group{};
    std::uint32_t number = 0;
    std::vector<GroupHash> wants;
    std::vector<GroupHash> known;
    std::vector<GroupHash> gaps;
};
/// All items of the answer stand before it. `more`: ask again for the rest. `withheld`: wanted, or
/// parents of what was sent, and not meant for the asker; `unknown`: wanted and not here.
struct GroupAnswered {
    GroupId group{};
    std::uint32_t number = 0;
    bool more = false;
    std::vector<GroupHash> withheld;
    std::vector<GroupHash> unknown;
};
/// `delivered`: exactly these are durable here. `read`: these and all below them were read.
struct GroupSeen {
    GroupId group{};
    std::vector<GroupHash> delivered;
    std::vector<GroupHash> read;
};
/// As Typing, to the members of one group.
struct GroupTyping {
    GroupId group{};
    bool on = false;
};

}  // namespace kith::net
