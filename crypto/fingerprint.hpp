// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <functional>

#include "crypto/bytes.hpp"

namespace kith::crypto {

/// SHA-256 of an identity's public bundle: the one name of a person or device. 32 bytes.
struct Fingerprint {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const Fingerprint&) const = default;
};

[[nodiscard]] std::string to_hex(const Fingerprint& fingerprint);

/// 60 decimal digits two people compare by voice; the same whichever of the two computes it.
/// Iterated SHA-512 (5,200 rounds per side, as ZRTP-style numeric fingerprints of Signal do).
[[nodiscard]] std::string safety_number(const Fingerprint& a, const Fingerprint& b);

}  // namespace kith::crypto

template <>
struct std::hash<kith::crypto::Fingerprint> {
    std::size_t operator()(const kith::crypto::Fingerprint& f) const noexcept {
        std::size_t h = 0;  // already uniform: the first bytes are as good a hash as any
        for (std::size_t i = 0; i < sizeof h; ++i) h = (h << 8) | f.bytes[i];
        return h;
    }
};
