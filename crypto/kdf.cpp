// SPDX-License-Identifier: MIT
#include "crypto/kdf.hpp"

#include <botan/exceptn.h>
#include <botan/hash.h>
#include <botan/kdf.h>
#include <botan/mac.h>
#include <botan/pwdhash.h>

#include <exception>
#include <new>

namespace kith::crypto {

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> hash(std::string_view name, std::initializer_list<ByteView> parts) {
    const auto function = Botan::HashFunction::create_or_throw(name);
    for (const ByteView part : parts) function->update(part);
    std::array<std::uint8_t, N> digest{};
    function->final(std::span<std::uint8_t>(digest));
    return digest;
}

bool acceptable(PasswordCost cost) noexcept {
    const auto within = [](std::uint32_t value, std::uint32_t low, std::uint32_t high) {
        return value >= low && value <= high;
    };
    return within(cost.memory_kib, password_cost_min.memory_kib, password_cost_max.memory_kib) &&
           within(cost.passes, password_cost_min.passes, password_cost_max.passes) &&
           within(cost.lanes, password_cost_min.lanes, password_cost_max.lanes);
}

}  // namespace

Digest256 sha256(std::initializer_list<ByteView> parts) { return hash<32>("SHA-256", parts); }

Digest512 sha512(std::initializer_list<ByteView> parts) { return hash<64>("SHA-512", parts); }

Digest256 hmac_sha256(ByteView key, ByteView message) {
    const auto mac = Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
    mac->set_key(key);
    mac->update(message);
    Digest256 tag{};
    mac->final(std::span<std::uint8_t>(tag));
    return tag;
}

SecretBytes hkdf_sha512(ByteView salt, ByteView key_material, ByteView info, std::size_t size) {
    if (size > 255 * sizeof(Digest512)) std::terminate();  // a mistake of the caller
    SecretBytes out(size);
    const auto kdf = Botan::KDF::create_or_throw("HKDF(SHA-512)");
    kdf->derive_key(std::span<std::uint8_t>(out), key_material, salt, info);
    return out;
}

Result<SecretBytes> argon2id(std::string_view password, ByteView salt, PasswordCost cost,
                             std::size_t size) {
    if (!acceptable(cost) || salt.size() < 8)
        return fail(Errc::limits, "The cost of the password derivation is out of bounds.");
    try {
        const auto function = Botan::PasswordHashFamily::create_or_throw("Argon2id")
                                  ->from_params(cost.memory_kib, cost.passes, cost.lanes);
        SecretBytes out(size);
        function->derive_key(out.data(), out.size(), password.data(), password.size(), salt.data(),
                             salt.size());
        return out;
    } catch (const Botan::Exception&) {
        return fail(Errc::limits, "The cost of the password derivation is not supported.");
    } catch (const std::bad_alloc&) {
        return fail(Errc::limits, "Not enough memory to derive the key from the password.");
    }
}

}  // namespace kith::crypto
