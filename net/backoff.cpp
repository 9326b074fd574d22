// SPDX-License-Identifier: MIT
#include "net/backoff.hpp"

#include <algorithm>

namespace kith::net {

std::chrono::milliseconds Backoff::next(crypto::RandomSource& random) {
    const auto base = next_;
    next_ = std::min(max_, next_ * 2);
    return base / 2 + random_delay(random, base / 2 + std::chrono::milliseconds{1});
}

std::chrono::milliseconds random_delay(crypto::RandomSource& random,
                                       std::chrono::milliseconds below) {
    if (below.count() <= 0) return std::chrono::milliseconds{0};
    std::uint64_t value = 0;
    for (const std::uint8_t byte : random.array<8>()) value = value << 8 | byte;
    return std::chrono::milliseconds(value % static_cast<std::uint64_t>(below.count()));
}

}  // namespace kith::net
