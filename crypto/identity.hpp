// SPDX-License-Identifier: MIT
//
// Who somebody is: an RSA key for OAEP (authentication by decryption) and an Ed25519 key for
// signatures. The OAEP key never signs. docs/protocol.md, "Identity".
#pragma once

#include <memory>

#include "crypto/error.hpp"
#include "crypto/fingerprint.hpp"
#include "crypto/random.hpp"

namespace kith::crypto {

inline constexpr std::size_t rsa_bits_generated = 3072;
inline constexpr std::size_t rsa_bits_min = 3072;
inline constexpr std::size_t rsa_bits_max = 4096;
inline constexpr std::size_t bundle_size_max = 640;  ///< version + DER SPKI of RSA-4096 + Ed25519

/// The public half: version (1 byte, = 1) || SPKI(RSA), canonical DER || Ed25519 (32 bytes).
/// A value; cheap to copy relative to what is done with it.
class PublicBundle {
public:
    /// Accepts RSA of 3072 to 4096 bits with e = 65537, an odd modulus and exactly the DER encoding
    /// that re-encoding yields; everything else is Errc::bad_key.
    static Result<PublicBundle> parse(ByteView encoded);

    [[nodiscard]] ByteView encoded() const noexcept { return encoded_; }
    [[nodiscard]] ByteView spki() const noexcept;
    [[nodiscard]] ByteView ed25519() const noexcept;
    [[nodiscard]] const Fingerprint& fingerprint() const noexcept { return fingerprint_; }
    /// Size of the RSA modulus, and so of an OAEP ciphertext, in bytes (384 to 512).
    [[nodiscard]] std::size_t modulus_size() const noexcept { return modulus_size_; }
    /// Ed25519 (RFC 8032) verification.
    [[nodiscard]] bool verify(ByteView message, ByteView signature) const;

private:
    Bytes encoded_;
    Fingerprint fingerprint_;
    std::size_t modulus_size_ = 0;
};

/// The private half, as bytes: safe to hand to another thread, which makes its own key objects of
/// it (a Botan object stays on the thread that made it).
struct IdentityKeys {
    SecretBytes rsa_pkcs8;     ///< PKCS#8 PrivateKeyInfo, DER
    SecretBytes ed25519_seed;  ///< 32 bytes
};

/// A usable identity: keys and their public bundle. Movable, bound to one thread.
class Identity {
public:
    /// Takes one to several seconds (RSA key generation): never on the UI or network thread.
    static Identity generate(RandomSource& random);
    static Result<Identity> from_keys(const IdentityKeys& keys);

    Identity(Identity&&) noexcept;
    Identity& operator=(Identity&&) noexcept;
    ~Identity();

    [[nodiscard]] IdentityKeys keys() const;
    [[nodiscard]] const PublicBundle& bundle() const noexcept;
    [[nodiscard]] const Fingerprint& fingerprint() const noexcept;
    /// Ed25519 (RFC 8032), 64 bytes.
    [[nodiscard]] Bytes sign(ByteView message) const;

private:
    struct Impl;
    explicit Identity(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::crypto
