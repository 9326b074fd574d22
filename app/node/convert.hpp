// SPDX-License-Identifier: MIT
//
// The same thing in two rooms' words: net/ and crypto/ speak of fingerprints and candidates, the
// store and the window of people and rows.
#pragma once

#include "app/model/types.hpp"
#include "app/store/job.hpp"
#include "crypto/connection_id.hpp"
#include "net/message.hpp"
#include "net/transport.hpp"

namespace kith::node {

/// Relays of one person: in a connection ID or card, and kept of them. Each costs whoever dials a
/// connection and its host a look-up.
inline constexpr std::size_t relays_told_max = 2;

inline crypto::Fingerprint fingerprint(const model::PeerId& id) { return {id.bytes}; }
inline model::PeerId peer_id(const crypto::Fingerprint& f) { return {f.bytes}; }

/// Addresses as rows keep them, relays behind all others. Those without a usable address or port
/// are left out, as are more than crypto::candidates_max, of them relays_told_max relays.
std::vector<store::Endpoint> to_rows(const std::vector<crypto::Candidate>& candidates);
std::vector<net::SocketAddress> to_socket_addresses(const std::vector<store::Endpoint>& rows);
/// Our own addresses, as a connection ID or contact card lists them.
std::vector<crypto::Candidate> to_candidates(const std::vector<net::SocketAddress>& addresses);

/// A line from somebody else, fit to be stored: control characters and breaks become spaces, what
/// nobody sees and what turns the direction of text goes, the ends are trimmed; empty when nothing
/// is left. (How it is shown safely is the window's business.)
std::string tidy_name(std::string_view name);

}  // namespace kith::node
