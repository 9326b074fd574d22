// SPDX-License-Identifier: MIT
//
// Slots of a mailbox: who holds a contact token or an invite token of somebody's can compute the
// slot token, the relay knows only its hash. docs/protocol.md, "Relay: mailbox". Pure functions.
//
//   slot token = HMAC-SHA-256(SHA-256("kith1 slot" || fingerprint of the owner || token),
//                             fingerprint of the relay)
//   slot key   = SHA-256(slot token)
#pragma once

#include "crypto/fingerprint.hpp"
#include "net/message.hpp"

namespace kith::net {

/// `token`: of the owner's making, 8 or 16 bytes.
[[nodiscard]] SlotToken slot_token(const crypto::Fingerprint& relay,
                                   const crypto::Fingerprint& owner, crypto::ByteView token);
[[nodiscard]] SlotKey slot_key(const SlotToken& token);

}  // namespace kith::net
