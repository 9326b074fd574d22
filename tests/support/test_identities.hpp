// SPDX-License-Identifier: MIT
//
// Identities with fixed keys ("alice", "bob", "mallory" with RSA-3072, "carol" with RSA-4096), so
// that tests need not generate RSA keys. The including target defines KITH_TEST_VECTORS and links
// nlohmann_json.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "crypto/identity.hpp"

namespace kith::test {

inline crypto::IdentityKeys test_identity_keys(const std::string& name) {
    std::ifstream file(std::string(KITH_TEST_VECTORS) + "/identities.json");
    const auto keys = nlohmann::json::parse(file).at("identities").at(name);
    const auto secret = [&](const char* field) {
        const auto bytes = crypto::from_hex(keys.at(field).get<std::string>()).value();
        return crypto::SecretBytes(bytes.begin(), bytes.end());
    };
    return {secret("rsa_pkcs8"), secret("ed25519_seed")};
}

inline crypto::Identity test_identity(const std::string& name) {
    auto identity = crypto::Identity::from_keys(test_identity_keys(name));
    if (!identity) throw std::runtime_error("identities.json: " + name + " is not usable");
    return std::move(*identity);
}

}  // namespace kith::test
