// SPDX-License-Identifier: MIT
#include "crypto/parcel.hpp"

#include <algorithm>

#include "crypto/aead.hpp"
#include "crypto/encoding.hpp"
#include "crypto/kdf.hpp"

namespace kith::crypto {
namespace {

Bytes associated(const Parcel& parcel, std::uint32_t index) {
    Bytes bytes;
    append(bytes, view("kith1 parcel"));
    append(bytes, parcel.transfer);
    append(bytes, big_endian<8>(parcel.size));
    append(bytes, big_endian<4>(index));
    return bytes;
}

Digest256 seal_key(const Parcel& parcel) {
    return hmac_sha256(parcel.key, view("kith1 parcel seal"));
}

std::size_t padded(std::size_t size) {
    return (size + parcel_block - 1) / parcel_block * parcel_block;
}

}  // namespace

std::size_t Parcel::size_of(std::uint32_t index) const {
    const std::uint64_t before = std::uint64_t{index} * parcel_piece;
    if (before >= size) return 0;
    return static_cast<std::size_t>(std::min<std::uint64_t>(parcel_piece, size - before));
}

std::array<std::uint8_t, 16> parcel_id(const Parcel& parcel, std::uint32_t index) {
    Bytes label;
    append(label, view("kith1 parcel id"));
    append(label, big_endian<4>(index));
    const auto hash = hmac_sha256(parcel.key, label);
    std::array<std::uint8_t, 16> id{};
    std::copy_n(hash.begin(), id.size(), id.begin());
    return id;
}

Bytes seal_piece(const Parcel& parcel, std::uint32_t index, ByteView plaintext) {
    SecretBytes filled(plaintext.begin(), plaintext.end());
    filled.resize(padded(plaintext.size()));
    return aead_seal(seal_key(parcel), counter_nonce(index), associated(parcel, index), filled);
}

std::optional<SecretBytes> open_piece(const Parcel& parcel, std::uint32_t index, ByteView sealed) {
    const std::size_t size = parcel.size_of(index);
    if (size == 0 || sealed.size() != padded(size) + aead_tag_size) return std::nullopt;
    auto opened =
        aead_open(seal_key(parcel), counter_nonce(index), associated(parcel, index), sealed);
    if (opened) opened->resize(size);
    return opened;
}

}  // namespace kith::crypto
