// SPDX-License-Identifier: MIT
//
// The fields of the messages between a relay and its clients, in the order on the wire. Included by
// message_codec.cpp alone; see there.
#pragma once

#include "net/address_field.hpp"
#include "net/archive.hpp"
#include "net/message.hpp"

namespace kith::net {

template <typename Archive>
void serialize(Archive& archive, KnockProof& m) {
    archive(m.nonce, m.mac);
}
template <typename Archive>
void serialize(Archive& archive, CircuitKnock& m) {
    archive(m.request, m.peer, m.proof);
}
template <typename Archive>
void serialize(Archive& archive, CircuitCall& m) {
    archive(m.ticket, m.peer, m.proof);
}
template <typename Archive>
void serialize(Archive& archive, CircuitReady& m) {
    archive(m.request, m.ticket);
}
// Reasons of newer versions keep their number.
inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const CircuitRefusal& m) {
    archive.integer(m.request);
    archive.integer(static_cast<std::uint8_t>(m.reason));
    archive.integer(m.retry_after_s);
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, CircuitRefusal& m) {
    std::uint8_t reason = 0;
    archive.integer(m.request);
    archive.integer(reason);
    archive.integer(m.retry_after_s);
    m.reason = static_cast<CircuitReason>(reason);
}
template <typename Archive>
void serialize(Archive& archive, CircuitWhence& m) {
    archive(m.ticket);
}
template <typename Archive>
void serialize(Archive& archive, CircuitSeen& m) {
    archive(m.ticket, address_field(m));
}
template <typename Archive>
void serialize(Archive& archive, PunchOffer& m) {
    archive(m.round, address_field(m));
}
template <typename Archive>
void serialize(Archive& archive, PunchGo& m) {
    archive(m.round);
}

}  // namespace kith::net
