// SPDX-License-Identifier: MIT
#include "crypto/symmetric_state.hpp"

#include <algorithm>

#include "crypto/aead.hpp"

namespace kith::crypto {

namespace {

constexpr std::size_t hash_size = 64;

/// A name no longer than the hash is padded with zeros, a longer one hashed.
Digest512 initial_hash(std::string_view name) {
    if (name.size() > hash_size) return sha512({view(name)});
    Digest512 hash{};
    std::copy(name.begin(), name.end(), hash.begin());
    return hash;
}

}  // namespace

SymmetricState::SymmetricState(std::string_view protocol_name)
    : hash_(initial_hash(protocol_name)) {
    chaining_key_.assign(hash_.begin(), hash_.end());
}

void SymmetricState::mix_hash(ByteView data) { hash_ = sha512({hash_, data}); }

void SymmetricState::mix_key(ByteView key_material) {
    const SecretBytes out = hkdf_sha512(chaining_key_, key_material, {}, 2 * hash_size);
    chaining_key_.assign(out.begin(), out.begin() + hash_size);
    set_key(ByteView(out).subspan(hash_size));
}

void SymmetricState::mix_key_and_hash(ByteView key_material) {
    const SecretBytes out = hkdf_sha512(chaining_key_, key_material, {}, 3 * hash_size);
    chaining_key_.assign(out.begin(), out.begin() + hash_size);
    mix_hash(ByteView(out).subspan(hash_size, hash_size));
    set_key(ByteView(out).subspan(2 * hash_size));
}

void SymmetricState::set_key(ByteView hkdf_output) {
    key_.assign(hkdf_output.begin(), hkdf_output.begin() + aead_key_size);
    counter_ = 0;
}

Bytes SymmetricState::encrypt_and_hash(ByteView plaintext) {
    Bytes out = key_.empty() ? Bytes(plaintext.begin(), plaintext.end())
                             : aead_seal(key_, counter_nonce(counter_++), hash_, plaintext);
    mix_hash(out);
    return out;
}

Result<SecretBytes> SymmetricState::decrypt_and_hash(ByteView ciphertext) {
    std::optional<SecretBytes> out(std::in_place, ciphertext.begin(), ciphertext.end());
    if (!key_.empty()) out = aead_open(key_, counter_nonce(counter_), hash_, ciphertext);
    if (!out)
        return fail(Errc::not_authentic, "A handshake message was altered or is not meant for us.");
    if (!key_.empty()) ++counter_;
    mix_hash(ciphertext);
    return std::move(*out);
}

SecretBytes SymmetricState::derive(ByteView info, std::size_t size) const {
    return hkdf_sha512(chaining_key_, {}, info, size);
}

}  // namespace kith::crypto
