// SPDX-License-Identifier: MIT
//
// Addresses of relays that do not exist.
#pragma once

#include "crypto/relay_address.hpp"

namespace kith::test {

inline crypto::RelayAddress relay(std::uint8_t number, std::string host = "relay.example.org") {
    crypto::RelayAddress address;
    address.relay.bytes.fill(number);
    address.secret.fill(number);
    address.host = std::move(host);
    address.port = 4720;
    return address;
}

inline crypto::Candidate relay_candidate(std::uint8_t number) {
    return {crypto::CandidateKind::relay, crypto::place_of(relay(number)), relay(number).port};
}

}  // namespace kith::test
