// SPDX-License-Identifier: MIT
//
// One signed change of a group's membership, and its bytes. docs/protocol.md, "Groups: membership
// log". Values and pure functions, any thread (a SigningKey is bound to one).
//
//   version (1) || group (32) || author (32) || time (8) || kind (1) || parents || payload ||
//   signature (64)
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/beacon.hpp"
#include "crypto/identity.hpp"
#include "net/message.hpp"

namespace kith::net::group {

using crypto::Bytes;
using crypto::ByteView;
using crypto::Fingerprint;
using Hash = GroupHash;

inline constexpr std::size_t members_max = 64;
inline constexpr std::size_t parents_max = 16;      ///< of a change, and of a message
inline constexpr std::size_t group_name_max = 128;  ///< bytes of UTF-8, not empty
inline constexpr std::size_t shared_max = 200;      ///< messages from before a joining

/// What the others need to reach a member: its group door token admits them at the member's door.
struct Card {
    ContactToken door{};
    std::vector<crypto::Candidate> candidates;  ///< at most crypto::candidates_max
    bool operator==(const Card&) const = default;
};

/// How a member comes into the log.
struct MemberRecord {
    std::string name;  ///< at most name_bytes_max
    Bytes bundle;      ///< encoded crypto::PublicBundle; its SHA-256 is the member's fingerprint
    Card card;
    bool operator==(const MemberRecord&) const = default;
};

// What a change says. The number is the kind on the wire.
/// 1: the first change; the author is the first member and admin.
struct Create {
    std::array<std::uint8_t, 16> nonce{};  ///< random: no two groups are the same
    std::string name;
    MemberRecord founder;
};
/// 2, by an admin. `shared`: messages from before that the new member may ask for.
struct Add {
    MemberRecord member;
    std::vector<Hash> shared;
};
/// 3, by an admin.
struct Remove {
    Fingerprint member;
};
/// 4, by a member.
struct Leave {};
/// 5, by an admin.
struct Rename {
    std::string name;
};
/// 6, by an admin.
struct SetAdmin {
    Fingerprint member;
    bool on = false;
};
/// 7, by a member: the author's own card.
struct SetCard {
    Card card;
};
/// A kind of a newer version: kept and handed on, without effect.
struct Unknown {
    std::uint8_t kind = 0;
    Bytes payload;
};
using Statement = std::variant<Create, Add, Remove, Leave, Rename, SetAdmin, SetCard, Unknown>;

struct Change {
    GroupId group{};  ///< zeros in the change that creates it
    Fingerprint author;
    std::int64_t time = 0;      ///< milliseconds since 1970, the author's clock; only shown
    std::vector<Hash> parents;  ///< ascending, each once; none in the change that creates
    Statement statement;
};

/// A change as it is stored and handed on.
struct SignedChange {
    Hash hash{};  ///< SHA-256("kith1 group change" || everything before the signature)
    Change change;
    Bytes encoded;
};

/// Nothing: a field outside its bounds.
[[nodiscard]] std::optional<SignedChange> sign_change(Change change, const crypto::SigningKey& key);
/// The form alone; whose signature it is says ChangeLog. Nothing: malformed.
[[nodiscard]] std::optional<SignedChange> decode_change(ByteView encoded);
/// Ed25519 of the author's bundle, of "kith1 group change" || everything before the signature.
[[nodiscard]] bool signed_by(const SignedChange& change, const crypto::PublicBundle& author);

}  // namespace kith::net::group
