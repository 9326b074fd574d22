// SPDX-License-Identifier: MIT
//
// One key of one direction with its counter: the only place where record nonces are made. Internal
// to crypto/. docs/protocol.md, "Records".
//
//   frame = BE32 length || AES-256-GCM(payload || content type) || tag
#pragma once

#include "crypto/aead.hpp"
#include "crypto/record_channel.hpp"

namespace kith::crypto {

/// Inside the ciphertext, so that an observer cannot tell a rekey from a message.
enum class ContentType : std::uint8_t { application = 0, offer = 1, answer = 2, confirm = 3 };

inline constexpr std::size_t length_prefix_size = record_prefix_size;

/// How much one key has done, against the limits.
class KeyUsage {
public:
    /// The age counts from the first call.
    [[nodiscard]] bool due(const RekeyLimits& limits, MonotonicTime now);
    /// True when one more record of `size` bytes may not be processed.
    [[nodiscard]] bool exhausted(const RekeyLimits& limits, MonotonicTime now, std::size_t size);
    void count(std::size_t size) noexcept;
    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }

private:
    [[nodiscard]] bool beyond(const RekeyLimits& limits, std::uint64_t factor, MonotonicTime now,
                              std::uint64_t records, std::uint64_t bytes);

    std::uint64_t records_ = 0;
    std::uint64_t bytes_ = 0;
    std::optional<MonotonicTime> since_;
};

class SendKey {
public:
    explicit SendKey(ByteView key) : aead_(key) {}
    /// Appends one frame to `out`. Errors: counter_exhausted.
    [[nodiscard]] Result<void> seal(ContentType type, ByteView payload, const RekeyLimits& limits,
                                    MonotonicTime now, Bytes& out);
    /// `frame`: room for the prefix, payload, room for type and tag; becomes the frame.
    [[nodiscard]] Result<void> seal_in_place(ContentType type, MutableByteView frame,
                                             const RekeyLimits& limits, MonotonicTime now);
    [[nodiscard]] KeyUsage& usage() noexcept { return usage_; }

private:
    AeadSealer aead_;
    KeyUsage usage_;
};

class ReceiveKey {
public:
    explicit ReceiveKey(ByteView key) : aead_(key) {}
    /// Turns a frame's body into its payload, in place. Errors: wrong_length, counter_exhausted,
    /// not_authentic, malformed.
    [[nodiscard]] Result<ContentType> open(Bytes& body, const RekeyLimits& limits,
                                           MonotonicTime now);
    [[nodiscard]] KeyUsage& usage() noexcept { return usage_; }

private:
    AeadOpener aead_;
    KeyUsage usage_;
};

}  // namespace kith::crypto
