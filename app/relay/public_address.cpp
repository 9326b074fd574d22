// SPDX-License-Identifier: MIT
#include "app/relay/public_address.hpp"

namespace kith::relay {
namespace {

bool is_wildcard(const std::string& numeric) {
    return numeric.find_first_not_of("0.:") == std::string::npos;
}

/// The numeric host, without port and brackets.
std::string host_of(const net::SocketAddress& address) {
    std::string text = net::to_string(address);
    text.resize(text.rfind(':'));
    return text.starts_with('[') ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

PublicAddress public_address(const Configuration& configuration, std::uint16_t listening_port,
                             const std::vector<net::SocketAddress>& reachable) {
    if (const auto& given = configuration.public_host)
        return {given->host, given->port.value_or(listening_port), false};
    const auto& address = configuration.listen.address;
    if (!is_wildcard(address)) return {address, listening_port, false};
    if (reachable.empty()) return {"127.0.0.1", listening_port, true};
    return {host_of(reachable.front()), listening_port, true};
}

}  // namespace kith::relay
