// SPDX-License-Identifier: MIT
//
// Ed25519 (RFC 8032) with bare keys. Internal to crypto/.
#pragma once

#include "crypto/beacon.hpp"

namespace kith::crypto {

/// False for anything that is not a signature of `message` by `signer`, malformed keys included.
[[nodiscard]] bool verify_signature(const SignerKey& signer, ByteView message, ByteView signature);

}  // namespace kith::crypto
