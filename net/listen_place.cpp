// SPDX-License-Identifier: MIT
#include "net/listen_place.hpp"

#include <charconv>

#include "net/socket_names.hpp"

namespace kith::net {

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, port);
    if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return port;
}

std::optional<ListenPlace> parse_listen_place(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_port(text.substr(colon + 1));
    std::string address(text.substr(0, colon));
    if (!port) return std::nullopt;
    if (address == "*") return ListenPlace{{}, *port};
    const bool brackets = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (brackets) address = address.substr(1, address.size() - 2);
    const auto numeric = parse_numeric(address, *port);
    // Without brackets the end of an IPv6 address could be taken for a port.
    if (!numeric || brackets != (numeric->address.size() == 16)) return std::nullopt;
    return ListenPlace{std::move(address), *port};
}

}  // namespace kith::net
