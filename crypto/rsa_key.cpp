// SPDX-License-Identifier: MIT
#include "crypto/rsa_key.hpp"

#include <botan/data_src.h>
#include <botan/pkcs8.h>
#include <botan/system_rng.h>
#include <botan/x509_key.h>

#include <algorithm>

#include "crypto/identity.hpp"

namespace kith::crypto {

namespace {

bool acceptable(const Botan::RSA_PublicKey& key) {
    const std::size_t bits = key.get_n().bits();
    return bits >= rsa_bits_min && bits <= rsa_bits_max && key.get_n().is_odd() &&
           key.get_e() == 65537;
}

}  // namespace

Result<RsaPublicKey> parse_rsa_spki(ByteView spki) {
    const auto refused = fail(Errc::bad_key, "The public RSA key is not one Kith accepts.");
    try {
        const std::shared_ptr<Botan::Public_Key> key = Botan::X509::load_key(spki);
        const auto* rsa = dynamic_cast<const Botan::RSA_PublicKey*>(key.get());
        if (rsa == nullptr || !acceptable(*rsa)) return refused;
        if (!std::ranges::equal(rsa->subject_public_key(), spki)) return refused;
        return std::make_unique<const Botan::RSA_PublicKey>(*rsa);
    } catch (const Botan::Exception&) {
        return refused;
    }
}

Result<RsaPrivateKey> parse_rsa_pkcs8(ByteView pkcs8, Verify verify) {
    const auto refused = fail(Errc::bad_key, "The private RSA key is not one Kith accepts.");
    try {
        Botan::DataSource_Memory source(pkcs8);
        const auto key = Botan::PKCS8::load_key(source);
        const auto* rsa = dynamic_cast<const Botan::RSA_PrivateKey*>(key.get());
        if (rsa == nullptr || !acceptable(*rsa)) return refused;
        if (!std::ranges::equal(Botan::PKCS8::BER_encode(*rsa), pkcs8)) return refused;
        if (verify == Verify::yes && !rsa->check_key(Botan::system_rng(), false)) return refused;
        return std::make_unique<const Botan::RSA_PrivateKey>(*rsa);
    } catch (const Botan::Exception&) {
        return refused;
    }
}

}  // namespace kith::crypto
