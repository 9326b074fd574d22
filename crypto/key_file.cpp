// SPDX-License-Identifier: MIT
#include "crypto/key_file.hpp"

#include <algorithm>
#include <exception>

#include "crypto/aead.hpp"
#include "crypto/encoding.hpp"

namespace kith::crypto {

namespace {

// Specification.
constexpr std::array<std::uint8_t, 8> magic{'K', 'I', 'T', 'H', 'K', 'E', 'Y', 0};
constexpr std::uint8_t version = 1;
enum Protection : std::uint8_t { clear = 0, password_argon2id = 1 };
constexpr std::size_t plain_header_size = magic.size() + 2;
constexpr std::size_t salt_size = 16;
constexpr std::size_t sealed_header_size = plain_header_size + 3 * 4 + salt_size;
constexpr std::size_t digest_size = 32;
constexpr std::size_t secret_size = 32;  ///< the Ed25519 seed; the database key

// Choice: PKCS#8 of RSA-4096 has less than 2,400 bytes.
constexpr std::size_t file_size_max = 8 * 1024;

std::uint32_t read_be32(ByteView bytes) {
    return static_cast<std::uint32_t>(read_big_endian<4>(bytes));
}

tl::unexpected<Error> malformed() {
    return fail(Errc::malformed, "The key file is damaged or is not a key file of Kith.");
}

/// BE32 length || PKCS#8 || Ed25519 seed || database key.
SecretBytes encode(const ProfileSecrets& secrets) {
    SecretBytes out;
    out.reserve(file_size_max);  // growing would leave copies behind
    append(out, big_endian<4>(secrets.identity.rsa_pkcs8.size()));
    for (const SecretBytes* part :
         {&secrets.identity.rsa_pkcs8, &secrets.identity.ed25519_seed, &secrets.database_key})
        append(out, *part);
    return out;
}

Result<ProfileSecrets> decode(ByteView payload) {
    if (payload.size() < 4 + 2 * secret_size) return malformed();
    const std::size_t size = read_be32(payload);
    if (payload.size() - 4 - 2 * secret_size != size) return malformed();
    const auto cut = [&](std::size_t from, std::size_t length) {
        const ByteView part = payload.subspan(from, length);
        return SecretBytes(part.begin(), part.end());
    };
    ProfileSecrets secrets{{cut(4, size), cut(4 + size, secret_size)},
                           cut(4 + size + secret_size, secret_size)};
    const auto usable = Identity::from_keys(secrets.identity);
    if (!usable) return tl::unexpected(usable.error());
    return secrets;
}

Bytes plain_header(Protection protection) {
    Bytes header(magic.begin(), magic.end());
    header.push_back(version);
    header.push_back(protection);
    return header;
}

Bytes seal_clear(const ProfileSecrets& secrets) {
    Bytes file = plain_header(clear);
    const SecretBytes payload = encode(secrets);
    file.reserve(file.size() + payload.size() + digest_size);
    append(file, payload);
    append(file, sha256({file}));
    return file;
}

Result<ProfileSecrets> open_clear(ByteView file) {
    if (file.size() < plain_header_size + digest_size) return malformed();
    const ByteView covered = file.first(file.size() - digest_size);
    if (!std::ranges::equal(sha256({covered}), file.last(digest_size)))
        return fail(Errc::checksum, "The key file is damaged. Restore it from a backup.");
    return decode(covered.subspan(plain_header_size));
}

/// Every salt is used for one file only, so the key seals one message and the nonce may be zero.
constexpr Nonce only_nonce{};

Bytes sealed_header(PasswordCost cost, RandomSource& random) {
    Bytes header = plain_header(password_argon2id);
    append(header, big_endian<4>(cost.memory_kib));
    append(header, big_endian<4>(cost.passes));
    append(header, big_endian<4>(cost.lanes));
    append(header, random.array<salt_size>());
    return header;
}

Result<SecretBytes> derive_key(ByteView header, std::string_view password) {
    const PasswordCost cost{read_be32(header.subspan(10)), read_be32(header.subspan(14)),
                            read_be32(header.subspan(18))};
    return argon2id(password, header.subspan(sealed_header_size - salt_size, salt_size), cost,
                    aead_key_size);
}

Result<ProfileSecrets> open_sealed(ByteView file, std::string_view password) {
    if (file.size() < sealed_header_size + aead_tag_size) return malformed();
    const ByteView header = file.first(sealed_header_size);
    const auto key = derive_key(header, password);
    if (!key) return tl::unexpected(key.error());
    const auto payload = aead_open(*key, only_nonce, header, file.subspan(sealed_header_size));
    if (!payload)
        return fail(Errc::wrong_password, "The password is wrong, or the key file is damaged.");
    return decode(*payload);
}

PasswordCost bounded(PasswordCost cost) {
    return {std::clamp(cost.memory_kib, password_cost_min.memory_kib, password_cost_max.memory_kib),
            std::clamp(cost.passes, password_cost_min.passes, password_cost_max.passes),
            std::clamp(cost.lanes, password_cost_min.lanes, password_cost_max.lanes)};
}

}  // namespace

Bytes seal_key_file(const ProfileSecrets& secrets, std::string_view password, RandomSource& random,
                    PasswordCost cost) {
    if (password.empty()) return seal_clear(secrets);
    Bytes file = sealed_header(bounded(cost), random);
    const auto key = derive_key(file, password);
    if (!key) throw std::bad_alloc();  // the cost is within bounds: memory is all that can lack
    append(file, aead_seal(*key, only_nonce, file, encode(secrets)));
    return file;
}

Result<bool> key_file_needs_password(ByteView file) {
    if (file.size() < plain_header_size || file.size() > file_size_max ||
        !std::ranges::equal(file.first(magic.size()), magic))
        return malformed();
    if (file[magic.size()] != version)
        return fail(Errc::newer_version,
                    "The key file was written by a newer Kith. Update yours to open it.");
    const std::uint8_t protection = file[magic.size() + 1];
    if (protection != clear && protection != password_argon2id) return malformed();
    return protection == password_argon2id;
}

Result<ProfileSecrets> open_key_file(ByteView file, std::string_view password) {
    const auto sealed = key_file_needs_password(file);
    if (!sealed) return tl::unexpected(sealed.error());
    return *sealed ? open_sealed(file, password) : open_clear(file);
}

}  // namespace kith::crypto
