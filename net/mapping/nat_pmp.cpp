// SPDX-License-Identifier: MIT
#include "net/mapping/nat_pmp.hpp"

#include <array>

#include "crypto/encoding.hpp"

namespace kith::net::nat_pmp {
namespace {

using crypto::append;
using crypto::big_endian;
using crypto::read_big_endian;

constexpr std::uint8_t version = 0;
constexpr std::uint8_t address_operation = 0;
constexpr std::uint8_t map_tcp_operation = 2;
constexpr std::uint8_t response_bit = 0x80;
constexpr std::size_t refusal_size = 8;  // version, operation, result, epoch
constexpr std::size_t address_response_size = 12;
constexpr std::size_t map_response_size = 16;

constexpr std::array<const char*, 6> names{"SUCCESS",         "UNSUPP_VERSION", "NOT_AUTHORIZED",
                                           "NETWORK_FAILURE", "NO_RESOURCES",   "UNSUPP_OPCODE"};

std::uint16_t read16(ByteView bytes) {
    return static_cast<std::uint16_t>(read_big_endian<2>(bytes));
}

/// The result, if this is a response to such a request.
std::optional<std::uint16_t> result_of(ByteView message, std::uint8_t operation) {
    if (message.size() < refusal_size || message[0] != version) return std::nullopt;
    if (message[1] != (response_bit | operation)) return std::nullopt;
    return read16(message.subspan(2));
}

}  // namespace

Bytes encode_address_request() { return {version, address_operation}; }

Bytes encode_map_request(std::uint16_t internal_port, std::uint16_t external_port,
                         std::chrono::seconds lifetime) {
    Bytes out{version, map_tcp_operation, 0, 0};
    append(out, big_endian<2>(internal_port));
    append(out, big_endian<2>(external_port));
    append(out, big_endian<4>(static_cast<std::uint64_t>(lifetime.count())));
    return out;
}

std::optional<AddressResponse> decode_address(ByteView message) {
    const auto result = result_of(message, address_operation);
    if (!result) return std::nullopt;
    if (*result != 0) return AddressResponse{*result, {}};
    if (message.size() != address_response_size) return std::nullopt;
    return AddressResponse{0, {message.begin() + 8, message.end()}};
}

std::optional<MapResponse> decode_map(ByteView message, std::uint16_t internal_port) {
    const auto result = result_of(message, map_tcp_operation);
    if (!result) return std::nullopt;
    const bool whole = message.size() == map_response_size;
    if (whole && read16(message.subspan(8)) != internal_port) return std::nullopt;
    if (*result != 0) return MapResponse{*result, 0, {}};
    if (!whole) return std::nullopt;
    return MapResponse{0, read16(message.subspan(10)),
                       std::chrono::seconds(read_big_endian<4>(message.subspan(12)))};
}

std::string result_name(std::uint16_t result) {
    return result < names.size() ? names[result] : "result " + std::to_string(result);
}

}  // namespace kith::net::nat_pmp
