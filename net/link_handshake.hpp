// SPDX-License-Identifier: MIT
//
// The handshake of one link, whichever role. A responder costs nothing before its first whole
// frame. Internal to net/.
#pragma once

#include "crypto/handshake.hpp"

namespace kith::net {

class LinkHandshake {
public:
    using Step = crypto::Result<crypto::HandshakeStep>;

    LinkHandshake(const crypto::PublicBundle& self, crypto::Initiator::Config config,
                  crypto::RandomSource& random)
        : role_(crypto::Initiator(self, std::move(config), random)) {}
    LinkHandshake(const crypto::PublicBundle& self, crypto::Responder::Config config,
                  crypto::RandomSource& random)
        : role_(crypto::Responder(self, std::move(config), random)) {}

    [[nodiscard]] Step receive(crypto::ByteView message);
    [[nodiscard]] Step resume(crypto::ByteView secret);
    [[nodiscard]] crypto::RecordChannel take_channel();
    [[nodiscard]] const crypto::PublicBundle& peer() const;
    /// M1. Initiator only.
    [[nodiscard]] crypto::Bytes start();
    /// Responder: which token opened the door. Valid after M1.
    [[nodiscard]] const crypto::TokenMatch& admitted_by() const;

private:
    std::variant<crypto::Initiator, crypto::Responder> role_;
};

}  // namespace kith::net
