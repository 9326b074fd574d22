// SPDX-License-Identifier: MIT
//
// The proof in a knock: who knocks holds a token of whom it wants to reach, and means this relay.
// docs/protocol.md, "Relay: circuits". Pure functions.
#pragma once

#include "crypto/fingerprint.hpp"
#include "crypto/random.hpp"
#include "net/message.hpp"

namespace kith::net {

/// Between whom, and where.
struct KnockParties {
    crypto::Fingerprint relay;
    crypto::Fingerprint caller;
    crypto::Fingerprint callee;
};

[[nodiscard]] KnockProof make_proof(const KnockParties& parties, crypto::ByteView token,
                                    crypto::RandomSource& random);
/// In constant time.
[[nodiscard]] bool fits(const KnockProof& proof, const KnockParties& parties,
                        crypto::ByteView token);

}  // namespace kith::net
