// SPDX-License-Identifier: MIT
//
// Where a relay is, and which one: "kith-relay1" || base64url(version || place || port ||
// checksum). docs/protocol.md, "Relay address". Pure functions, any thread.
#pragma once

#include "crypto/connection_id.hpp"

namespace kith::crypto {

inline constexpr std::size_t relay_host_max = 100;  ///< bytes

struct RelayAddress {
    Fingerprint relay;
    InviteToken secret{};  ///< opens its door; zeros: open to everybody
    std::string host;      ///< a name or a numeric address, 1 to relay_host_max bytes
    std::uint16_t port = 0;
    bool operator==(const RelayAddress&) const = default;
};

[[nodiscard]] std::string format(const RelayAddress& address);
/// White space and line breaks are ignored. Errors: malformed, checksum, newer_version, limits.
[[nodiscard]] Result<RelayAddress> parse_relay_address(std::string_view text);

/// A relay's place stands where an IP address does: fingerprint || secret || host, with its port
/// beside it. It is longer than any of them.
[[nodiscard]] Bytes place_of(const RelayAddress& address);
/// Nothing: that is no place.
[[nodiscard]] std::optional<RelayAddress> relay_at(ByteView place, std::uint16_t port);
[[nodiscard]] bool is_relay_place(ByteView address) noexcept;
/// Letters, digits, '-', '.', ':' (and '_', '%' for numeric scopes): nothing that a terminal, a
/// resolver or a reader of a log could take for something else.
[[nodiscard]] bool is_relay_host(std::string_view host) noexcept;

}  // namespace kith::crypto
