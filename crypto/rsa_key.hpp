// SPDX-License-Identifier: MIT
//
// The RSA keys that Kith accepts. Internal to crypto/.
#pragma once

#include <botan/rsa.h>

#include "crypto/bytes.hpp"
#include "crypto/error.hpp"

namespace kith::crypto {

using RsaPublicKey = std::unique_ptr<const Botan::RSA_PublicKey>;
using RsaPrivateKey = std::unique_ptr<const Botan::RSA_PrivateKey>;

/// SubjectPublicKeyInfo (RFC 5280) with rsaEncryption (RFC 8017): 3072 to 4096 bits, e = 65537, odd
/// modulus, and byte for byte the DER that re-encoding yields. Everything else: bad_key.
[[nodiscard]] Result<RsaPublicKey> parse_rsa_spki(ByteView spki);

/// PKCS#8 PrivateKeyInfo under the same rules. `verify` adds the consistency of the numbers and
/// the primality of the factors, which takes tens of milliseconds.
enum class Verify { no, yes };
[[nodiscard]] Result<RsaPrivateKey> parse_rsa_pkcs8(ByteView pkcs8, Verify verify);

}  // namespace kith::crypto
