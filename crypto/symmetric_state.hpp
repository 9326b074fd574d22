// SPDX-License-Identifier: MIT
//
// The Noise symmetric state (Noise rev. 34, section 5.2) with SHA-512 and AES-256-GCM. Internal to
// crypto/. A value: the handshake works on a copy and commits it once everything is verified.
#pragma once

#include "crypto/error.hpp"
#include "crypto/kdf.hpp"

namespace kith::crypto {

class SymmetricState {
public:
    explicit SymmetricState(std::string_view protocol_name);  ///< InitializeSymmetric

    void mix_hash(ByteView data);
    void mix_key(ByteView key_material);
    void mix_key_and_hash(ByteView key_material);

    /// Plaintext itself before the first mix_key; afterwards ciphertext || tag (16).
    [[nodiscard]] Bytes encrypt_and_hash(ByteView plaintext);
    /// Errors: not_authentic; the state is then unchanged.
    [[nodiscard]] Result<SecretBytes> decrypt_and_hash(ByteView ciphertext);

    [[nodiscard]] const Digest512& handshake_hash() const noexcept { return hash_; }
    /// HKDF-SHA-512 of the chaining key. Split() is this with no info and 128 bytes.
    [[nodiscard]] SecretBytes derive(ByteView info, std::size_t size) const;

private:
    void set_key(ByteView hkdf_output);

    SecretBytes chaining_key_;
    SecretBytes key_;  ///< empty until the first mix_key
    std::uint64_t counter_ = 0;
    Digest512 hash_{};
};

}  // namespace kith::crypto
