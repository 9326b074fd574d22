// SPDX-License-Identifier: MIT
//
// The Port Control Protocol's MAP operation for TCP over IPv4 (RFC 6887): layouts only. Free
// functions without state. Internal to net/mapping.
#pragma once

#include <array>
#include <tl/expected.hpp>

#include "net/transport.hpp"

namespace kith::net::pcp {

inline constexpr std::size_t request_size = 60;   ///< header 24, MAP 36
inline constexpr std::size_t message_max = 1100;  ///< RFC 6887 section 7

using Nonce = std::array<std::uint8_t, 12>;
using Address4 = std::array<std::uint8_t, 4>;

struct Request {
    std::chrono::seconds lifetime{0};  ///< 0: removes
    Address4 client{};
    Nonce nonce{};
    std::uint16_t internal_port = 0;
    std::uint16_t external_port = 0;  ///< wished for; 0: any
    Address4 external{};              ///< wished for; zero: any
};
[[nodiscard]] Bytes encode(const Request& request);

struct Response {
    std::uint8_t result = 0;
    std::chrono::seconds lifetime{0};  ///< of the mapping, or how long not to ask again
    std::uint32_t epoch = 0;           ///< seconds since the router forgot what it had mapped
    std::uint16_t external_port = 0;
    Bytes external;  ///< 4 or 16 bytes; empty: zero
};
enum class Foreign {
    not_ours,      ///< no answer to this request: waiting goes on
    nat_pmp_only,  ///< a NAT-PMP router refuses version 2 (RFC 6886 section 3.5)
};
/// Accepts only what answers `request`: operation, nonce, protocol and internal port agree. The
/// payload of a refusal may be missing where routers cut it off.
[[nodiscard]] tl::expected<Response, Foreign> decode(ByteView message, const Request& request);

inline constexpr std::uint8_t success = 0;
/// "NOT_AUTHORIZED" (RFC 6887 section 7.4), "result 99" for others.
[[nodiscard]] std::string result_name(std::uint8_t result);

}  // namespace kith::net::pcp
