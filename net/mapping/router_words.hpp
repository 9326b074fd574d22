// SPDX-License-Identifier: MIT
//
// What is said to people about a router. Internal to net/mapping. Free functions without state.
#pragma once

#include <optional>
#include <string>

#include "net/transport.hpp"

namespace kith::net {

inline constexpr std::size_t foreign_words_max = 80;

/// A router's own text: printable ASCII, the rest becomes "?"; at most foreign_words_max bytes.
[[nodiscard]] std::string made_safe(std::string_view text);

/// "192.0.2.1", "2001:db8::1"; empty for another length.
[[nodiscard]] std::string spelled(const Bytes& address);

/// 4 bytes of an address that hosts have: not all zero, 127/8, multicast or broadcast. Nothing
/// otherwise: the router does not know.
[[nodiscard]] std::optional<Bytes> usable_public_address(const Bytes& address);

/// A sentence if a router's other side is no public address, so that it stands behind another one.
[[nodiscard]] std::optional<std::string> behind_another(const std::string& router,
                                                        const Bytes& public_address);

}  // namespace kith::net
