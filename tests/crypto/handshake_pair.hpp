// SPDX-License-Identifier: MIT
//
// Both ends of a handshake between fixed identities with fixed randomness: made twice, it gives the
// same messages twice, so that a test can come back to any point of it.
#pragma once

#include <map>

#include "crypto/handshake.hpp"
#include "tests/crypto/checks.hpp"
#include "tests/support/deterministic_random.hpp"
#include "tests/support/test_identities.hpp"

namespace kith::test {

using namespace crypto;

struct Party {
    Identity identity;
    oaep_kem::Decapsulator decapsulator;

    [[nodiscard]] const PublicBundle& bundle() const { return identity.bundle(); }
    [[nodiscard]] SecretBytes decapsulate(ByteView ciphertext) const {
        DeterministicRandom random(99);
        return decapsulator.decapsulate(ciphertext, random);
    }
};

inline const Party& party(const std::string& name) {
    static std::map<std::string, Party> parties;
    auto found = parties.find(name);
    if (found == parties.end()) {
        auto lane = value(oaep_kem::Decapsulator::from_keys(test_identity_keys(name)));
        found = parties.emplace(name, Party{test_identity(name), std::move(lane)}).first;
    }
    return found->second;
}

inline const Bytes invite_token = {1, 2, 3, 4, 5, 6, 7, 8};
inline const Bytes contact_token = {16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

/// Admits whoever holds one of the two tokens; the contact is alice.
inline std::optional<TokenMatch> lookup(const std::function<bool(ByteView)>& matches) {
    if (matches(contact_token)) return TokenMatch{true, party("alice").identity.fingerprint()};
    if (matches(invite_token)) return TokenMatch{};
    return std::nullopt;
}

inline Bytes message_of(Result<HandshakeStep> step) {
    return std::get<SendMessage>(value(std::move(step))).message;
}
inline Bytes job_of(Result<HandshakeStep> step) {
    return std::get<DecryptJob>(value(std::move(step))).ciphertext;
}

struct Setup {
    std::string caller = "alice";
    std::string callee = "bob";
    Bytes token = invite_token;
    Path caller_path = Path::direct;
    Path callee_path = Path::direct;
};

struct HandshakePair {
    explicit HandshakePair(Setup with = {})
        : setup(std::move(with)),
          initiator(party(setup.caller).bundle(),
                    {party(setup.callee).identity.fingerprint(), setup.token, setup.caller_path},
                    initiator_random),
          responder(party(setup.callee).bundle(), {lookup, setup.callee_path}, responder_random) {}

    void exchange_m1() { m1 = initiator.start(); }
    void exchange_m2() { m2 = message_of(responder.receive(m1)); }
    void exchange_m3() { m3 = message_of(initiator.receive(m2)); }
    void exchange_m4() {
        responder_secret = party(setup.callee).decapsulate(job_of(responder.receive(m3)));
        m4 = message_of(responder.resume(responder_secret));
    }
    void finish() {
        initiator_secret = party(setup.caller).decapsulate(job_of(initiator.receive(m4)));
        REQUIRE(std::holds_alternative<Finished>(value(initiator.resume(initiator_secret))));
    }
    HandshakePair& run() {
        exchange_m1();
        exchange_m2();
        exchange_m3();
        exchange_m4();
        finish();
        return *this;
    }

    Setup setup;
    DeterministicRandom initiator_random{1};
    DeterministicRandom responder_random{2};
    Initiator initiator;
    Responder responder;
    Bytes m1, m2, m3, m4;
    SecretBytes responder_secret, initiator_secret;
};

constexpr MonotonicTime start_of_time{1000};

/// The body of the one frame in `frame`, whose length prefix has to agree.
inline Bytes body_of(const Bytes& frame) {
    REQUIRE(frame.size() > 4);
    const std::size_t length = (std::size_t{frame[0]} << 24) | (std::size_t{frame[1]} << 16) |
                               (std::size_t{frame[2]} << 8) | frame[3];
    REQUIRE(length == frame.size() - 4);
    return {frame.begin() + 4, frame.end()};
}

inline Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

}  // namespace kith::test
