// SPDX-License-Identifier: MIT
#include "crypto/record_channel.hpp"

#include "tests/crypto/channel_pair.hpp"

using namespace kith::test;

TEST_CASE("records: golden bytes") {
    ChannelPair pair;
    const Bytes frame = value(pair.initiator.seal(text("hi"), start_of_time));
    // length 0x13 = 2 payload + 1 content type + 16 tag, then AES-256-GCM under key 0x01..., nonce
    // 0, associated data 00000013, of 68 69 00. Computed independently with Python's cryptography.
    CHECK(to_hex(frame) == "00000013d75c982d2f6c561f75f0a5c7110b90fa03bc0a");
    CHECK(to_hex(value(pair.initiator.seal(text("hi"), start_of_time))) ==
          "00000013d3b390439607d7e925ad6c174539b9eb6009cf");
}

TEST_CASE("records: every size arrives, and what is sealed has the length it says") {
    ChannelPair pair;
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{15}, std::size_t{16},
                                   std::size_t{17}, std::size_t{1000}, std::size_t{16383},
                                   std::size_t{16384}, std::size_t{65536}, record_payload_max}) {
        Bytes payload(size);
        DeterministicRandom(size).fill(payload);
        const Bytes frame = value(pair.initiator.seal(payload, start_of_time));
        CHECK(frame.size() == size + record_overhead);
        CHECK(value(pair.responder.open(body_of(frame), start_of_time)).payload == payload);
    }
}

TEST_CASE("records: empty and too long ones are not sealed, and harm nothing") {
    ChannelPair pair;
    CHECK(refusal(pair.initiator.seal({}, start_of_time)) == Errc::wrong_length);
    CHECK(refusal(pair.initiator.seal(Bytes(record_payload_max + 1), start_of_time)) ==
          Errc::wrong_length);
    CHECK(pair.deliver(value(pair.initiator.seal(text("x"), start_of_time))) == text("x"));
}

TEST_CASE("records: many appended to one buffer are the same as each alone") {
    ChannelPair together;
    ChannelPair apart;
    Bytes batch = text("kept");
    Bytes expected = batch;
    for (const std::string_view words : {"one", "two", "three"}) {
        REQUIRE(together.initiator.seal_append(text(words), start_of_time, batch).has_value());
        const Bytes frame = value(apart.initiator.seal(text(words), start_of_time));
        expected.insert(expected.end(), frame.begin(), frame.end());
    }
    CHECK(batch == expected);
}

TEST_CASE("records: sealed in place, they are the same as sealed from elsewhere") {
    ChannelPair in_place;
    ChannelPair copied;
    for (const std::size_t size : {std::size_t{1}, std::size_t{5000}, record_payload_max}) {
        Bytes frame(size + record_overhead, 7);
        REQUIRE(in_place.initiator.seal_in_place(frame, start_of_time).has_value());
        CHECK(frame == value(copied.initiator.seal(Bytes(size, 7), start_of_time)));
    }
    Bytes empty(record_overhead);
    CHECK(refusal(in_place.initiator.seal_in_place(empty, start_of_time)) == Errc::wrong_length);
    Bytes too_long(record_payload_max + 1 + record_overhead);
    CHECK(refusal(in_place.initiator.seal_in_place(too_long, start_of_time)) == Errc::wrong_length);
}

TEST_CASE("records: opened in place, without a copy") {
    ChannelPair pair;
    Bytes body = body_of(value(pair.initiator.seal(Bytes(5000, 7), start_of_time)));
    const std::uint8_t* buffer = body.data();
    const Bytes payload = value(pair.responder.open(std::move(body), start_of_time)).payload;
    CHECK(payload == Bytes(5000, 7));
    CHECK(payload.data() == buffer);
}

TEST_CASE("records: what a stranger in the middle can do to them") {
    ChannelPair pair;
    std::vector<Bytes> bodies;
    for (const std::string_view words : {"first", "second", "third"})
        bodies.push_back(body_of(value(pair.initiator.seal(text(words), start_of_time))));
    RecordChannel& to = pair.responder;
    const auto opens = [&](const Bytes& body) { return to.open(body, start_of_time).has_value(); };

    SECTION("in order: fine") {
        for (const Bytes& body : bodies) CHECK(opens(body));
    }
    SECTION("replayed") {
        CHECK(opens(bodies[0]));
        CHECK(refusal(to.open(bodies[0], start_of_time)) == Errc::not_authentic);
        CHECK_FALSE(opens(bodies[1]));
    }
    SECTION("left out") {
        CHECK(opens(bodies[0]));
        CHECK(refusal(to.open(bodies[2], start_of_time)) == Errc::not_authentic);
    }
    SECTION("swapped") { CHECK(refusal(to.open(bodies[1], start_of_time)) == Errc::not_authentic); }
    SECTION("reflected") {
        CHECK(refusal(pair.initiator.open(bodies[0], start_of_time)) == Errc::not_authentic);
    }
    SECTION("cut, by any number of bytes") {
        for (std::size_t size = 0; size < bodies[0].size(); ++size) {
            ChannelPair fresh;
            CHECK_FALSE(
                fresh.responder.open(ByteView(bodies[0]).first(size), start_of_time).has_value());
        }
    }
    SECTION("extended") {
        Bytes longer = bodies[0];
        longer.push_back(0);
        CHECK(refusal(to.open(longer, start_of_time)) == Errc::not_authentic);
    }
    SECTION("longer than any record may be") {
        CHECK(refusal(to.open(Bytes(record_body_max + 1), start_of_time)) == Errc::wrong_length);
    }
    SECTION("another key") {
        ChannelSecrets other;
        other.to_responder[0] ^= 1;
        ChannelPair wrong(RekeyLimits{}, RekeyLimits{}, other);
        CHECK(refusal(wrong.responder.open(bodies[0], start_of_time)) == Errc::not_authentic);
    }
}

