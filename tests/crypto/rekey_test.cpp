// SPDX-License-Identifier: MIT
#include "crypto/rekey.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <deque>
#include <set>

#include "crypto/xwing.hpp"
#include "tests/crypto/channel_pair.hpp"

using namespace kith::test;

namespace {

/// A channel pair with two wires that deliver when told, so that a test decides what crosses what.
struct Wires : ChannelPair {
    using ChannelPair::ChannelPair;

    void send_from_initiator(std::string_view words) {
        note(value(initiator.seal(text(words), now)), to_responder);
    }
    void send_from_responder(std::string_view words) {
        note(value(responder.seal(text(words), now)), to_initiator);
    }
    bool tick() {
        auto offer = initiator.rekey_if_due(now);
        if (offer) note(std::move(*offer), to_responder);
        return offer.has_value();
    }
    /// Delivers the oldest frame of a wire; what has to be answered goes on the other.
    std::string deliver_one(std::deque<Bytes>& wire) {
        const Bytes frame = wire.front();
        wire.pop_front();
        const bool forwards = &wire == &to_responder;
        auto opened = value((forwards ? responder : initiator).open(body_of(frame), now));
        if (!opened.reply.empty())
            note(std::move(opened.reply), forwards ? to_initiator : to_responder);
        return {opened.payload.begin(), opened.payload.end()};
    }
    void drain() {
        while (!to_responder.empty() || !to_initiator.empty()) {
            if (!to_responder.empty()) (void)deliver_one(to_responder);
            if (!to_initiator.empty()) (void)deliver_one(to_initiator);
        }
    }
    /// A whole rekey with nothing else on the wires.
    void rekey() {
        now += RekeyLimits{}.age;
        REQUIRE(tick());
        drain();
    }

    std::deque<Bytes> to_responder;
    std::deque<Bytes> to_initiator;
    std::set<Bytes> seen;  ///< every ciphertext that ever was on a wire
    MonotonicTime now = start_of_time;

private:
    void note(Bytes frame, std::deque<Bytes>& wire) {
        REQUIRE(seen.insert(body_of(frame)).second);
        wire.push_back(std::move(frame));
    }
};

RekeyLimits few_records(std::uint64_t records) {
    RekeyLimits limits;
    limits.records = records;
    return limits;
}

Bytes xwing_key(RandomSource& random) { return xwing::generate(random).public_key; }

}  // namespace

TEST_CASE("rekey: due by records, bytes or age, of either direction") {
    SECTION("not before") {
        Wires wires;
        wires.send_from_initiator("x");
        wires.now += std::chrono::minutes(9);
        CHECK_FALSE(wires.tick());
    }
    SECTION("age") {
        Wires wires;
        CHECK_FALSE(wires.tick());  // starts the clock
        wires.now += std::chrono::minutes(10);
        CHECK(wires.tick());
    }
    SECTION("records sent") {
        Wires wires(few_records(3), few_records(3));
        for (const char* words : {"a", "b", "c"}) {
            CHECK_FALSE(wires.tick());
            wires.send_from_initiator(words);
        }
        CHECK(wires.tick());
    }
    SECTION("records received") {
        Wires wires(few_records(2), few_records(2));
        wires.send_from_responder("a");
        wires.send_from_responder("b");
        CHECK_FALSE(wires.tick());
        wires.drain();
        CHECK(wires.tick());
    }
    SECTION("bytes") {
        RekeyLimits limits;
        limits.bytes = 2000;
        Wires wires(limits, limits);
        wires.send_from_initiator(std::string(1999, 'x'));
        CHECK_FALSE(wires.tick());
        wires.send_from_initiator("x");
        CHECK(wires.tick());
    }
    SECTION("never from the responder's side, and once at a time") {
        Wires wires;
        CHECK_FALSE(wires.tick());
        wires.now += std::chrono::minutes(11);
        CHECK_FALSE(wires.responder.rekey_if_due(wires.now).has_value());
        CHECK(wires.tick());
        CHECK_FALSE(wires.tick());
    }
}

