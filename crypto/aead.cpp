// SPDX-License-Identifier: MIT
#include "crypto/aead.hpp"

#include <botan/aead.h>
#include <botan/exceptn.h>

#include <algorithm>
#include <exception>

#include "crypto/encoding.hpp"

namespace kith::crypto {

namespace {

/// Botan encrypts and hashes in two passes: this much at a time stays in the first-level cache.
constexpr std::size_t chunk = 16 * 1024;

std::unique_ptr<Botan::AEAD_Mode> keyed(Botan::Cipher_Dir direction, ByteView key) {
    if (key.size() != aead_key_size) std::terminate();  // a mistake of the caller
    auto mode = Botan::AEAD_Mode::create_or_throw("AES-256/GCM", direction);
    mode->set_key(key);
    return mode;
}

void process(Botan::AEAD_Mode& mode, MutableByteView in_place) {
    while (!in_place.empty()) {
        const std::size_t size = std::min(chunk, in_place.size());
        mode.process(in_place.first(size));
        in_place = in_place.subspan(size);
    }
}

}  // namespace

Nonce counter_nonce(std::uint64_t counter) noexcept {
    Nonce nonce{};
    std::ranges::copy(big_endian<8>(counter), nonce.begin() + 4);
    return nonce;
}

struct AeadSealer::Impl {
    std::unique_ptr<Botan::AEAD_Mode> mode;
    Botan::secure_vector<std::uint8_t> last;  ///< kept, so that its memory is reused
};

AeadSealer::AeadSealer(ByteView key)
    : impl_(new Impl{keyed(Botan::Cipher_Dir::Encryption, key), {}}) {}
AeadSealer::AeadSealer(AeadSealer&&) noexcept = default;
AeadSealer& AeadSealer::operator=(AeadSealer&&) noexcept = default;
AeadSealer::~AeadSealer() = default;

void AeadSealer::seal(const Nonce& nonce, ByteView associated, MutableByteView in_place,
                      std::span<std::uint8_t, aead_tag_size> tag) {
    impl_->mode->set_associated_data(associated);
    impl_->mode->start(nonce);
    process(*impl_->mode, in_place);
    impl_->last.clear();
    impl_->mode->finish(impl_->last);
    std::copy(impl_->last.begin(), impl_->last.end(), tag.begin());
}

struct AeadOpener::Impl {
    std::unique_ptr<Botan::AEAD_Mode> mode;
    Botan::secure_vector<std::uint8_t> last;
};

AeadOpener::AeadOpener(ByteView key)
    : impl_(new Impl{keyed(Botan::Cipher_Dir::Decryption, key), {}}) {}
AeadOpener::AeadOpener(AeadOpener&&) noexcept = default;
AeadOpener& AeadOpener::operator=(AeadOpener&&) noexcept = default;
AeadOpener::~AeadOpener() = default;

bool AeadOpener::open(const Nonce& nonce, ByteView associated, MutableByteView in_place,
                      std::span<const std::uint8_t, aead_tag_size> tag) {
    try {
        impl_->mode->set_associated_data(associated);
        impl_->mode->start(nonce);
        process(*impl_->mode, in_place);
        impl_->last.assign(tag.begin(), tag.end());
        impl_->mode->finish(impl_->last);
        return true;
    } catch (const Botan::Invalid_Authentication_Tag&) {
        wipe(in_place);
        return false;
    }
}

Bytes aead_seal(ByteView key, const Nonce& nonce, ByteView associated, ByteView plaintext) {
    Bytes out(plaintext.begin(), plaintext.end());
    out.resize(plaintext.size() + aead_tag_size);
    const MutableByteView all(out);
    AeadSealer(key).seal(nonce, associated, all.first(plaintext.size()), all.last<aead_tag_size>());
    return out;
}

std::optional<SecretBytes> aead_open(ByteView key, const Nonce& nonce, ByteView associated,
                                     ByteView ciphertext) {
    if (ciphertext.size() < aead_tag_size) return std::nullopt;
    const ByteView body = ciphertext.first(ciphertext.size() - aead_tag_size);
    SecretBytes out(body.begin(), body.end());
    if (!AeadOpener(key).open(nonce, associated, out, ciphertext.last<aead_tag_size>()))
        return std::nullopt;
    return out;
}

}  // namespace kith::crypto
