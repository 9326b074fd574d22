// SPDX-License-Identifier: MIT
#include "net/relay/slot.hpp"

#include "crypto/kdf.hpp"

namespace kith::net {

SlotToken slot_token(const crypto::Fingerprint& relay, const crypto::Fingerprint& owner,
                     crypto::ByteView token) {
    const auto key = crypto::sha256({crypto::view("kith1 slot"), owner.bytes, token});
    return crypto::hmac_sha256(key, relay.bytes);
}

SlotKey slot_key(const SlotToken& token) { return crypto::sha256({token}); }

}  // namespace kith::net
