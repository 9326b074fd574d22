// SPDX-License-Identifier: MIT
//
// One signed message of a group: its envelope, which everybody who has it can hand on, and its
// body, encrypted once under a key of its own. docs/protocol.md, "Groups: messages". Values and
// pure functions, any thread (a SigningKey is bound to one).
#pragma once

#include "net/group/change.hpp"

namespace kith::net::group {

inline constexpr std::size_t view_heads_max = 64;  ///< heads of the membership log in a message
inline constexpr std::uint64_t place_max = std::uint64_t{1} << 56;
inline constexpr std::int64_t time_end = std::int64_t{1} << 48;  ///< a UUIDv7 has room for less

/// Kinds of newer versions are kept and handed on; whoever does not know one shows nothing.
enum class Kind : std::uint8_t { text = 1, edit = 2, erase = 3, reactions = 4 };

struct Envelope {
    GroupId group{};
    Fingerprint author;
    Kind kind = Kind::text;
    std::int64_t time = 0;      ///< milliseconds since 1970, the author's clock, below time_end
    std::uint64_t place = 0;    ///< max(time, 1 + that of each parent), at most place_max
    std::vector<Hash> parents;  ///< heads of the history the author knew; ascending, each once
    std::vector<Hash> view;     ///< heads of the membership log it knew; ascending, not empty
    Hash content{};             ///< SHA-256("kith1 group body" || key || body)
    std::uint32_t size = 0;     ///< of the encrypted body, at most group_body_max
};

/// A message as it is stored and handed on. Without its key its body is gone.
struct SignedItem {
    Hash hash{};  ///< SHA-256("kith1 group item" || everything before the signature)
    Envelope envelope;
    Bytes encoded;  ///< of the envelope
    std::optional<GroupKey> key;
    Bytes body;
};

/// The message's id, made of its time and hash: nobody can give two messages the same, short of
/// 2^37 tries for two of one's own and 2^74 for one of somebody else's. A UUIDv7.
[[nodiscard]] MessageId id_of(const Hash& hash, std::int64_t time);

/// Encrypts the body under a fresh key and signs. `content` and `size` are filled in. Nothing: a
/// field outside its bounds.
[[nodiscard]] std::optional<SignedItem> seal_item(Envelope envelope, ByteView plain,
                                                  const crypto::SigningKey& signing,
                                                  crypto::RandomSource& random);
/// The envelope's form alone. Nothing: malformed.
[[nodiscard]] std::optional<SignedItem> decode_envelope(ByteView encoded);
/// The form, and that key and body, if they are there, are those of the envelope.
[[nodiscard]] std::optional<SignedItem> decode_item(const GroupItem& message);
[[nodiscard]] bool signed_by(const SignedItem& item, const crypto::PublicBundle& author);
/// What the author wrote. Nothing: its body is gone, or does not open: the author lied.
[[nodiscard]] std::optional<crypto::SecretBytes> open_body(const SignedItem& item);
[[nodiscard]] GroupItem to_wire(const SignedItem& item);

}  // namespace kith::net::group
