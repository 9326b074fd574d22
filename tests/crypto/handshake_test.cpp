// SPDX-License-Identifier: MIT
//
// The handshake as it should go, and messages that come at the wrong time.
#include <algorithm>
#include <set>

#include "tests/crypto/handshake_pair.hpp"

using namespace kith::test;

TEST_CASE("handshake: both sides know each other and share every key") {
    for (const auto& [caller, callee] :
         {std::pair{"alice", "bob"}, {"carol", "bob"}, {"alice", "carol"}}) {
        HandshakePair pair({caller, callee});
        pair.run();
        CHECK(pair.initiator.peer().fingerprint() == party(callee).identity.fingerprint());
        CHECK(pair.responder.peer().fingerprint() == party(caller).identity.fingerprint());

        RecordChannel at_caller = pair.initiator.take_channel();
        RecordChannel at_callee = pair.responder.take_channel();
        const Bytes there = value(at_caller.seal(text("hello"), start_of_time));
        CHECK(value(at_callee.open(body_of(there), start_of_time)).payload == text("hello"));
        const Bytes back = value(at_callee.seal(text("welcome"), start_of_time));
        CHECK(value(at_caller.open(body_of(back), start_of_time)).payload == text("welcome"));

        CHECK(to_hex(at_caller.handshake_hash()) == to_hex(at_callee.handshake_hash()));
        CHECK(at_caller.exported("test", text("x"), 32) ==
              at_callee.exported("test", text("x"), 32));
    }
}

TEST_CASE("handshake: message sizes say nothing about whose keys are inside") {
    HandshakePair small({"alice", "bob"});
    HandshakePair large({"carol", "bob"});
    small.run();
    large.run();
    CHECK(small.m1.size() == 1256);
    CHECK(small.m2.size() == 1796);
    CHECK(small.m3.size() == 1202);
    CHECK(small.m4.size() == 544);
    CHECK(large.m3.size() == small.m3.size());
    CHECK(large.m4.size() == small.m4.size());
}

TEST_CASE("handshake: no identity is readable in any message") {
    HandshakePair pair;
    pair.run();
    Bytes all;
    for (const Bytes& message : {pair.m1, pair.m2, pair.m3, pair.m4})
        all.insert(all.end(), message.begin(), message.end());
    for (const std::string name : {"alice", "bob"}) {
        const PublicBundle& bundle = party(name).bundle();
        for (const ByteView part : {bundle.spki().subspan(40, 8), bundle.ed25519().first(8),
                                    ByteView(bundle.fingerprint().bytes).first(8)})
            CHECK(std::search(all.begin(), all.end(), part.begin(), part.end()) == all.end());
    }
}

TEST_CASE("handshake: two runs share no key, no hash and no secret message part") {
    HandshakePair first;
    HandshakePair second;
    second.initiator_random = DeterministicRandom(50);
    second.responder_random = DeterministicRandom(51);
    first.run();
    second.run();
    CHECK(first.m1 != second.m1);
    CHECK(first.m2 != second.m2);
    CHECK(to_hex(first.initiator.take_channel().handshake_hash()) !=
          to_hex(second.initiator.take_channel().handshake_hash()));
}

TEST_CASE("handshake: a contact's token admits that contact") {
    HandshakePair pair({"alice", "bob", contact_token});
    pair.run();
    CHECK(pair.responder.admitted_by().contact);
    CHECK(pair.responder.peer().fingerprint() == pair.responder.admitted_by().expected);
    HandshakePair stranger;
    stranger.run();
    CHECK_FALSE(stranger.responder.admitted_by().contact);
}

TEST_CASE("handshake: a contact's token in another's hands is of no use") {
    HandshakePair pair({"mallory", "bob", contact_token});
    pair.exchange_m1();
    pair.exchange_m2();
    pair.exchange_m3();
    const SecretBytes secret = party("bob").decapsulate(job_of(pair.responder.receive(pair.m3)));
    CHECK(refusal(pair.responder.resume(secret)) == Errc::wrong_fingerprint);
    CHECK(refusal(pair.responder.receive(pair.m3)) == Errc::out_of_order);
}

TEST_CASE("handshake: relayed, when both know it") {
    HandshakePair pair({"alice", "bob", invite_token, Path::relayed, Path::relayed});
    pair.run();
}

