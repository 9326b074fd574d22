// SPDX-License-Identifier: MIT
#include "crypto/relay_address.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/pasted_text.hpp"

namespace kith::crypto {
namespace {

// Specification.
constexpr std::size_t fingerprint_size = 32;
constexpr std::size_t secret_size = 8;
constexpr std::size_t port_size = 2;
constexpr std::size_t host_at = fingerprint_size + secret_size;
constexpr PastedKind kind{"kith-relay1", "relay address", 1, 256, 1 + host_at + 1 + port_size};

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_relay_host(std::string_view host) noexcept {
    const auto may_stand = [](char c) {
        return is_alphanumeric(c) || std::string_view("-._:%").find(c) != std::string_view::npos;
    };
    return !host.empty() && host.size() <= relay_host_max && std::ranges::all_of(host, may_stand);
}

bool is_relay_place(ByteView address) noexcept { return address.size() > host_at; }

Bytes place_of(const RelayAddress& address) {
    Bytes place(address.relay.bytes.begin(), address.relay.bytes.end());
    append(place, address.secret);
    place.insert(place.end(), address.host.begin(), address.host.end());
    return place;
}

std::optional<RelayAddress> relay_at(ByteView place, std::uint16_t port) {
    if (!is_relay_place(place) || port == 0) return std::nullopt;
    RelayAddress address;
    std::ranges::copy(place.first(fingerprint_size), address.relay.bytes.begin());
    std::ranges::copy(place.subspan(fingerprint_size, secret_size), address.secret.begin());
    address.host.assign(place.begin() + host_at, place.end());
    address.port = port;
    if (!is_relay_host(address.host)) return std::nullopt;
    return address;
}

std::string format(const RelayAddress& address) {
    Bytes fields{kind.version};
    append(fields, place_of(address));
    append(fields, big_endian<port_size>(address.port));
    return format_pasted(kind, std::move(fields));
}

Result<RelayAddress> parse_relay_address(std::string_view text) {
    const auto fields = parse_pasted(kind, text);
    if (!fields) return tl::unexpected(fields.error());
    const ByteView all(*fields);
    const auto port = static_cast<std::uint16_t>(read_big_endian<port_size>(all.last(port_size)));
    auto address = relay_at(all.first(all.size() - port_size), port);
    if (!address) return malformed_pasted(kind);
    return std::move(*address);
}

}  // namespace kith::crypto
