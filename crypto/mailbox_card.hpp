// SPDX-License-Identifier: MIT
//
// What somebody leaves at a relay for those who know a slot of theirs: whose it is, and a prekey to
// seal the first message to. Signed by its owner, so that the relay cannot put another in its
// place. docs/protocol.md, "Relay: mailbox". Pure functions.
//
//   version (1) || size (2) || bundle || prekey id (8) || X-Wing public key (1216) || made_at (8)
//   || Ed25519 signature (64) of "kith1 card" and all before
#pragma once

#include "crypto/beacon.hpp"
#include "crypto/identity.hpp"

namespace kith::crypto {

struct MailboxCard {
    PublicBundle bundle;
    std::uint64_t prekey_id = 0;
    Bytes prekey;              ///< 1216 bytes
    std::int64_t made_at = 0;  ///< milliseconds since 1970
};

/// `card.bundle` is of the same person as `signing`.
[[nodiscard]] Bytes format_card(const MailboxCard& card, const SigningKey& signing);
/// Errors: malformed; bad_key; wrong_fingerprint (somebody else's); not_authentic.
[[nodiscard]] Result<MailboxCard> parse_card(ByteView bytes, const Fingerprint& owner);

}  // namespace kith::crypto
