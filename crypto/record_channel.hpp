// SPDX-License-Identifier: MIT
//
// Records of an established session: u32 big-endian length || AES-256-GCM ciphertext, the length
// as associated data, one key per direction, nonce = 0^32 || BE64 counter, strict order. Rekeyed by
// a fresh X-Wing exchange inside the channel. docs/protocol.md, "Records" and "Rekey".
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "crypto/error.hpp"
#include "crypto/random.hpp"

namespace kith::crypto {

inline constexpr std::size_t record_payload_max = 256 * 1024;
/// Length prefix (4), content type (1), tag (16).
inline constexpr std::size_t record_overhead = 21;
inline constexpr std::size_t record_prefix_size = 4;
/// Largest value the length prefix may carry: content type + payload + tag.
inline constexpr std::size_t record_body_max = record_payload_max + 17;

/// When a key is replaced; at twice any of these it is refused.
struct RekeyLimits {
    std::uint64_t records = std::uint64_t{1} << 20;
    std::uint64_t bytes = std::uint64_t{16} << 30;
    std::chrono::milliseconds age = std::chrono::minutes{10};
};

using MonotonicTime = std::chrono::milliseconds;  ///< since an arbitrary fixed point

/// Both directions of one session. Bound to one thread (the network thread). Movable.
class RecordChannel {
public:
    enum class Side { initiator, responder };

    struct Opened {
        Bytes payload;  ///< application bytes; empty for rekey records
        Bytes reply;    ///< complete frames to send at once (rekeying), usually empty
    };

    /// From the end of the handshake, or from the exporter of another session.
    struct Keys {
        SecretBytes send;      ///< 32 bytes
        SecretBytes receive;   ///< 32 bytes
        SecretBytes rekey;     ///< 64 bytes: seeds the keys of the first rekey
        SecretBytes exporter;  ///< 64 bytes
        Bytes handshake_hash;  ///< 64 bytes: channel binding
    };
    RecordChannel(Side side, Keys keys, RandomSource& random, RekeyLimits limits = {});
    RecordChannel(RecordChannel&&) noexcept;
    RecordChannel& operator=(RecordChannel&&) noexcept;
    ~RecordChannel();

    /// One complete frame (length prefix included). Frames must reach the peer in the order in
    /// which seal(), open() (its reply) and rekey_if_due() produced them. Errors: wrong_length
    /// (payload above record_payload_max or empty: nothing happened), counter_exhausted (the
    /// channel is dead).
    [[nodiscard]] Result<Bytes> seal(ByteView payload, MonotonicTime now);
    /// Same, appended to `out` (the batch of one write).
    [[nodiscard]] Result<void> seal_append(ByteView payload, MonotonicTime now, Bytes& out);
    /// Same without a copy: the payload lies in `frame`, behind record_prefix_size bytes and before
    /// record_overhead - record_prefix_size, which are filled in.
    [[nodiscard]] Result<void> seal_in_place(MutableByteView frame, MonotonicTime now);
    /// `body` is one frame without its length prefix. After any error the channel is dead and
    /// refuses everything.
    [[nodiscard]] Result<Opened> open(ByteView body, MonotonicTime now);
    /// Same without a copy: the payload comes back in the buffer of the body.
    [[nodiscard]] Result<Opened> open(Bytes&& body, MonotonicTime now);
    /// The initiator's side drives rekeying: call on every tick and after batches of records; a
    /// frame to send when it is due. Nothing on the responder's side.
    [[nodiscard]] std::optional<Bytes> rekey_if_due(MonotonicTime now);

    /// HKDF-SHA-512 of the exporter secret; independent of rekeys, the same on both sides. `label`
    /// names the purpose, `size` is at most 255 * 64.
    [[nodiscard]] SecretBytes exported(std::string_view label, ByteView context,
                                       std::size_t size) const;
    [[nodiscard]] ByteView handshake_hash() const noexcept;
    [[nodiscard]] std::uint64_t generation() const noexcept;  ///< rekeys completed

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::crypto
