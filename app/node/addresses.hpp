// SPDX-License-Identifier: MIT
//
// What an address says of where it can be reached from, and addresses as people type them. Pure
// functions.
#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "app/model/types.hpp"
#include "crypto/relay_address.hpp"
#include "net/transport.hpp"

namespace kith::node {

/// 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback(const crypto::Bytes& address);
/// Of somebody's own network: RFC 1918, 100.64.0.0/10 (RFC 6598), fc00::/7 (RFC 4193), link-local.
[[nodiscard]] bool is_local(const crypto::Bytes& address);
/// Unicast, and the same everywhere: neither of the above, nor multicast, nor reserved. The ranges
/// for documentation pass.
[[nodiscard]] bool is_global(const crypto::Bytes& address);
/// Of one subnet, as far as can be told without its mask: IPv4 /24, IPv6 /64.
[[nodiscard]] bool same_subnet(const crypto::Bytes& a, const crypto::Bytes& b);
[[nodiscard]] crypto::CandidateKind kind_of(const crypto::Bytes& address);
/// "192.0.2.1", "2001:db8::1".
[[nodiscard]] std::string spell(const crypto::Bytes& address);
[[nodiscard]] std::vector<std::string> spell(const std::vector<net::SocketAddress>& addresses);
[[nodiscard]] std::vector<std::string> spell(const std::vector<crypto::Candidate>& candidates);
/// "relay.example.org:4720", "[2001:db8::1]:4720": for a person, without the relay's secret.
[[nodiscard]] std::string name_of(const crypto::RelayAddress& relay);
/// Where a session goes: "192.0.2.1:4711", or the name of the relay.
[[nodiscard]] std::string spell_remote(const net::SocketAddress& remote);

struct HostPort {
    std::string host;  ///< a name or a numeric address, without brackets
    std::uint16_t port = 0;
};
/// "host:port", "192.0.2.1:4711", "[2001:db8::1]:4711"; white space around it is ignored. Error
/// code: bad_address.
[[nodiscard]] tl::expected<HostPort, model::Error> parse_host_port(std::string_view text);

}  // namespace kith::node
