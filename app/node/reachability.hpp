// SPDX-License-Identifier: MIT
//
// Where others can reach this node, and whether that works from outside of the local network:
// conclusions from what is known, without I/O. docs/protocol.md, "Candidates". Pure functions.
#pragma once

#include <map>

#include "app/model/types.hpp"
#include "crypto/connection_id.hpp"
#include "net/mapping/port_mapper.hpp"

namespace kith::node {

/// What is known.
struct ReachFacts {
    std::vector<net::SocketAddress> listening;  ///< as bound: "any address", or certain ones
    std::vector<net::SocketAddress> own;        ///< the same, with the addresses of the interfaces
    std::uint16_t port = 0;
    net::MappingStatus mapping;
    std::string manual;                            ///< the setting, "host:port"; empty: none
    std::vector<net::SocketAddress> manual_found;  ///< what its host stands for
    std::string manual_problem;                    ///< why that is not known
    /// Where contacts say our connections come from. One lie each, so the most frequent counts.
    std::map<model::PeerId, crypto::Bytes> observed;
    /// Somebody outside of the local network has opened a session to this node.
    bool visited = false;
    std::vector<crypto::Candidate> relays;  ///< to be told, best first
    std::string relay_online;               ///< the name of one; empty: none
};

/// What follows.
struct Reach {
    std::vector<crypto::Candidate> candidates;  ///< best first, at most crypto::candidates_max
    std::string mapping = "none";
    std::vector<model::PortMapping> mapped;
    std::string public_address, public_address_from;
    model::Outside outside = model::Outside::unknown;
    std::string outside_text;
    bool operator==(const Reach&) const = default;
};

[[nodiscard]] Reach assess(const ReachFacts& facts);
/// Only this computer can connect: the router need not be asked.
[[nodiscard]] bool loopback_only(const std::vector<net::SocketAddress>& listening);
/// Those worth telling somebody who is reached at `remote` and not a contact yet: nobody far away
/// learns what the local network looks like.
[[nodiscard]] std::vector<crypto::Candidate> candidates_for_stranger(
    const std::vector<crypto::Candidate>& all, const net::SocketAddress& remote);
/// A session that came from `remote` came from outside of the local network, on its own. Not
/// through a relay: that says nothing of the network.
[[nodiscard]] bool from_outside(const net::SocketAddress& remote, const ReachFacts& facts);

}  // namespace kith::node
