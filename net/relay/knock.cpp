// SPDX-License-Identifier: MIT
//
//   key = SHA-256("kith1 knock" || fingerprint of the callee || token)
//   mac = HMAC-SHA-256(key, fingerprint of the relay || fingerprint of the caller || nonce)
#include "net/relay/knock.hpp"

#include "crypto/encoding.hpp"
#include "crypto/kdf.hpp"

namespace kith::net {
namespace {

crypto::Digest256 mac_of(const KnockParties& parties, crypto::ByteView token,
                         crypto::ByteView nonce) {
    const auto key = crypto::sha256({crypto::view("kith1 knock"), parties.callee.bytes, token});
    crypto::Bytes message;
    crypto::append(message, parties.relay.bytes);
    crypto::append(message, parties.caller.bytes);
    crypto::append(message, nonce);
    return crypto::hmac_sha256(key, message);
}

}  // namespace

KnockProof make_proof(const KnockParties& parties, crypto::ByteView token,
                      crypto::RandomSource& random) {
    KnockProof proof;
    proof.nonce = random.array<16>();
    proof.mac = mac_of(parties, token, proof.nonce);
    return proof;
}

bool fits(const KnockProof& proof, const KnockParties& parties, crypto::ByteView token) {
    return crypto::equal_constant_time(mac_of(parties, token, proof.nonce), proof.mac);
}

}  // namespace kith::net