TEST_CASE("records: a dead channel refuses all") {
    ChannelPair pair;
    const Bytes good = body_of(value(pair.initiator.seal(text("x"), start_of_time)));
    CHECK_FALSE(pair.responder.open(flipped(good, 3), start_of_time).has_value());
    CHECK(refusal(pair.responder.open(good, start_of_time)) == Errc::out_of_order);
    CHECK(refusal(pair.responder.seal(text("y"), start_of_time)) == Errc::out_of_order);
    CHECK_FALSE(pair.responder.rekey_if_due(start_of_time + std::chrono::hours(1)).has_value());
}

TEST_CASE("records: authentic nonsense of the peer ends the session too") {
    ChannelPair pair;
    const auto crafted = [&](std::uint8_t type, ByteView payload) {
        SendKey key(pair.secrets.to_responder);
        Bytes frame;
        REQUIRE(key.seal(static_cast<ContentType>(type), payload, {}, start_of_time, frame)
                    .has_value());
        return refusal(pair.responder.open(body_of(frame), start_of_time));
    };
    SECTION("an empty message") { CHECK(crafted(0, {}) == Errc::wrong_length); }
    SECTION("an unknown content type") { CHECK(crafted(4, text("x")) == Errc::malformed); }
    SECTION("the last one there could be") { CHECK(crafted(255, text("x")) == Errc::malformed); }
    SECTION("an answer nobody asked for") { CHECK(crafted(2, Bytes(1120)) == Errc::out_of_order); }
    SECTION("a confirm of nothing") { CHECK(crafted(3, {}) == Errc::out_of_order); }
    SECTION("an offer that is too short") { CHECK(crafted(1, Bytes(1215)) == Errc::wrong_length); }
    SECTION("an offer of no valid key") { CHECK(crafted(1, Bytes(1216, 0xff)) == Errc::bad_key); }
    CHECK(refusal(pair.responder.seal(text("x"), start_of_time)) == Errc::out_of_order);
}

TEST_CASE("records: every use of a key ends at twice its limit, on either side") {
    RekeyLimits tight;
    tight.records = 4;
    const auto later = [](int minutes) { return start_of_time + std::chrono::minutes(minutes); };

    SECTION("records, sending") {
        ChannelPair pair(tight, tight);
        for (int i = 0; i < 8; ++i)
            CHECK(pair.initiator.seal(text("x"), start_of_time).has_value());
        CHECK(refusal(pair.initiator.seal(text("x"), start_of_time)) == Errc::counter_exhausted);
        CHECK(refusal(pair.initiator.seal(text("x"), start_of_time)) == Errc::out_of_order);
    }
    SECTION("records, receiving from a peer that does not care") {
        ChannelPair pair(RekeyLimits{}, tight);
        for (int i = 0; i < 8; ++i)
            CHECK(pair.deliver(value(pair.initiator.seal(text("x"), start_of_time))) == text("x"));
        const Bytes ninth = body_of(value(pair.initiator.seal(text("x"), start_of_time)));
        CHECK(refusal(pair.responder.open(ninth, start_of_time)) == Errc::counter_exhausted);
    }
    SECTION("bytes, sending and receiving") {
        RekeyLimits bytes;
        bytes.bytes = 1000;
        ChannelPair pair(bytes, bytes);
        CHECK(pair.deliver(value(pair.initiator.seal(Bytes(1999), start_of_time))).size() == 1999);
        CHECK(refusal(pair.initiator.seal(text("x"), start_of_time)) == Errc::counter_exhausted);
        ChannelPair careless(RekeyLimits{}, bytes);
        const Bytes body = body_of(value(careless.initiator.seal(Bytes(2000), start_of_time)));
        CHECK(refusal(careless.responder.open(body, start_of_time)) == Errc::counter_exhausted);
    }
    SECTION("age, sending and receiving") {
        ChannelPair pair;
        (void)pair.deliver(value(pair.initiator.seal(text("x"), later(0))));
        (void)pair.deliver(value(pair.initiator.seal(text("x"), later(19))), later(19));
        const Bytes late = body_of(value(pair.initiator.seal(text("x"), later(19))));
        CHECK(refusal(pair.initiator.seal(text("x"), later(20))) == Errc::counter_exhausted);
        CHECK(refusal(pair.responder.open(late, later(20))) == Errc::counter_exhausted);
    }
}

TEST_CASE("exporter: bound to label, context and session, the same on both sides") {
    ChannelPair pair;
    const SecretBytes secret = pair.initiator.exported("bulk", text("ticket"), 96);
    CHECK(secret.size() == 96);
    CHECK(pair.responder.exported("bulk", text("ticket"), 96) == secret);
    CHECK(pair.initiator.exported("bulk", text("tickeT"), 96) != secret);
    CHECK(pair.initiator.exported("bul", text("kticket"), 96) != secret);
    CHECK(pair.initiator.exported("", text("bulkticket"), 96) != secret);
    ChannelSecrets other;
    other.exporter[0] ^= 1;
    CHECK(ChannelPair(RekeyLimits{}, RekeyLimits{}, other)
              .initiator.exported("bulk", text("ticket"), 96) != secret);
}
