// SPDX-License-Identifier: MIT
//
// Both ends of a record channel with fixed keys.
#pragma once

#include "crypto/record_key.hpp"
#include "tests/crypto/handshake_pair.hpp"

namespace kith::test {

struct ChannelSecrets {
    SecretBytes to_responder = SecretBytes(32, 1);
    SecretBytes to_initiator = SecretBytes(32, 2);
    SecretBytes rekey = SecretBytes(64, 3);
    SecretBytes exporter = SecretBytes(64, 4);
};

struct ChannelPair {
    explicit ChannelPair(RekeyLimits at_initiator = {}, RekeyLimits at_responder = {},
                         ChannelSecrets with = {})
        : secrets(std::move(with)),
          initiator(RecordChannel::Side::initiator,
                    {secrets.to_responder, secrets.to_initiator, secrets.rekey, secrets.exporter,
                     Bytes(64)},
                    initiator_random, at_initiator),
          responder(RecordChannel::Side::responder,
                    {secrets.to_initiator, secrets.to_responder, secrets.rekey, secrets.exporter,
                     Bytes(64)},
                    responder_random, at_responder) {}

    /// What arrives at the responder.
    Bytes deliver(const Bytes& frame, MonotonicTime now = start_of_time) {
        return value(responder.open(body_of(frame), now)).payload;
    }

    ChannelSecrets secrets;
    DeterministicRandom initiator_random{21};
    DeterministicRandom responder_random{22};
    RecordChannel initiator;
    RecordChannel responder;
};

}  // namespace kith::test
