// SPDX-License-Identifier: MIT
//
// NAT-PMP for TCP (RFC 6886): layouts only. Free functions without state. Internal to net/mapping.
// libnatpmp is not used: its port is fixed when it is compiled, so that no scripted router can
// stand in, and its waiting cannot be cut short; the four messages are smaller than the glue.
#pragma once

#include <optional>

#include "net/transport.hpp"

namespace kith::net::nat_pmp {

[[nodiscard]] Bytes encode_address_request();  ///< 2 bytes
/// 12 bytes. Lifetime 0 removes; the external port is then 0 (section 3.4).
[[nodiscard]] Bytes encode_map_request(std::uint16_t internal_port, std::uint16_t external_port,
                                       std::chrono::seconds lifetime);

struct AddressResponse {
    std::uint16_t result = 0;
    Bytes address;  ///< 4 bytes; empty unless result is 0
};
/// Nothing: no answer to such a request.
[[nodiscard]] std::optional<AddressResponse> decode_address(ByteView message);

struct MapResponse {
    std::uint16_t result = 0;
    std::uint16_t external_port = 0;  ///< 0 unless result is 0
    std::chrono::seconds lifetime{0};
};
/// Nothing: no answer to a request for this port.
[[nodiscard]] std::optional<MapResponse> decode_map(ByteView message, std::uint16_t internal_port);

/// "NOT_AUTHORIZED" and so on (section 3.5), in the spelling of PCP.
[[nodiscard]] std::string result_name(std::uint16_t result);

}  // namespace kith::net::nat_pmp
