// SPDX-License-Identifier: MIT
//
// AES-256-GCM (NIST SP 800-38D) in place, under one key in one direction. The caller owns the
// nonces: no (key, nonce) pair may ever seal twice. Bound to one thread.
#pragma once

#include "crypto/bytes.hpp"

namespace kith::crypto {

inline constexpr std::size_t aead_key_size = 32;
inline constexpr std::size_t aead_nonce_size = 12;
inline constexpr std::size_t aead_tag_size = 16;

using Nonce = std::array<std::uint8_t, aead_nonce_size>;

/// Noise rev. 34, section 12.4: 32 zero bits, then the counter as 64 bits, big-endian.
[[nodiscard]] Nonce counter_nonce(std::uint64_t counter) noexcept;

/// Keyed once, used for many messages: the key schedule is not repeated.
class AeadSealer {
public:
    explicit AeadSealer(ByteView key);  ///< aead_key_size
    AeadSealer(AeadSealer&&) noexcept;
    AeadSealer& operator=(AeadSealer&&) noexcept;
    ~AeadSealer();

    void seal(const Nonce& nonce, ByteView associated, MutableByteView in_place,
              std::span<std::uint8_t, aead_tag_size> tag);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class AeadOpener {
public:
    explicit AeadOpener(ByteView key);  ///< aead_key_size
    AeadOpener(AeadOpener&&) noexcept;
    AeadOpener& operator=(AeadOpener&&) noexcept;
    ~AeadOpener();

    /// False: not authentic, and `in_place` is wiped.
    [[nodiscard]] bool open(const Nonce& nonce, ByteView associated, MutableByteView in_place,
                            std::span<const std::uint8_t, aead_tag_size> tag);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One message: ciphertext || tag.
[[nodiscard]] Bytes aead_seal(ByteView key, const Nonce& nonce, ByteView associated,
                              ByteView plaintext);
/// Nothing unless authentic.
[[nodiscard]] std::optional<SecretBytes> aead_open(ByteView key, const Nonce& nonce,
                                                   ByteView associated, ByteView ciphertext);

}  // namespace kith::crypto
