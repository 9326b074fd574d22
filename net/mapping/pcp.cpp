// SPDX-License-Identifier: MIT
#include "net/mapping/pcp.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"

namespace kith::net::pcp {
namespace {

using crypto::append;
using crypto::big_endian;
using crypto::read_big_endian;

constexpr std::uint8_t version = 2;
constexpr std::uint8_t map_operation = 1;
constexpr std::uint8_t response_bit = 0x80;
constexpr std::uint8_t tcp = 6;
constexpr std::size_t header_size = 24;
constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

constexpr std::array<const char*, 14> names{
    "SUCCESS",          "UNSUPP_VERSION",        "NOT_AUTHORIZED",   "MALFORMED_REQUEST",
    "UNSUPP_OPCODE",    "UNSUPP_OPTION",         "MALFORMED_OPTION", "NETWORK_FAILURE",
    "NO_RESOURCES",     "UNSUPP_PROTOCOL",       "USER_EX_QUOTA",    "CANNOT_PROVIDE_EXTERNAL",
    "ADDRESS_MISMATCH", "EXCESSIVE_REMOTE_PEERS"};

void append_mapped(Bytes& out, const Address4& address) {
    append(out, mapped_prefix);
    append(out, address);
}

Bytes read_address(ByteView bytes) {
    if (std::ranges::equal(bytes.first(12), mapped_prefix)) bytes = bytes.subspan(12);
    if (std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; })) return {};
    return {bytes.begin(), bytes.end()};
}

bool payload_agrees(ByteView payload, const Request& request) {
    return std::ranges::equal(payload.first(12), request.nonce) && payload[12] == tcp &&
           read_big_endian<2>(payload.subspan(16)) == request.internal_port;
}

}  // namespace

Bytes encode(const Request& request) {
    Bytes out{version, map_operation, 0, 0};
    append(out, big_endian<4>(static_cast<std::uint64_t>(request.lifetime.count())));
    append_mapped(out, request.client);
    append(out, request.nonce);
    append(out, Bytes{tcp, 0, 0, 0});
    append(out, big_endian<2>(request.internal_port));
    append(out, big_endian<2>(request.external_port));
    append_mapped(out, request.external);
    return out;
}

tl::expected<Response, Foreign> decode(ByteView message, const Request& request) {
    const auto foreign = tl::unexpected(Foreign::not_ours);
    // NAT-PMP's refusal: version 0, 8 bytes, result 1 (unsupported version).
    if (message.size() >= 4 && message[0] == 0 && (message[1] & response_bit) != 0 &&
        read_big_endian<2>(message.subspan(2)) == 1)
        return tl::unexpected(Foreign::nat_pmp_only);
    if (message.size() < header_size || message.size() > message_max || message.size() % 4 != 0)
        return foreign;
    if (message[0] != version || message[1] != (response_bit | map_operation)) return foreign;
    Response response;
    response.result = message[3];
    response.lifetime = std::chrono::seconds(read_big_endian<4>(message.subspan(4)));
    response.epoch = static_cast<std::uint32_t>(read_big_endian<4>(message.subspan(8)));
    const ByteView payload = message.subspan(header_size);
    if (payload.size() < request_size - header_size) {
        if (response.result == success || !payload.empty()) return foreign;
        return response;
    }
    if (!payload_agrees(payload, request)) return foreign;
    response.external_port = static_cast<std::uint16_t>(read_big_endian<2>(payload.subspan(18)));
    response.external = read_address(payload.subspan(20, 16));
    return response;
}

std::string result_name(std::uint8_t result) {
    return result < names.size() ? names[result] : "result " + std::to_string(result);
}

}  // namespace kith::net::pcp
