// SPDX-License-Identifier: MIT
//
// Files that wait at a relay, in sealed pieces: AES-256-GCM under a key of one parcel, which
// travels in a sealed message. docs/protocol.md, "Files: parcels". Pure functions.
//
//   seal key  = HMAC-SHA-256(key, "kith1 parcel seal")
//   id        = first 16 bytes of HMAC-SHA-256(key, "kith1 parcel id" || BE32 index)
//   piece     = AES-256-GCM(seal key, nonce of the index,
//                           "kith1 parcel" || transfer (16) || BE64 size || BE32 index, plaintext)
#pragma once

#include "crypto/bytes.hpp"

namespace kith::crypto {

inline constexpr std::size_t parcel_piece = 80 * 1024;  ///< bytes of plaintext in each but the last
inline constexpr std::size_t parcel_block = 16 * 1024;  ///< the last is filled up to whole ones

/// `size`: bytes of the parcel. A key is for one parcel, and for one attempt to leave it: no piece
/// of it is sealed twice.
struct Parcel {
    std::array<std::uint8_t, 32> key{};
    std::array<std::uint8_t, 16> transfer{};
    std::uint64_t size = 0;
    bool operator==(const Parcel&) const = default;

    [[nodiscard]] std::uint32_t pieces() const {
        return static_cast<std::uint32_t>((size + parcel_piece - 1) / parcel_piece);
    }
    /// Of its plaintext, without what fills it up.
    [[nodiscard]] std::size_t size_of(std::uint32_t index) const;
};

[[nodiscard]] std::array<std::uint8_t, 16> parcel_id(const Parcel& parcel, std::uint32_t index);
/// `plaintext` has size_of(index) bytes.
[[nodiscard]] Bytes seal_piece(const Parcel& parcel, std::uint32_t index, ByteView plaintext);
/// Nothing unless it is that piece of that parcel.
[[nodiscard]] std::optional<SecretBytes> open_piece(const Parcel& parcel, std::uint32_t index,
                                                    ByteView sealed);

}  // namespace kith::crypto
