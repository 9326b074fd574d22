// SPDX-License-Identifier: MIT
//
// What is inside a message of a group, by its kind. Amendments mean what they mean between two
// people (docs/protocol.md, "Amendments"); lines about members are not messages, they come from the
// membership log. Values and pure functions, any thread.
#pragma once

#include "net/group/envelope.hpp"

namespace kith::net::group {

struct TextBody {
    std::string text;  ///< at most text_bytes_max
    std::optional<MessageId> reply_to;
    std::vector<std::array<std::uint8_t, 32>> mentions;  ///< fingerprints, at most members_max
};
struct EditBody {
    MessageId target{};
    std::uint64_t revision = 0;
    std::string text;
    std::vector<std::array<std::uint8_t, 32>> mentions;
};
struct EraseBody {
    MessageId target{};
};
struct ReactionsBody {
    MessageId target{};
    std::uint64_t revision = 0;
    std::vector<std::string> emojis;  ///< at most reactions_max of emoji_bytes_max
};
/// The alternatives stand in the order of Kind, from 1 on.
using Body = std::variant<TextBody, EditBody, EraseBody, ReactionsBody>;

[[nodiscard]] Kind kind_of(const Body& body);
/// Nothing: a field outside its bounds.
[[nodiscard]] std::optional<Bytes> encode_body(const Body& body);
/// Nothing: malformed, or a kind of a newer version.
[[nodiscard]] std::optional<Body> decode_body(Kind kind, ByteView plain);

}  // namespace kith::net::group
