// SPDX-License-Identifier: MIT
#include "crypto/x25519.hpp"

#include <botan/x25519.h>

namespace kith::crypto::x25519 {

Bytes public_key(ByteView scalar) { return Botan::X25519_PrivateKey(scalar).raw_public_key_bits(); }

SecretBytes agree(ByteView scalar, ByteView point) {
    const auto agreed = Botan::X25519_PrivateKey(scalar).agree(point.data(), point.size());
    return {agreed.begin(), agreed.end()};
}

}  // namespace kith::crypto::x25519
