// SPDX-License-Identifier: MIT
//
// PQNoise pattern pqXX as a sans-I/O state machine: RSA-OAEP as static KEM, X-Wing as ephemeral
// KEM, Noise rev. 34 symmetric state with SHA-512, HKDF-SHA-512 and AES-256-GCM.
// docs/protocol.md, "Handshake".
//
//   M1 I->R  e, mac1            M2 R->I  ekem, s            M3 I->R  skem, s
//   M4 R->I  skem, confirmation                             M5 I->R  first record
//
// The caller moves whole frames (without their length prefix), runs RSA decryptions elsewhere and
// keeps the deadline. Bound to one thread; no Botan object outlives a call. The random source must
// outlive the handshake and the channel. After an error the handshake is over: it refuses
// everything, and the caller closes the connection without an answer.
#pragma once

#include <functional>
#include <optional>
#include <variant>

#include "crypto/identity.hpp"
#include "crypto/oaep_kem.hpp"
#include "crypto/record_channel.hpp"

namespace kith::crypto {

inline constexpr std::uint16_t protocol_version = 1;
inline constexpr std::size_t handshake_message_max = 4096;  ///< no M1..M4 is longer
inline constexpr std::size_t contact_token_size = 16;

enum class Path : std::uint8_t { direct = 0, relayed = 1 };

/// Handed out when the handshake needs the private RSA key: run Decapsulator::decapsulate on the
/// RSA lane and give the secret to resume(). Self-contained.
struct DecryptJob {
    Bytes ciphertext;
};
/// Send these bytes as one frame. When `finished`, take_channel() gives the keys.
struct SendMessage {
    Bytes message;
    bool finished = false;
};
/// Handshake over with nothing to send (the initiator after resume(): it now sends M5).
struct Finished {};
using HandshakeStep = std::variant<SendMessage, DecryptJob, Finished>;

/// What a responder tries `mac1` against. Returns whether a token admitted M1 and which one: the
/// responder may be reached with the invite token (strangers) or a contact's own token.
struct TokenMatch {
    bool contact = false;  ///< a contact's token (these pass first at the RSA lane)
    Fingerprint expected;  ///< with `contact`: who must turn out to be calling
};
/// Calls `matches(token)` for each valid token until one returns true.
using TokenLookup =
    std::function<std::optional<TokenMatch>(const std::function<bool(ByteView token)>& matches)>;

class Initiator {
public:
    struct Config {
        Fingerprint peer;  ///< whom we dial
        Bytes token;       ///< invite token (8) or contact token (16)
        Path path = Path::direct;
    };
    Initiator(const PublicBundle& self, Config config, RandomSource& random);
    ~Initiator();
    Initiator(Initiator&&) noexcept;

    [[nodiscard]] Bytes start();  ///< M1; once
    /// M2 -> SendMessage(M3); M4 -> DecryptJob.
    [[nodiscard]] Result<HandshakeStep> receive(ByteView message);
    /// After the DecryptJob of M4: verifies the confirmation -> Finished.
    [[nodiscard]] Result<HandshakeStep> resume(ByteView secret);
    /// Once, after Finished.
    [[nodiscard]] RecordChannel take_channel(RekeyLimits limits = {});
    [[nodiscard]] const PublicBundle& peer() const;  ///< valid after M2

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class Responder {
public:
    struct Config {
        TokenLookup tokens;
        Path path = Path::direct;
        /// M1 carries nothing of ours, so a recorded one fits again. Asked once a token fits,
        /// before anything else is spent; mac1 names this M1. False: seen before, not_authentic.
        std::function<bool(const TokenMatch& match, ByteView mac1)> first_use = {};
    };
    Responder(const PublicBundle& self, Config config, RandomSource& random);
    ~Responder();
    Responder(Responder&&) noexcept;

    /// M1 -> SendMessage(M2), or Errc::not_authentic: drop in silence.
    /// M3 -> DecryptJob (nothing dear was spent before its length and state were checked).
    [[nodiscard]] Result<HandshakeStep> receive(ByteView message);
    /// After the DecryptJob of M3: opens bundle_I, checks it -> SendMessage(M4, finished).
    /// A peer admitted by a contact's token that is not this contact: wrong_fingerprint.
    [[nodiscard]] Result<HandshakeStep> resume(ByteView secret);
    /// Once, after resume(). The initiator is proven only by the first record that opens: until
    /// then show and send it nothing.
    [[nodiscard]] RecordChannel take_channel(RekeyLimits limits = {});
    [[nodiscard]] const PublicBundle& peer() const;  ///< valid after resume(); see take_channel()
    /// Valid after M1.
    [[nodiscard]] const TokenMatch& admitted_by() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::crypto
