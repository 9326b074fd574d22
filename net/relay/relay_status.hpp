// SPDX-License-Identifier: MIT
//
// How it stands with the relays of one's own. Values; any thread.
#pragma once

#include "crypto/relay_address.hpp"

namespace kith::net {

enum class RelayState { connecting, online, offline };

struct RelayStatus {
    crypto::RelayAddress address;
    RelayState state = RelayState::offline;
    std::string error;  ///< why it is offline, a sentence; empty: not tried yet
};

class RelayListener {
public:
    virtual ~RelayListener() = default;
    /// Something about a relay of one's own has changed. Network thread.
    virtual void on_relay(const RelayStatus& status) = 0;
};

}  // namespace kith::net
