// SPDX-License-Identifier: MIT
//
// A whole session byte for byte: handshake, first records, a rekey, records after it. A difference
// means that this Kith no longer talks to the others.
#include <cstdlib>

#include "tests/crypto/handshake_replay.hpp"

using namespace kith::test;
using nlohmann::ordered_json;

namespace {

const std::string golden_file = std::string(KITH_TEST_VECTORS) + "/handshake_golden.json";

/// Passes randomness on and keeps what it passed on.
class RecordingRandom final : public RandomSource {
public:
    explicit RecordingRandom(std::uint64_t seed) : source_(seed) {}
    void fill(MutableByteView out) override {
        source_.fill(out);
        drawn.insert(drawn.end(), out.begin(), out.end());
    }
    Bytes drawn;

private:
    DeterministicRandom source_;
};

void add_records(ordered_json& out, const char* when, RecordChannel& initiator,
                 RecordChannel& responder, MonotonicTime now) {
    const std::string suffix = when;
    const Bytes there = value(initiator.seal(text("hello"), now));
    const Bytes back = value(responder.seal(text("welcome"), now));
    REQUIRE(value(responder.open(body_of(there), now)).payload == text("hello"));
    REQUIRE(value(initiator.open(body_of(back), now)).payload == text("welcome"));
    out["record_hello_" + suffix] = to_hex(there);
    out["record_welcome_" + suffix] = to_hex(back);
}

void add_rekey(ordered_json& out, RecordChannel& initiator, RecordChannel& responder,
               MonotonicTime now) {
    const Bytes offer = initiator.rekey_if_due(now).value();
    const Bytes answer = value(responder.open(body_of(offer), now)).reply;
    const Bytes confirm = value(initiator.open(body_of(answer), now)).reply;
    REQUIRE(value(responder.open(body_of(confirm), now)).reply.empty());
    out["rekey_offer"] = to_hex(offer);
    out["rekey_answer"] = to_hex(answer);
    out["rekey_confirm"] = to_hex(confirm);
}

void add_keys(ordered_json& out, const HandshakePair& pair) {
    const SecretBytes ephemeral = ephemeral_secret(pair);
    const auto state = replay(pair, ephemeral, pair.responder_secret, pair.initiator_secret);
    const auto keys = wire::session_keys(state, RecordChannel::Side::initiator);
    out["ss_ekem"] = to_hex(ephemeral);
    out["ss_skem_responder"] = to_hex(pair.responder_secret);
    out["ss_skem_initiator"] = to_hex(pair.initiator_secret);
    out["h"] = to_hex(keys.handshake_hash);
    out["key_to_responder"] = to_hex(keys.send);
    out["key_to_initiator"] = to_hex(keys.receive);
    out["rekey_secret"] = to_hex(keys.rekey);
    out["exporter_secret"] = to_hex(keys.exporter);
}

ordered_json session() {
    HandshakePair pair;  // for the keys: the same randomness, the same messages
    pair.run();
    RecordingRandom initiator_random(1);
    RecordingRandom responder_random(2);
    const Party& alice = party("alice");
    const Party& bob = party("bob");
    Initiator initiator(alice.bundle(), {bob.identity.fingerprint(), invite_token, Path::direct},
                        initiator_random);
    Responder responder(bob.bundle(), {lookup, Path::direct}, responder_random);

    ordered_json out;
    out["initiator"] = "alice";
    out["responder"] = "bob";
    out["token"] = to_hex(invite_token);
    out["bundle_initiator"] = to_hex(alice.bundle().encoded());
    out["bundle_responder"] = to_hex(bob.bundle().encoded());
    const Bytes m1 = initiator.start();
    const Bytes m2 = message_of(responder.receive(m1));
    const Bytes m3 = message_of(initiator.receive(m2));
    const Bytes m4 = message_of(responder.resume(bob.decapsulate(job_of(responder.receive(m3)))));
    (void)value(initiator.resume(alice.decapsulate(job_of(initiator.receive(m4)))));
    REQUIRE(m4 == pair.m4);
    out["m1"] = to_hex(m1);
    out["m2"] = to_hex(m2);
    out["m3"] = to_hex(m3);
    out["m4"] = to_hex(m4);
    add_keys(out, pair);

    RecordChannel at_alice = initiator.take_channel();
    RecordChannel at_bob = responder.take_channel();
    REQUIRE(to_hex(at_alice.handshake_hash()) == out["h"]);
    out["exported_label_test_context_0102_size_32"] =
        to_hex(at_alice.exported("test", Bytes{1, 2}, 32));
    add_records(out, "first", at_alice, at_bob, start_of_time);
    add_rekey(out, at_alice, at_bob, start_of_time + RekeyLimits{}.age);
    add_records(out, "after_rekey", at_alice, at_bob, start_of_time + RekeyLimits{}.age);
    out["random_initiator"] = to_hex(initiator_random.drawn);
    out["random_responder"] = to_hex(responder_random.drawn);
    return out;
}

}  // namespace

TEST_CASE("golden: a whole session byte for byte", "[golden]") {
    const ordered_json now = session();
    if (std::getenv("KITH_WRITE_GOLDEN") != nullptr)
        std::ofstream(golden_file) << now.dump(1) << '\n';
    std::ifstream in(golden_file);
    REQUIRE(in.good());
    const ordered_json golden = ordered_json::parse(in);
    REQUIRE(golden.size() == now.size());
    for (const auto& [field, bytes] : golden.items()) {
        INFO(field);
        CHECK(now.at(field) == bytes);
    }
    // What each side draws, in order: docs/protocol.md, "Golden transcript".
    CHECK(golden.at("random_initiator").get<std::string>().size() == 2 * (32 + 32 + 32 + 32));
    CHECK(golden.at("random_responder").get<std::string>().size() ==
          2 * (32 + 32 + 32 + 32 + 32 + 32));
}
