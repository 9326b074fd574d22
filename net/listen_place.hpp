// SPDX-License-Identifier: MIT
//
// Where to listen, as a person writes it. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::net {

struct ListenPlace {
    std::string address;     ///< numeric; empty: all addresses of both families
    std::uint16_t port = 0;  ///< 0: any free one
    bool operator==(const ListenPlace&) const = default;
};

/// "192.0.2.1:4711", "[2001:db8::1]:4711", "*:4711". Nothing for names and anything else.
[[nodiscard]] std::optional<ListenPlace> parse_listen_place(std::string_view text);

/// A decimal port, 0 included.
[[nodiscard]] std::optional<std::uint16_t> parse_port(std::string_view text);

}  // namespace kith::net
