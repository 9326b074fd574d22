// SPDX-License-Identifier: MIT
//
// X25519 (RFC 7748). Internal to crypto/: a part of X-Wing.
#pragma once

#include "crypto/bytes.hpp"

namespace kith::crypto::x25519 {

inline constexpr std::size_t key_size = 32;

/// `scalar` and `point` have key_size bytes.
[[nodiscard]] Bytes public_key(ByteView scalar);
/// All zeros for a point of low order: X-Wing's combiner needs no check, because ML-KEM's secret
/// goes in as well.
[[nodiscard]] SecretBytes agree(ByteView scalar, ByteView point);

}  // namespace kith::crypto::x25519
