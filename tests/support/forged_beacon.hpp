// SPDX-License-Identifier: MIT
//
// What a hostile member of a team can make: an announcement with somebody else's key in it, and a
// signature that is not theirs. Layout: docs/protocol.md, "LAN discovery".
#pragma once

#include <algorithm>

#include "crypto/aead.hpp"
#include "crypto/beacon.hpp"

namespace kith::test {

inline crypto::Bytes forged_beacon(const crypto::Beacon& beacon, const crypto::TeamKey& team,
                                   const crypto::SignerKey& claimed, const crypto::SigningKey& own,
                                   crypto::RandomSource& random) {
    constexpr std::size_t random_size = 24, signer_at = 77;
    const auto sealed = crypto::seal_beacon(beacon, team, own, random);
    const auto salt = crypto::ByteView(sealed).first(random_size);
    const auto keys = crypto::hkdf_sha512(salt, team, crypto::view("kith1 beacon"), 64);
    const auto key = crypto::ByteView(keys).first(32);
    auto plain =
        crypto::aead_open(key, crypto::Nonce{}, {}, crypto::ByteView(sealed).subspan(random_size))
            .value();
    std::ranges::copy(claimed, plain.begin() + signer_at);
    crypto::Bytes out(salt.begin(), salt.end());
    const auto again = crypto::aead_seal(key, crypto::Nonce{}, {}, plain);
    out.insert(out.end(), again.begin(), again.end());
    return out;
}

}  // namespace kith::test
