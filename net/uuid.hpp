// SPDX-License-Identifier: MIT
//
// Message ids: UUIDv7 (RFC 9562 section 5.7), in the order they were made.
#pragma once

#include "crypto/random.hpp"
#include "net/message.hpp"
#include "net/transport.hpp"

namespace kith::net {

/// One thread. Ids of one generator increase strictly, also within a millisecond and while the
/// wall clock stands or goes back (method 1 of RFC 9562 section 6.2: `rand_a` counts).
class UuidGenerator {
public:
    UuidGenerator(const Clock& clock, crypto::RandomSource& random)
        : clock_(clock), random_(random) {}

    [[nodiscard]] MessageId next();

private:
    const Clock& clock_;
    crypto::RandomSource& random_;
    std::uint64_t last_ms_ = 0;
    std::uint16_t counter_ = 0;
};

}  // namespace kith::net