TEST_CASE("rekey: both sides move on together, again and again") {
    Wires wires;
    CHECK_FALSE(wires.tick());
    const SecretBytes exported = wires.initiator.exported("test", {}, 32);
    for (std::uint64_t generation = 1; generation <= 5; ++generation) {
        wires.rekey();
        CHECK(wires.initiator.generation() == generation);
        CHECK(wires.responder.generation() == generation);
        wires.send_from_initiator("there");
        CHECK(wires.deliver_one(wires.to_responder) == "there");
        wires.send_from_responder("back");
        CHECK(wires.deliver_one(wires.to_initiator) == "back");
    }
    CHECK(wires.initiator.exported("test", {}, 32) == exported);
    CHECK(wires.responder.exported("test", {}, 32) == exported);
}

TEST_CASE("rekey: traffic in both directions goes on at every moment of it") {
    Wires wires;
    CHECK_FALSE(wires.tick());
    wires.send_from_initiator("i0");
    CHECK(wires.deliver_one(wires.to_responder) == "i0");
    wires.now += std::chrono::minutes(10);
    wires.send_from_responder("r1");  // on its way when the offer leaves
    wires.send_from_initiator("i1");
    REQUIRE(wires.tick());
    wires.send_from_initiator("i2");  // behind the offer, old key
    CHECK(wires.deliver_one(wires.to_responder) == "i1");
    CHECK(wires.deliver_one(wires.to_responder).empty());  // the offer; the answer leaves
    wires.send_from_responder("r2");                       // behind the answer, new key
    CHECK(wires.deliver_one(wires.to_responder) == "i2");
    wires.send_from_initiator("i3");  // the answer has not arrived: old key
    CHECK(wires.deliver_one(wires.to_initiator) == "r1");
    CHECK(wires.deliver_one(wires.to_initiator).empty());  // the answer; the confirm leaves
    wires.send_from_initiator("i4");                       // behind the confirm, new key
    CHECK(wires.deliver_one(wires.to_initiator) == "r2");
    CHECK(wires.initiator.generation() == 1);
    CHECK(wires.responder.generation() == 0);
    CHECK(wires.deliver_one(wires.to_responder) == "i3");
    CHECK(wires.deliver_one(wires.to_responder).empty());  // the confirm
    CHECK(wires.deliver_one(wires.to_responder) == "i4");
    CHECK(wires.responder.generation() == 1);
    wires.send_from_responder("r3");
    CHECK(wires.deliver_one(wires.to_initiator) == "r3");
}

TEST_CASE("rekey: no (key, nonce) pair seals twice over many rekeys") {
    // Equal plaintexts: a repeated pair would repeat a ciphertext, and Wires refuses those.
    Wires wires(few_records(7), few_records(7));
    DeterministicRandom schedule(33);
    for (int step = 0; step < 3000; ++step) {
        (void)wires.tick();
        switch (schedule.array<1>()[0] % 4) {
            case 0:
                wires.send_from_initiator("same");
                break;
            case 1:
                wires.send_from_responder("same");
                break;
            case 2:
                if (!wires.to_responder.empty()) (void)wires.deliver_one(wires.to_responder);
                break;
            default:
                if (!wires.to_initiator.empty()) (void)wires.deliver_one(wires.to_initiator);
                break;
        }
        // A network that lags behind this much would run into the refusal at twice the limit.
        if (wires.to_responder.size() + wires.to_initiator.size() > 4) wires.drain();
    }
    wires.drain();
    CHECK(wires.initiator.generation() == wires.responder.generation());
    CHECK(wires.initiator.generation() > 50);
    CHECK(wires.seen.size() > 1500);
}

