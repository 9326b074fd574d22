// SPDX-License-Identifier: MIT
//
// The bytes of M1 to M4: sizes, layouts, the prologue and mac1. Internal to crypto/.
// docs/protocol.md, "Handshake".
#pragma once

#include "crypto/encoding.hpp"
#include "crypto/handshake.hpp"
#include "crypto/kdf.hpp"
#include "crypto/symmetric_state.hpp"
#include "crypto/xwing.hpp"

namespace kith::crypto::wire {

// Specification. Noise rev. 34 and PQNoise (Angel et al., CCS 2022), pattern pqXX.
inline constexpr std::string_view protocol_name = "Noise_pqXX_RSAOAEP+XWing_AESGCM_SHA512";
inline constexpr std::array<std::uint8_t, 4> magic{'K', 'I', 'T', 'H'};
inline constexpr std::size_t tag_size = 16;
inline constexpr std::size_t mac1_size = 32;
inline constexpr std::size_t version_size = 2;
inline constexpr std::size_t versions_max = 8;

// Choice: identities and static ciphertexts travel in blocks of one size, so that message lengths
// say nothing about whose keys are in them.
inline constexpr std::size_t identity_block_size = 2 + bundle_size_max;
inline constexpr std::size_t ciphertext_block_size = rsa_bits_max / 8;
inline constexpr std::size_t sealed_identity_size = identity_block_size + tag_size;
inline constexpr std::size_t sealed_ciphertext_size = ciphertext_block_size + tag_size;

constexpr std::size_t m1_size(std::size_t versions) {
    return magic.size() + 2 + version_size * versions + xwing::public_key_size + mac1_size;
}
inline constexpr std::size_t m2_size =
    version_size + xwing::ciphertext_size + sealed_identity_size + tag_size;
inline constexpr std::size_t m3_size = sealed_ciphertext_size + sealed_identity_size + tag_size;
inline constexpr std::size_t m4_size = sealed_ciphertext_size + tag_size;

static_assert(m1_size(1) == 1256 && m1_size(versions_max) == 1270);
static_assert(m2_size == 1796 && m3_size == 1202 && m4_size == 544);
static_assert(m2_size <= handshake_message_max);

/// M1 taken apart; the views point into the message.
struct FirstMessage {
    ByteView header;  ///< magic || flags || number of versions || versions
    std::vector<std::uint16_t> versions;
    ByteView public_key;
    ByteView authenticated;  ///< everything in front of mac1
    ByteView mac1;
};
/// Errors: wrong_length, bad_magic, malformed (no version, too many, or not ascending).
[[nodiscard]] Result<FirstMessage> parse_first(ByteView message);

/// magic || flags || number of versions || versions.
[[nodiscard]] Bytes first_header(std::span<const std::uint16_t> versions);

/// Cuts a message of known layout from its front.
class Cutter {
public:
    explicit Cutter(ByteView rest) : rest_(rest) {}
    [[nodiscard]] ByteView take(std::size_t size) {
        const ByteView head = rest_.first(size);
        rest_ = rest_.subspan(size);
        return head;
    }

private:
    ByteView rest_;
};

/// SHA-256("mac1" || fingerprint || token).
[[nodiscard]] Digest256 mac1_key(const Fingerprint& responder, ByteView token);
/// What mac1 is taken over; hashed once however many tokens are tried.
[[nodiscard]] Digest256 mac1_digest(ByteView authenticated);

/// A state with prologue, e and the payload of M1 (mac1) mixed in: what both sides know when the
/// version has been chosen.
struct Opening {
    ByteView header;
    std::uint16_t version;
    Fingerprint responder;
    Path path;
    ByteView public_key;
    ByteView mac1;
};
[[nodiscard]] SymmetricState begin(const Opening& opening);

/// BE16 length || bundle || zeros.
[[nodiscard]] Bytes identity_block(const PublicBundle& bundle);
[[nodiscard]] Result<PublicBundle> parse_identity_block(ByteView block);

/// ciphertext || zeros.
[[nodiscard]] Bytes ciphertext_block(ByteView ciphertext);
[[nodiscard]] Result<Bytes> parse_ciphertext_block(ByteView block, std::size_t modulus_size);

/// Split(), the rekey secret, the exporter and the channel binding, as seen from `side`.
[[nodiscard]] RecordChannel::Keys session_keys(const SymmetricState& state,
                                               RecordChannel::Side side);

}  // namespace kith::crypto::wire
