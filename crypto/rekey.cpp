// SPDX-License-Identifier: MIT
#include "crypto/rekey.hpp"

#include "crypto/aead.hpp"
#include "crypto/encoding.hpp"
#include "crypto/kdf.hpp"

namespace kith::crypto {

namespace {

constexpr std::size_t rekey_secret_size = 64;

SecretBytes cut(ByteView bytes, std::size_t from, std::size_t size) {
    const ByteView part = bytes.subspan(from, size);
    return {part.begin(), part.end()};
}

}  // namespace

NextKeys derive_next_keys(ByteView rekey_secret, ByteView kem_secret, std::uint64_t generation,
                          ByteView public_key, ByteView ciphertext) {
    constexpr std::string_view label = "kith1 rekey keys";
    Bytes info(label.begin(), label.end());
    append(info, big_endian<8>(generation));
    append(info, sha512({public_key, ciphertext}));

    const SecretBytes out =
        hkdf_sha512(rekey_secret, kem_secret, info, 2 * aead_key_size + rekey_secret_size);
    return {cut(out, 0, aead_key_size), cut(out, aead_key_size, aead_key_size),
            cut(out, 2 * aead_key_size, rekey_secret_size)};
}

}  // namespace kith::crypto