TEST_CASE("rekey: a peer that never answers loses the channel at twice the limit") {
    Wires wires(few_records(4), few_records(4));
    for (int i = 0; i < 4; ++i) wires.send_from_initiator("x");
    REQUIRE(wires.tick());  // the fifth record of this key
    for (int i = 0; i < 3; ++i) wires.send_from_initiator("x");
    CHECK(refusal(wires.initiator.seal(text("x"), wires.now)) == Errc::counter_exhausted);
}

TEST_CASE("rekey: records of the old keys are worth nothing afterwards") {
    Wires wires;
    CHECK_FALSE(wires.tick());
    wires.send_from_initiator("old");
    const Bytes old_there = body_of(wires.to_responder.front());
    wires.send_from_responder("old");
    const Bytes old_back = body_of(wires.to_initiator.front());
    wires.drain();
    wires.rekey();
    CHECK(refusal(wires.responder.open(old_there, wires.now)) == Errc::not_authentic);
    CHECK(refusal(wires.initiator.open(old_back, wires.now)) == Errc::not_authentic);
}

TEST_CASE("rekey: messages altered, left out, repeated, swapped or sent back end the session") {
    Wires wires;
    CHECK_FALSE(wires.tick());
    wires.now += std::chrono::minutes(10);
    REQUIRE(wires.tick());
    const Bytes offer = body_of(wires.to_responder.front());

    SECTION("the offer, flipped") {
        CHECK(refusal(wires.responder.open(flipped(offer, 700), wires.now)) == Errc::not_authentic);
    }
    SECTION("the offer, sent back") {
        CHECK(refusal(wires.initiator.open(offer, wires.now)) == Errc::not_authentic);
    }
    SECTION("the offer, repeated") {
        (void)wires.deliver_one(wires.to_responder);
        CHECK(refusal(wires.responder.open(offer, wires.now)) == Errc::not_authentic);
    }
    SECTION("the answer, flipped or left out") {
        (void)wires.deliver_one(wires.to_responder);
        const Bytes answer = body_of(wires.to_initiator.front());
        if (GENERATE(true, false)) {
            CHECK(refusal(wires.initiator.open(flipped(answer, 5), wires.now)) ==
                  Errc::not_authentic);
        } else {
            wires.to_initiator.pop_front();
            wires.send_from_responder("new key");
            CHECK(refusal(wires.initiator.open(body_of(wires.to_initiator.front()), wires.now)) ==
                  Errc::not_authentic);
        }
    }
    SECTION("the confirm, left out") {
        (void)wires.deliver_one(wires.to_responder);
        (void)wires.deliver_one(wires.to_initiator);
        wires.to_responder.pop_front();
        wires.send_from_initiator("new key");
        CHECK(refusal(wires.responder.open(body_of(wires.to_responder.front()), wires.now)) ==
              Errc::not_authentic);
    }
}

TEST_CASE("rekey: offers that come much too early end the session") {
    // The initiator's limits are those of somebody who wants to keep us busy.
    Wires wires(few_records(2), {});
    const auto offer = [&] {
        wires.send_from_initiator("x");
        wires.send_from_initiator("x");
        REQUIRE(wires.tick());
        (void)wires.deliver_one(wires.to_responder);
        (void)wires.deliver_one(wires.to_responder);
    };
    offer();
    SECTION("right away") {
        CHECK(refusal(wires.responder.open(body_of(wires.to_responder.front()), wires.now)) ==
              Errc::limits);
        CHECK(refusal(wires.responder.seal(text("x"), wires.now)) == Errc::out_of_order);
    }
    SECTION("after a sixteenth of the age, once") {
        wires.now += RekeyLimits{}.age / 16;
        wires.drain();
        CHECK(wires.responder.generation() == 1);
        offer();
        CHECK(refusal(wires.responder.open(body_of(wires.to_responder.front()), wires.now)) ==
              Errc::limits);
    }
}

