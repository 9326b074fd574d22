// SPDX-License-Identifier: MIT
//
// What is said into a local network: announcements sealed under a team's key and signed, and tags
// that only one contact can recognise. Every datagram has the same size and no repeated bytes.
// docs/protocol.md, "LAN discovery". Thread-safe: free functions without state; a SigningKey is
// bound to one thread.
#pragma once

#include <memory>

#include "crypto/connection_id.hpp"
#include "crypto/kdf.hpp"
#include "crypto/random.hpp"

namespace kith::crypto {

inline constexpr std::size_t beacon_size = 288;  ///< of every datagram
inline constexpr std::size_t beacon_name_max = 64;

using TeamKey = std::array<std::uint8_t, 32>;
using PairKey = std::array<std::uint8_t, 32>;
using SignerKey = std::array<std::uint8_t, 32>;  ///< Ed25519, public

/// The well-known key of everybody: keeps out nobody, and makes all datagrams look alike.
[[nodiscard]] const TeamKey& local_team_key();
/// Argon2id: slow on purpose, never on the UI or network thread.
[[nodiscard]] Result<TeamKey> derive_team_key(std::string_view passphrase);
/// The same on both sides, from the token each admits the other with (16 bytes).
[[nodiscard]] PairKey pair_key(ByteView token_a, ByteView token_b);

/// Ed25519 (RFC 8032), for the network thread: the OAEP key stays in its lane.
class SigningKey {
public:
    explicit SigningKey(ByteView seed);  ///< 32 bytes
    ~SigningKey();
    [[nodiscard]] SignerKey public_key() const noexcept;
    [[nodiscard]] std::array<std::uint8_t, 64> sign(ByteView message) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

enum class BeaconKind : std::uint8_t { announcement = 1, goodbye = 2, probe = 3, answer = 4 };

/// An announcement before it is sealed.
struct Beacon {
    BeaconKind kind = BeaconKind::announcement;
    Fingerprint fingerprint;
    InviteToken token{};
    std::uint16_t tcp_port = 0;
    std::uint64_t boot = 0;      ///< counts the runs of the sender's profile
    std::uint32_t sequence = 0;  ///< counts its beacons
    std::int64_t sent_at = 0;    ///< milliseconds since 1970, the sender's clock
    std::uint32_t interval_ms = 0;
    std::array<std::uint8_t, 8> echo{};  ///< answer: of the probe; announcement: whom it answers
    bool asks = false;                   ///< has just come: wants answers
    std::string name;                    ///< at most beacon_name_max bytes of UTF-8
};

[[nodiscard]] std::array<std::uint8_t, beacon_size> seal_beacon(const Beacon& beacon,
                                                                const TeamKey& team,
                                                                const SigningKey& key,
                                                                RandomSource& random);

/// Opened under a team's key; the signature is checked apart, as that is 50 times as dear.
struct OpenedBeacon {
    Beacon beacon;
    SignerKey signer{};
    Bytes signed_part;
    std::array<std::uint8_t, 64> signature{};
    [[nodiscard]] bool authentic() const;
};
/// Nothing: another team, another version, noise.
[[nodiscard]] std::optional<OpenedBeacon> open_beacon(ByteView datagram, const TeamKey& team);

/// Tags for contacts: "I am here, at this port", for each of them alone.
inline constexpr std::size_t tags_per_datagram = 20;
struct TagFor {
    PairKey key{};
    Fingerprint to;
};
/// At most tags_per_datagram; the rest of the datagram is random.
[[nodiscard]] std::array<std::uint8_t, beacon_size> seal_tags(std::span<const TagFor> contacts,
                                                              std::uint16_t tcp_port,
                                                              std::int64_t now_ms,
                                                              RandomSource& random);
struct OpenedTag {
    std::uint16_t tcp_port = 0;
    std::int64_t sent_minute = 0;  ///< minutes since 1970, the sender's clock, nearest to ours
};
/// Is there a tag of the contact with this key for us? One HMAC.
[[nodiscard]] std::optional<OpenedTag> find_tag(ByteView datagram, const PairKey& key,
                                                const Fingerprint& self, std::int64_t now_ms);

}  // namespace kith::crypto
