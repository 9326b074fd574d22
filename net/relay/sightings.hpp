// SPDX-License-Identifier: MIT
//
// Where a relay sees the connections of circuits come from, for those who made them: who knows the
// ticket of a connection is told. docs/protocol.md, "Relay: hole punching". As many as there are
// connections of circuits. Internal to net/; network thread only.
#pragma once

#include <map>
#include <unordered_map>

#include "net/message.hpp"
#include "net/transport.hpp"

namespace kith::net {

class Sightings {
public:
    void saw(LinkId link, const CircuitTicket& ticket, SocketAddress from) {
        from_[ticket] = std::move(from);
        tickets_[link] = ticket;
    }
    void forget(LinkId link) {
        const auto found = tickets_.find(link);
        if (found == tickets_.end()) return;
        from_.erase(found->second);
        tickets_.erase(found);
    }
    /// Null: no connection that is still there has shown it.
    [[nodiscard]] const SocketAddress* of(const CircuitTicket& ticket) const {
        const auto found = from_.find(ticket);
        return found == from_.end() ? nullptr : &found->second;
    }
    [[nodiscard]] std::size_t size() const noexcept { return tickets_.size(); }

private:
    std::map<CircuitTicket, SocketAddress> from_;
    std::unordered_map<LinkId, CircuitTicket> tickets_;
};

}  // namespace kith::net
