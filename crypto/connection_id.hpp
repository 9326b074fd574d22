// SPDX-License-Identifier: MIT
//
// What people paste to each other: who to reach, the token that admits a stranger, and where to
// knock. "kith1" || base64url(version || fingerprint || token || candidates || checksum).
// docs/protocol.md, "Connection ID".
#pragma once

#include "crypto/error.hpp"
#include "crypto/fingerprint.hpp"

namespace kith::crypto {

using InviteToken = std::array<std::uint8_t, 8>;
inline constexpr std::size_t candidates_max = 16;
inline constexpr std::size_t connection_id_text_max = 1024;  ///< after white space is removed

enum class CandidateKind : std::uint8_t {
    lan = 1,
    public_address = 2,
    mapped = 3,
    loopback = 4,
    relay = 5,
};

struct Candidate {
    CandidateKind kind = CandidateKind::lan;
    /// 4 (IPv4) or 16 (IPv6) bytes, network order. A relay: its place (relay_address.hpp).
    Bytes address;
    std::uint16_t port = 0;
    bool operator==(const Candidate&) const = default;
};

struct ConnectionId {
    Fingerprint fingerprint;
    InviteToken token{};
    std::vector<Candidate> candidates;
    bool operator==(const ConnectionId&) const = default;
};

/// Whether it can be written: a known kind, an address that fits it, a port.
[[nodiscard]] bool is_well_formed(const Candidate& candidate);

[[nodiscard]] std::string format(const ConnectionId& id);
/// White space and line breaks are ignored. Candidate kinds of newer versions are skipped (each
/// candidate carries its length). Errors: malformed, checksum, newer_version, limits.
[[nodiscard]] Result<ConnectionId> parse_connection_id(std::string_view text);

}  // namespace kith::crypto
