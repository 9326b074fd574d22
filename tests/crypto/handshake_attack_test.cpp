// SPDX-License-Identifier: MIT
//
// Attackers of docs/threat-model.md against the handshake. What they compute is written here from
// docs/protocol.md with the symmetric state alone, without Initiator and Responder.
#include <catch2/generators/catch_generators.hpp>

#include "tests/crypto/handshake_replay.hpp"

using namespace kith::test;

namespace {

/// M1 with another header or key, and a mac1 as only a holder of the token can make it.
Bytes forged_m1(ByteView header, ByteView public_key, const Fingerprint& callee, ByteView token) {
    Bytes m1(header.begin(), header.end());
    append(m1, public_key);
    append(m1, hmac_sha256(wire::mac1_key(callee, token), wire::mac1_digest(m1)));
    return m1;
}

/// M2 in the name of whoever `claimed` is, as anybody who knows the token can write it.
Bytes forged_m2(SymmetricState& state, const Bytes& m1, const PublicBundle& claimed,
                RandomSource& random) {
    const auto sent = value(xwing::encapsulate(value(wire::parse_first(m1)).public_key, random));
    Bytes m2{0, 1};
    append(m2, sent.ciphertext);
    state.mix_hash(sent.ciphertext);
    state.mix_key(sent.secret);
    append(m2, state.encrypt_and_hash(wire::identity_block(claimed)));
    append(m2, state.encrypt_and_hash({}));
    return m2;
}

RecordChannel channel_of(const SymmetricState& state, RecordChannel::Side side,
                         RandomSource& random) {
    return {side, wire::session_keys(state, side), random};
}

}  // namespace

TEST_CASE("forward secrecy: both static keys and the transcript do not open the session") {
    HandshakePair pair;
    pair.run();
    const Bytes record =
        body_of(value(pair.initiator.take_channel().seal(text("secret"), start_of_time)));
    // The thief is even given both static secrets; from the transcript alone he would first need
    // the ephemeral one to reach the ciphertexts they travelled in.
    const SecretBytes& to_responder = pair.responder_secret;
    const SecretBytes& to_initiator = pair.initiator_secret;
    DeterministicRandom random(9);

    SECTION("with the ephemeral secret the same computation opens it") {
        const auto state = replay(pair, ephemeral_secret(pair), to_responder, to_initiator);
        auto channel = channel_of(state, RecordChannel::Side::responder, random);
        CHECK(value(channel.open(record, start_of_time)).payload == text("secret"));
    }
    SECTION("without it, or with anything derived from the static keys in its place, it does not") {
        for (const SecretBytes& guess :
             {SecretBytes(), SecretBytes(32), to_responder, to_initiator}) {
            const auto state = replay(pair, guess, to_responder, to_initiator);
            auto channel = channel_of(state, RecordChannel::Side::responder, random);
            CHECK(refusal(channel.open(record, start_of_time)) == Errc::not_authentic);
        }
    }
    SECTION("and each static secret is needed as well") {
        for (const auto& [first, second] :
             {std::pair{SecretBytes(32), to_initiator}, {to_responder, SecretBytes(32)}}) {
            const auto state = replay(pair, ephemeral_secret(pair), first, second);
            auto channel = channel_of(state, RecordChannel::Side::responder, random);
            CHECK(refusal(channel.open(record, start_of_time)) == Errc::not_authentic);
        }
    }
}

TEST_CASE("KCI: whoever holds the initiator's keys cannot pose as the responder to it") {
    // Mallory has alice's keys, bob's public bundle and the token; alice dials bob.
    DeterministicRandom random(4);
    HandshakePair pair;
    pair.exchange_m1();
    SymmetricState mallory = opening(pair.m1, fingerprint_of("bob"));
    const Bytes m2 = forged_m2(mallory, pair.m1, party("bob").bundle(), random);
    const Bytes m3 = message_of(pair.initiator.receive(m2));  // alice cannot know yet

    wire::Cutter cutter(m3);
    const auto block = value(mallory.decrypt_and_hash(cutter.take(wire::sealed_ciphertext_size)));
    const Bytes ciphertext = value(wire::parse_ciphertext_block(block, 384));
    const SecretBytes guess = party("alice").decapsulate(ciphertext);  // the only key she has
    CHECK(guess != party("bob").decapsulate(ciphertext));
    mallory.mix_key_and_hash(guess);
    mallory.mix_hash(cutter.take(wire::sealed_identity_size));
    mallory.mix_hash(cutter.take(wire::tag_size));

    const auto sent = value(oaep_kem::encapsulate(party("alice").bundle(), random));
    Bytes m4 = mallory.encrypt_and_hash(wire::ciphertext_block(sent.ciphertext));
    mallory.mix_key_and_hash(sent.secret);
    append(m4, mallory.encrypt_and_hash({}));
    CHECK(refusal(pair.initiator.receive(m4)) == Errc::not_authentic);
}

