// SPDX-License-Identifier: MIT
//
// The keys after a rekey. Internal to crypto/. docs/protocol.md, "Rekey".
#pragma once

#include "crypto/bytes.hpp"

namespace kith::crypto {

struct NextKeys {
    SecretBytes to_responder;  ///< 32 bytes
    SecretBytes to_initiator;  ///< 32 bytes
    SecretBytes rekey;         ///< 64 bytes, seeds the rekey after this one
};

/// HKDF-SHA-512(salt = rekey secret, X-Wing secret,
///              "kith1 rekey keys" || BE64 generation || SHA-512(public key || ciphertext)).
/// The old secret goes in, so that whoever did not take part in everything before is shut out; the
/// X-Wing secret goes in, so that whoever stole the old state is shut out as well.
[[nodiscard]] NextKeys derive_next_keys(ByteView rekey_secret, ByteView kem_secret,
                                        std::uint64_t generation, ByteView public_key,
                                        ByteView ciphertext);

}  // namespace kith::crypto
