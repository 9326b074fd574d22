// SPDX-License-Identifier: MIT
//
// RSA-OAEP as a key encapsulation mechanism: m = 32 random bytes, ct = OAEP(SHA-256,
// MGF1-SHA-256)(m), ss = HKDF-SHA-512(m, info = "skem" || SHA-256(SPKI) || ct), 32 bytes.
// RFC 8017 section 7.1; docs/protocol.md, "OAEP-KEM".
#pragma once

#include "crypto/identity.hpp"

namespace kith::crypto::oaep_kem {

inline constexpr std::size_t secret_size = 32;

struct Encapsulated {
    Bytes ciphertext;    ///< modulus_size() of the recipient
    SecretBytes secret;  ///< secret_size
};

[[nodiscard]] Result<Encapsulated> encapsulate(const PublicBundle& to, RandomSource& random);

/// The private-key side, about fifty times dearer than encapsulate(). Lives on one thread (the RSA
/// lane): construct it there.
class Decapsulator {
public:
    static Result<Decapsulator> from_keys(const IdentityKeys& keys);
    Decapsulator(Decapsulator&&) noexcept;
    Decapsulator& operator=(Decapsulator&&) noexcept;
    ~Decapsulator();

    /// Implicit rejection: whatever is wrong with a ciphertext, a random-looking secret comes back,
    /// in the same time; only the next AEAD tells. A wrong length is handled the same way.
    [[nodiscard]] SecretBytes decapsulate(ByteView ciphertext, RandomSource& random) const;

private:
    struct Impl;
    explicit Decapsulator(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::crypto::oaep_kem