TEST_CASE("handshake: a token nobody gave out is refused at M1") {
    for (const Bytes& token :
         {Bytes{}, Bytes{1, 2, 3, 4, 5, 6, 7, 9}, Bytes{1, 2, 3, 4, 5, 6, 7}, Bytes(16, 16)}) {
        HandshakePair pair({"alice", "bob", token});
        pair.exchange_m1();
        CHECK(refusal(pair.responder.receive(pair.m1)) == Errc::not_authentic);
    }
}

TEST_CASE("handshake: every token is offered until one fits") {
    HandshakePair pair;
    pair.exchange_m1();
    int tried = 0;
    Responder::Config config{
        [&](const std::function<bool(ByteView)>& matches) -> std::optional<TokenMatch> {
            for (int i = 0; i < 1000; ++i, ++tried)
                if (matches(Bytes(16, static_cast<std::uint8_t>(i)))) return std::nullopt;
            return matches(invite_token) ? std::optional(TokenMatch{}) : std::nullopt;
        },
        Path::direct};
    Responder responder(party("bob").bundle(), config, pair.responder_random);
    CHECK(responder.receive(pair.m1).has_value());
    CHECK(tried == 1000);
}

TEST_CASE("handshake: whoever admits may refuse a first message it has seen before") {
    HandshakePair pair;
    pair.exchange_m1();
    std::set<Bytes> seen;
    Responder::Config config{lookup, Path::direct};
    config.first_use = [&](const TokenMatch&, ByteView mac1) {
        return seen.insert(Bytes(mac1.begin(), mac1.end())).second;
    };
    Responder first(party("bob").bundle(), config, pair.responder_random);
    CHECK(first.receive(pair.m1).has_value());
    CHECK(seen.count(Bytes(pair.m1.end() - 32, pair.m1.end())) == 1);
    Responder second(party("bob").bundle(), config, pair.responder_random);
    CHECK(refusal(second.receive(pair.m1)) == Errc::not_authentic);
}

TEST_CASE("handshake: a message at the wrong time ends it") {
    SECTION("M2 before M1 was written") {
        HandshakePair pair;
        CHECK(refusal(pair.initiator.receive(Bytes(1796))) == Errc::out_of_order);
    }
    SECTION("M1 twice") {
        HandshakePair pair;
        pair.exchange_m1();
        pair.exchange_m2();
        CHECK(refusal(pair.responder.receive(pair.m1)) == Errc::wrong_length);
        pair.exchange_m3();
        CHECK(refusal(pair.responder.receive(pair.m3)) == Errc::out_of_order);
    }
    SECTION("M2 twice") {
        HandshakePair pair;
        pair.exchange_m1();
        pair.exchange_m2();
        pair.exchange_m3();
        CHECK(refusal(pair.initiator.receive(pair.m2)) == Errc::wrong_length);
    }
    SECTION("M3 twice, while the first is being decrypted") {
        HandshakePair pair;
        pair.exchange_m1();
        pair.exchange_m2();
        pair.exchange_m3();
        (void)job_of(pair.responder.receive(pair.m3));
        CHECK(refusal(pair.responder.receive(pair.m3)) == Errc::out_of_order);
        CHECK(refusal(pair.responder.resume(SecretBytes(32))) == Errc::out_of_order);
    }
    SECTION("M4 instead of M2, M3 instead of M1") {
        HandshakePair pair;
        pair.run();
        HandshakePair fresh;
        fresh.exchange_m1();
        CHECK(refusal(fresh.initiator.receive(pair.m4)) == Errc::wrong_length);
        CHECK(refusal(fresh.responder.receive(pair.m3)) == Errc::bad_magic);
    }
    SECTION("a secret nobody asked for") {
        HandshakePair pair;
        pair.exchange_m1();
        CHECK(refusal(pair.initiator.resume(SecretBytes(32))) == Errc::out_of_order);
        CHECK(refusal(pair.responder.resume(SecretBytes(32))) == Errc::out_of_order);
    }
    SECTION("M4 after the end") {
        HandshakePair pair;
        pair.run();
        CHECK(refusal(pair.initiator.receive(pair.m4)) == Errc::out_of_order);
        CHECK(refusal(pair.responder.receive(pair.m3)) == Errc::out_of_order);
    }
}
