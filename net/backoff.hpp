// SPDX-License-Identifier: MIT
//
// How long to wait before the next attempt: doubling, with jitter, so that peers that lost each
// other together do not come back together.
#pragma once

#include <chrono>

#include "crypto/random.hpp"

namespace kith::net {

class Backoff {
public:
    Backoff(std::chrono::milliseconds min, std::chrono::milliseconds max)
        : min_(min), max_(max), next_(min) {}

    /// Between half and the whole of min, 2 min, 4 min … max.
    [[nodiscard]] std::chrono::milliseconds next(crypto::RandomSource& random);
    void reset() noexcept { next_ = min_; }
    /// The next wait is the longest one.
    void exhaust() noexcept { next_ = max_; }

private:
    std::chrono::milliseconds min_;
    std::chrono::milliseconds max_;
    std::chrono::milliseconds next_;
};

/// Uniform in [0, below), 0 when that is empty; the bias of 64 bits modulo a few thousand does not
/// matter here.
[[nodiscard]] std::chrono::milliseconds random_delay(crypto::RandomSource& random,
                                                     std::chrono::milliseconds below);

}  // namespace kith::net
