// SPDX-License-Identifier: MIT
#include "net/link_handshake.hpp"

namespace kith::net {

LinkHandshake::Step LinkHandshake::receive(crypto::ByteView message) {
    return std::visit([&](auto& role) { return role.receive(message); }, role_);
}

LinkHandshake::Step LinkHandshake::resume(crypto::ByteView secret) {
    return std::visit([&](auto& role) { return role.resume(secret); }, role_);
}

crypto::RecordChannel LinkHandshake::take_channel() {
    return std::visit([](auto& role) { return role.take_channel(); }, role_);
}

const crypto::PublicBundle& LinkHandshake::peer() const {
    return std::visit([](const auto& role) -> const crypto::PublicBundle& { return role.peer(); },
                      role_);
}

crypto::Bytes LinkHandshake::start() { return std::get<crypto::Initiator>(role_).start(); }

const crypto::TokenMatch& LinkHandshake::admitted_by() const {
    return std::get<crypto::Responder>(role_).admitted_by();
}

}  // namespace kith::net
