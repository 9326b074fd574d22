// SPDX-License-Identifier: MIT
//
// A handshake computed from its messages and secrets with the symmetric state alone, as
// docs/protocol.md gives it, without Initiator and Responder.
#pragma once

#include "crypto/handshake_wire.hpp"
#include "tests/crypto/handshake_pair.hpp"

namespace kith::test {

inline Fingerprint fingerprint_of(const std::string& name) {
    return party(name).identity.fingerprint();
}

inline SymmetricState opening(const Bytes& m1, const Fingerprint& callee) {
    const auto first = value(wire::parse_first(m1));
    return wire::begin(
        {first.header, protocol_version, callee, Path::direct, first.public_key, first.mac1});
}

/// The state at the end of a recorded handshake, from the three secrets. Without the ephemeral
/// secret its step is left out, as somebody without it has to.
inline SymmetricState replay(const HandshakePair& pair, const SecretBytes& ephemeral,
                             ByteView skem_responder, ByteView skem_initiator) {
    SymmetricState state = opening(pair.m1, fingerprint_of(pair.setup.callee));
    wire::Cutter m2(pair.m2);
    (void)m2.take(2);
    state.mix_hash(m2.take(xwing::ciphertext_size));
    if (!ephemeral.empty()) state.mix_key(ephemeral);
    state.mix_hash(m2.take(wire::sealed_identity_size));
    state.mix_hash(m2.take(wire::tag_size));
    wire::Cutter m3(pair.m3);
    state.mix_hash(m3.take(wire::sealed_ciphertext_size));
    state.mix_key_and_hash(skem_responder);
    state.mix_hash(m3.take(wire::sealed_identity_size));
    state.mix_hash(m3.take(wire::tag_size));
    wire::Cutter m4(pair.m4);
    state.mix_hash(m4.take(wire::sealed_ciphertext_size));
    state.mix_key_and_hash(skem_initiator);
    state.mix_hash(m4.take(wire::tag_size));
    return state;
}

/// What the initiator of a HandshakePair draws first: the seed of its ephemeral key.
inline SecretBytes ephemeral_secret(const HandshakePair& pair) {
    DeterministicRandom random(1);
    const auto key = xwing::generate(random);
    return value(
        xwing::decapsulate(key.seed, ByteView(pair.m2).subspan(2, xwing::ciphertext_size)));
}

}  // namespace kith::test
