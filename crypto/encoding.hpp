// SPDX-License-Identifier: MIT
//
// Big-endian integers and concatenation: all that the layouts of this room are made of. Internal to
// crypto/.
#pragma once

#include "crypto/bytes.hpp"

namespace kith::crypto {

template <std::size_t N>
[[nodiscard]] constexpr std::array<std::uint8_t, N> big_endian(std::uint64_t value) noexcept {
    std::array<std::uint8_t, N> out{};
    for (std::size_t i = 0; i < N; ++i)
        out[i] = static_cast<std::uint8_t>(value >> (8 * (N - 1 - i)));
    return out;
}

/// The integer in the first N bytes, of which there have to be that many.
template <std::size_t N>
[[nodiscard]] constexpr std::uint64_t read_big_endian(ByteView bytes) noexcept {
    static_assert(N <= 8);
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes.first(N)) value = (value << 8) | byte;
    return value;
}

template <typename Container>
void append(Container& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace kith::crypto