TEST_CASE("KCI: whoever holds the responder's keys cannot pose as somebody else to it") {
    // Mallory has bob's keys and alice's public bundle, and calls bob as alice. Everything up to M4
    // goes through: bob shows nothing before the first record opens.
    HandshakePair pair;
    pair.exchange_m1();
    pair.exchange_m2();
    pair.exchange_m3();
    pair.exchange_m4();
    const Bytes ciphertext = job_of(pair.initiator.receive(pair.m4));
    RecordChannel at_bob = pair.responder.take_channel();
    const SecretBytes guess = party("bob").decapsulate(ciphertext);  // the only key she has
    CHECK(guess != party("alice").decapsulate(ciphertext));

    DeterministicRandom random(5);
    const auto state = replay(pair, ephemeral_secret(pair), pair.responder_secret, guess);
    auto mallory = channel_of(state, RecordChannel::Side::initiator, random);
    const Bytes record = body_of(value(mallory.seal(text("I am alice"), start_of_time)));
    CHECK(refusal(at_bob.open(record, start_of_time)) == Errc::not_authentic);
}

TEST_CASE("the dialled fingerprint decides: another identity gets nothing of the caller's") {
    // Mallory knows bob's connection ID and answers with her own, well-formed bundle.
    DeterministicRandom random(6);
    HandshakePair pair;
    pair.exchange_m1();
    SymmetricState mallory = opening(pair.m1, fingerprint_of("bob"));
    const Bytes m2 = forged_m2(mallory, pair.m1, party("mallory").bundle(), random);
    CHECK(refusal(pair.initiator.receive(m2)) == Errc::wrong_fingerprint);
    CHECK(refusal(pair.initiator.receive(m2)) == Errc::out_of_order);
}

TEST_CASE("a call for somebody else is not even answered") {
    HandshakePair pair({"alice", "bob"});
    HandshakePair other({"alice", "mallory"});
    pair.exchange_m1();
    CHECK(refusal(other.responder.receive(pair.m1)) == Errc::not_authentic);
}

TEST_CASE("prologue: both sides have to mean the same path") {
    for (const auto& [caller, callee] :
         {std::pair{Path::direct, Path::relayed}, {Path::relayed, Path::direct}}) {
        HandshakePair pair({"alice", "bob", invite_token, caller, callee});
        pair.exchange_m1();
        pair.exchange_m2();
        CHECK(refusal(pair.initiator.receive(pair.m2)) == Errc::not_authentic);
    }
}

TEST_CASE("downgrade: somebody in the middle who knows the token changes what was offered") {
    HandshakePair pair;
    pair.exchange_m1();
    const auto first = value(wire::parse_first(pair.m1));
    SECTION("versions added or taken away break the hash at the initiator") {
        for (const std::vector<std::uint16_t>& versions :
             {std::vector<std::uint16_t>{1, 2}, {0, 1}, {1, 2, 3, 65535}}) {
            const Bytes m1 = forged_m1(wire::first_header(versions), first.public_key,
                                       fingerprint_of("bob"), invite_token);
            HandshakePair again;
            again.exchange_m1();
            const Bytes m2 = message_of(again.responder.receive(m1));
            CHECK(refusal(again.initiator.receive(m2)) == Errc::not_authentic);
        }
    }
    SECTION("so do flags") {
        Bytes header(first.header.begin(), first.header.end());
        header[4] = 1;
        const Bytes m1 = forged_m1(header, first.public_key, fingerprint_of("bob"), invite_token);
        const Bytes m2 = message_of(pair.responder.receive(m1));
        CHECK(refusal(pair.initiator.receive(m2)) == Errc::not_authentic);
    }
    SECTION("and a mac1 made with the other token") {
        const Bytes m1 =
            forged_m1(first.header, first.public_key, fingerprint_of("bob"), contact_token);
        const Bytes m2 = message_of(pair.responder.receive(m1));
        CHECK(refusal(pair.initiator.receive(m2)) == Errc::not_authentic);
    }
    SECTION("and a key put in the place of the initiator's") {
        DeterministicRandom random(7);
        const auto own = xwing::generate(random);
        const Bytes m1 =
            forged_m1(first.header, own.public_key, fingerprint_of("bob"), invite_token);
        const Bytes m2 = message_of(pair.responder.receive(m1));
        CHECK(refusal(pair.initiator.receive(m2)) == Errc::not_authentic);
    }
    SECTION("a version that was not offered is refused by name") {
        pair.exchange_m2();
        pair.m2[1] = 2;
        CHECK(refusal(pair.initiator.receive(pair.m2)) == Errc::unsupported_version);
    }
}