TEST_CASE("rekey: a sixteenth of the records or bytes, either way, is enough") {
    RekeyLimits at_responder;
    at_responder.records = 6 * 16;
    at_responder.bytes = 4'000 * 16;
    Wires wires(few_records(4), at_responder);
    for (int i = 0; i < 4; ++i) wires.send_from_initiator("x");
    bool enough = true;
    SECTION("neither") { enough = false; }
    SECTION("records sent") {
        for (int i = 0; i < 6; ++i) wires.send_from_responder("x");
    }
    SECTION("records received") { wires.send_from_initiator("x"); }  // the offer is the sixth
    SECTION("bytes") { wires.send_from_responder(std::string(4'000, 'x')); }
    while (!wires.to_responder.empty()) (void)wires.deliver_one(wires.to_responder);
    REQUIRE(wires.tick());
    const auto opened = wires.responder.open(body_of(wires.to_responder.front()), wires.now);
    CHECK(opened.has_value() == enough);
}

TEST_CASE("rekey: a second offer before the confirm is refused") {
    ChannelPair pair;
    DeterministicRandom random(3);
    SendKey hostile(pair.secrets.to_responder);
    const auto offer = [&] {
        Bytes frame;
        REQUIRE(hostile.seal(ContentType::offer, xwing_key(random), {}, start_of_time, frame)
                    .has_value());
        return body_of(frame);
    };
    CHECK(pair.responder.open(offer(), start_of_time).has_value());
    CHECK(refusal(pair.responder.open(offer(), start_of_time)) == Errc::out_of_order);
}

TEST_CASE("rekey: an answer or confirm of wrong size is refused though authentic") {
    Wires wires;
    CHECK_FALSE(wires.tick());
    wires.now += std::chrono::minutes(10);
    REQUIRE(wires.tick());
    SECTION("answer") {
        SendKey hostile(wires.secrets.to_initiator);
        Bytes frame;
        REQUIRE(hostile.seal(ContentType::answer, Bytes(1119), {}, wires.now, frame).has_value());
        CHECK(refusal(wires.initiator.open(body_of(frame), wires.now)) == Errc::wrong_length);
    }
    SECTION("offer to an initiator") {
        SendKey hostile(wires.secrets.to_initiator);
        Bytes frame;
        DeterministicRandom random(4);
        REQUIRE(
            hostile.seal(ContentType::offer, xwing_key(random), {}, wires.now, frame).has_value());
        CHECK(refusal(wires.initiator.open(body_of(frame), wires.now)) == Errc::out_of_order);
    }
    SECTION("confirm with something inside") {
        (void)wires.deliver_one(wires.to_responder);
        SendKey hostile(wires.secrets.to_responder);
        Bytes skipped;  // the offer had counter 0
        REQUIRE(
            hostile.seal(ContentType::application, text("x"), {}, wires.now, skipped).has_value());
        Bytes frame;
        REQUIRE(hostile.seal(ContentType::confirm, text("x"), {}, wires.now, frame).has_value());
        CHECK(refusal(wires.responder.open(body_of(frame), wires.now)) == Errc::wrong_length);
    }
}

TEST_CASE("rekey: the next keys depend on everything that goes in") {
    const Bytes old(64, 1), secret(32, 2), key(1216, 3), ciphertext(1120, 4);
    const NextKeys base = derive_next_keys(old, secret, 1, key, ciphertext);
    CHECK(base.to_responder.size() == 32);
    CHECK(base.to_initiator.size() == 32);
    CHECK(base.rekey.size() == 64);
    CHECK(base.to_responder != base.to_initiator);
    for (const NextKeys& other : {derive_next_keys(flipped(old, 0), secret, 1, key, ciphertext),
                                  derive_next_keys(old, flipped(secret, 0), 1, key, ciphertext),
                                  derive_next_keys(old, secret, 2, key, ciphertext),
                                  derive_next_keys(old, secret, 1, flipped(key, 9), ciphertext),
                                  derive_next_keys(old, secret, 1, key, flipped(ciphertext, 9))}) {
        CHECK(other.to_responder != base.to_responder);
        CHECK(other.to_initiator != base.to_initiator);
        CHECK(other.rekey != base.rekey);
    }
}
