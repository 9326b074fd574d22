// SPDX-License-Identifier: MIT
//
// Where randomness comes from. Injected everywhere, so that tests replay a handshake byte for byte.
#pragma once

#include "crypto/bytes.hpp"

namespace kith::crypto {

/// A source of cryptographically secure bytes. Used on one thread at a time.
class RandomSource {
public:
    virtual ~RandomSource() = default;
    virtual void fill(MutableByteView out) = 0;

    template <std::size_t N>
    [[nodiscard]] std::array<std::uint8_t, N> array() {
        std::array<std::uint8_t, N> out{};
        fill(out);
        return out;
    }
};

/// The operating system's generator (getrandom(2) or equal). Failure to read it ends the process:
/// nothing that follows could be safe.
class SystemRandom final : public RandomSource {
public:
    void fill(MutableByteView out) override;
};

}  // namespace kith::crypto