TEST_CASE("M1: what the holder of a token cannot make the responder accept") {
    HandshakePair pair;
    pair.exchange_m1();
    const auto first = value(wire::parse_first(pair.m1));
    const auto refused = [&](ByteView header, ByteView key) {
        HandshakePair fresh;
        return refusal(
            fresh.responder.receive(forged_m1(header, key, fingerprint_of("bob"), invite_token)));
    };
    const auto versions = [](std::vector<std::uint16_t> list) { return wire::first_header(list); };
    CHECK(refused(versions({2}), first.public_key) == Errc::unsupported_version);
    CHECK(refused(versions({2, 3}), first.public_key) == Errc::unsupported_version);
    CHECK(refused(versions({1, 1}), first.public_key) == Errc::malformed);
    CHECK(refused(versions({2, 1}), first.public_key) == Errc::malformed);
    CHECK(refused(versions({}), first.public_key) == Errc::malformed);
    CHECK(refused(versions({1, 2, 3, 4, 5, 6, 7, 8, 9}), first.public_key) == Errc::malformed);
    Bytes magic = versions({1});
    magic[0] = 'k';
    CHECK(refused(magic, first.public_key) == Errc::bad_magic);
    CHECK(refused(versions({1}), Bytes(xwing::public_key_size, 0xff)) == Errc::bad_key);
    Bytes count_lies = versions({1});
    count_lies[5] = 2;
    CHECK(refused(count_lies, first.public_key) == Errc::wrong_length);
}

TEST_CASE("reflection: M1 and M2 sent back where they came from") {
    HandshakePair pair;
    pair.exchange_m1();
    CHECK(refusal(pair.initiator.receive(pair.m1)) == Errc::wrong_length);
    // The same person also listens: with the same tokens, and even then her M1 is not for her.
    DeterministicRandom random(8);
    Responder alice(party("alice").bundle(), {lookup, Path::direct}, random);
    CHECK(refusal(alice.receive(pair.m1)) == Errc::not_authentic);
    pair.exchange_m2();
    CHECK(refusal(pair.responder.receive(pair.m2)) == Errc::wrong_length);
}

TEST_CASE("replay: a recorded conversation gets no further than M2") {
    HandshakePair recorded;
    recorded.run();
    HandshakePair now;
    now.responder_random = DeterministicRandom(77);  // as a real one: never the same twice
    const Bytes m2 = message_of(now.responder.receive(recorded.m1));
    CHECK(m2 != recorded.m2);
    CHECK(refusal(now.responder.receive(recorded.m3)) == Errc::not_authentic);

    HandshakePair caller;
    caller.initiator_random = DeterministicRandom(78);
    caller.exchange_m1();
    CHECK(refusal(caller.initiator.receive(recorded.m2)) == Errc::not_authentic);
}

TEST_CASE("splice: messages of two sessions between the same people do not mix") {
    HandshakePair one;
    HandshakePair two;
    two.initiator_random = DeterministicRandom(60);
    two.responder_random = DeterministicRandom(61);
    for (HandshakePair* pair : {&one, &two}) {
        pair->exchange_m1();
        pair->exchange_m2();
        pair->exchange_m3();
    }
    CHECK(refusal(one.responder.receive(two.m3)) == Errc::not_authentic);
    two.exchange_m4();
    CHECK(refusal(one.initiator.receive(two.m4)) == Errc::not_authentic);
}

TEST_CASE("an identity with a key that Kith does not accept is refused inside M3") {
    // A well-formed handshake by somebody whose bundle is not acceptable.
    DeterministicRandom random(10);
    HandshakePair pair;
    const auto own = xwing::generate(random);
    const Bytes m1 = forged_m1(wire::first_header(std::array{protocol_version}), own.public_key,
                               fingerprint_of("bob"), invite_token);
    const Bytes m2 = message_of(pair.responder.receive(m1));
    SymmetricState caller = opening(m1, fingerprint_of("bob"));
    wire::Cutter cutter(m2);
    (void)cutter.take(2);
    const ByteView ciphertext = cutter.take(xwing::ciphertext_size);
    caller.mix_hash(ciphertext);
    caller.mix_key(value(xwing::decapsulate(own.seed, ciphertext)));
    (void)value(caller.decrypt_and_hash(cutter.take(wire::sealed_identity_size)));
    (void)value(caller.decrypt_and_hash(cutter.take(wire::tag_size)));

    const auto sent = value(oaep_kem::encapsulate(party("bob").bundle(), random));
    Bytes m3 = caller.encrypt_and_hash(wire::ciphertext_block(sent.ciphertext));
    caller.mix_key_and_hash(sent.secret);
    Bytes block = wire::identity_block(party("alice").bundle());
    const bool padding = GENERATE(false, true);
    block[padding ? block.size() - 1 : 2] ^= 8;  // behind the bundle, or its version
    append(m3, caller.encrypt_and_hash(block));
    append(m3, caller.encrypt_and_hash({}));
    const SecretBytes secret = party("bob").decapsulate(job_of(pair.responder.receive(m3)));
    CHECK(refusal(pair.responder.resume(secret)) == (padding ? Errc::malformed : Errc::bad_key));
}
