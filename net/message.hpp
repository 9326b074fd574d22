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

namespace kith::net {

using MessageId = std::array<std::uint8_t, 16>;  ///< UUIDv7
using ContactToken = std::array<std::uint8_t, crypto::contact_token_size>;

// Bounds, checked when decoding. Longer is malformed and ends the session.
inline constexpr std::size_t name_bytes_max = 64;
inline constexpr std::size_t agent_bytes_max = 64;
inline constexpr std::size_t greeting_bytes_max = 1024;  ///< 256 code points
inline constexpr std::size_t text_bytes_max = 64 * 1024;
inline constexpr std::size_t ack_ids_max = 4096;

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

struct Text { MessageId id{}; std::int64_t sent_at = 0; std::string text; std::optional<MessageId> reply_to; };
/// These are stored durably at the receiver.
struct Ack { std::vector<MessageId> ids; };
// clang-format on

using Message = std::variant<Hello, Ping, Pong, Goodbye, ContactRequest, RequestReceipt,
                             ContactCard, ContactDecline, Text, Ack>;

}  // namespace kith::net
