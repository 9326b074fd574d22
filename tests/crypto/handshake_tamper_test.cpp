// SPDX-License-Identifier: MIT
//
// Every byte of every message flipped, every message cut and extended: nothing is accepted, and
// nothing is asked of the RSA key that an unaltered message would not have asked.
#include "tests/crypto/handshake_pair.hpp"

using namespace kith::test;

namespace {

/// A responder that has answered M1, and an M3 for it.
HandshakePair before_m3() {
    HandshakePair pair;
    pair.exchange_m1();
    pair.exchange_m2();
    pair.exchange_m3();
    return pair;
}

const HandshakePair& recorded() {
    static HandshakePair pair;
    if (pair.m4.empty()) pair.run();
    return pair;
}

bool m1_accepted(ByteView m1) {
    HandshakePair pair;
    return pair.responder.receive(m1).has_value();
}

bool m2_accepted(ByteView m2) {
    HandshakePair pair;
    pair.exchange_m1();
    return pair.initiator.receive(m2).has_value();
}

/// Whether M4 would be written. `decrypted` counts RSA operations.
bool m3_accepted(ByteView m3, int& decrypted) {
    HandshakePair pair;
    pair.exchange_m1();
    pair.exchange_m2();
    auto step = pair.responder.receive(m3);
    if (!step) return false;
    ++decrypted;
    return pair.responder.resume(party("bob").decapsulate(job_of(std::move(step)))).has_value();
}

bool m4_accepted(ByteView m4, int& decrypted) {
    HandshakePair pair;
    pair.exchange_m1();
    pair.m2 = recorded().m2;
    pair.exchange_m3();
    auto step = pair.initiator.receive(m4);
    if (!step) return false;
    ++decrypted;
    return pair.initiator.resume(party("alice").decapsulate(job_of(std::move(step)))).has_value();
}

std::vector<Bytes> cut_and_extended(const Bytes& message) {
    std::vector<Bytes> out;
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{5}, std::size_t{6},
          std::size_t{7}, message.size() / 2, message.size() - 16, message.size() - 1})
        out.emplace_back(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    out.push_back(message);
    out.back().push_back(0);
    out.push_back(message);
    out.back().insert(out.back().begin(), 0);
    out.push_back(message);
    out.back().resize(1 << 20);
    return out;
}

}  // namespace

TEST_CASE("tampering: the unaltered messages are accepted") {
    int decrypted = 0;
    CHECK(m1_accepted(recorded().m1));
    CHECK(m2_accepted(recorded().m2));
    CHECK(m3_accepted(recorded().m3, decrypted));
    CHECK(m4_accepted(recorded().m4, decrypted));
    CHECK(decrypted == 2);
}

TEST_CASE("tampering: every byte of M1") {
    for (std::size_t at = 0; at < recorded().m1.size(); ++at)
        if (m1_accepted(flipped(recorded().m1, at)))
            FAIL("accepted with byte " << at << " flipped");
    SUCCEED();
}

TEST_CASE("tampering: every byte of M2") {
    for (std::size_t at = 0; at < recorded().m2.size(); ++at)
        if (m2_accepted(flipped(recorded().m2, at)))
            FAIL("accepted with byte " << at << " flipped");
    SUCCEED();
}

TEST_CASE("tampering: every byte of M3, and no decryption for a forged ciphertext") {
    int decrypted = 0;
    for (std::size_t at = 0; at < recorded().m3.size(); ++at)
        if (m3_accepted(flipped(recorded().m3, at), decrypted))
            FAIL("accepted with byte " << at << " flipped");
    CHECK(decrypted == 1202 - 528);  // the identity and payload behind the sealed ciphertext
}

TEST_CASE("tampering: every byte of M4, and no decryption for a forged ciphertext") {
    int decrypted = 0;
    for (std::size_t at = 0; at < recorded().m4.size(); ++at)
        if (m4_accepted(flipped(recorded().m4, at), decrypted))
            FAIL("accepted with byte " << at << " flipped");
    CHECK(decrypted == 16);  // the confirmation
}

TEST_CASE("tampering: every message cut and extended") {
    int decrypted = 0;
    for (const Bytes& wrong : cut_and_extended(recorded().m1)) CHECK_FALSE(m1_accepted(wrong));
    for (const Bytes& wrong : cut_and_extended(recorded().m2)) CHECK_FALSE(m2_accepted(wrong));
    for (const Bytes& wrong : cut_and_extended(recorded().m3))
        CHECK_FALSE(m3_accepted(wrong, decrypted));
    for (const Bytes& wrong : cut_and_extended(recorded().m4))
        CHECK_FALSE(m4_accepted(wrong, decrypted));
    CHECK(decrypted == 0);
}

TEST_CASE("tampering: after a refusal the unaltered message comes too late") {
    HandshakePair pair = before_m3();
    CHECK(refusal(pair.responder.receive(flipped(pair.m3, 0))) == Errc::not_authentic);
    CHECK(refusal(pair.responder.receive(pair.m3)) == Errc::out_of_order);
}

TEST_CASE("tampering: every byte of the first record, in both directions") {
    HandshakePair pair;
    pair.run();
    const Bytes message = text("the first words");
    const Bytes body = body_of(value(pair.initiator.take_channel().seal(message, start_of_time)));
    const Bytes answer = body_of(value(pair.responder.take_channel().seal(message, start_of_time)));
    for (std::size_t at = 0; at < body.size(); ++at) {
        HandshakePair again;
        again.run();
        RecordChannel at_callee = again.responder.take_channel();
        RecordChannel at_caller = again.initiator.take_channel();
        CHECK(refusal(at_callee.open(flipped(body, at), start_of_time)) == Errc::not_authentic);
        CHECK(refusal(at_caller.open(flipped(answer, at), start_of_time)) == Errc::not_authentic);
        CHECK(refusal(at_callee.open(body, start_of_time)) == Errc::out_of_order);
    }
}
