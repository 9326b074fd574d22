// SPDX-License-Identifier: MIT
#include "app/node/addresses.hpp"

#include <algorithm>
#include <charconv>

namespace kith::node {
namespace {

using crypto::Bytes;

tl::unexpected<model::Error> bad_address(std::string text) {
    return tl::unexpected(model::Error{"bad_address", std::move(text)});
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Names and numeric addresses, with a zone behind "%"; nothing of a URL.
bool is_host(std::string_view host) {
    constexpr auto allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:%";
    return !host.empty() && host.front() != '-' &&
           host.find_first_not_of(allowed) == std::string_view::npos;
}

struct Parts {
    std::string_view host;
    std::string_view port;  ///< empty: none was given
};

std::optional<Parts> split(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        const auto behind = text.substr(end + 1);
        if (!behind.empty() && behind.front() != ':') return std::nullopt;
        return Parts{text.substr(1, end - 1), behind.empty() ? behind : behind.substr(1)};
    }
    const auto colon = text.find(':');
    // With two or more it is an IPv6 address, whose last group is no port.
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return Parts{text, {}};
    return Parts{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

bool is_loopback(const Bytes& address) {
    if (address.size() == 4) return address[0] == 127;
    return address.size() == 16 && address.back() == 1 &&
           std::all_of(address.begin(), address.end() - 1, [](auto b) { return b == 0; });
}

bool is_local(const Bytes& a) {
    if (a.size() == 4) {
        return a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
               (a[0] == 169 && a[1] == 254) || (a[0] == 100 && (a[1] & 0xc0) == 64);
    }
    return a.size() == 16 && ((a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80));
}

bool is_global(const Bytes& a) {
    if (a.size() == 4) return a[0] != 0 && a[0] < 224 && !is_loopback(a) && !is_local(a);
    return a.size() == 16 && (a[0] & 0xe0) == 0x20;  // 2000::/3, all that is assigned
}

bool same_subnet(const Bytes& a, const Bytes& b) {
    if (a.size() != b.size() || (a.size() != 4 && a.size() != 16)) return false;
    const auto prefix = static_cast<Bytes::difference_type>(a.size() == 4 ? 3 : 8);
    return std::equal(a.begin(), a.begin() + prefix, b.begin());
}

crypto::CandidateKind kind_of(const Bytes& address) {
    if (is_loopback(address)) return crypto::CandidateKind::loopback;
    return is_local(address) ? crypto::CandidateKind::lan : crypto::CandidateKind::public_address;
}

std::string spell(const Bytes& address) {
    std::string text = net::to_string({address, 0, 0});
    text.resize(text.rfind(':'));
    return text.starts_with('[') ? text.substr(1, text.size() - 2) : text;
}

std::vector<std::string> spell(const std::vector<net::SocketAddress>& addresses) {
    std::vector<std::string> out;
    for (const auto& address : addresses) out.push_back(net::to_string(address));
    return out;
}

std::vector<std::string> spell(const std::vector<crypto::Candidate>& candidates) {
    std::vector<std::string> out;
    for (const auto& one : candidates) out.push_back(net::to_string({one.address, one.port, 0}));
    return out;
}

std::string name_of(const crypto::RelayAddress& relay) {
    const bool v6 = relay.host.find(':') != std::string::npos;
    return (v6 ? "[" + relay.host + "]" : relay.host) + ":" + std::to_string(relay.port);
}

std::string spell_remote(const net::SocketAddress& remote) {
    const auto relay = crypto::relay_at(remote.address, remote.port);
    return relay ? name_of(*relay) : net::to_string(remote);
}

tl::expected<HostPort, model::Error> parse_host_port(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return bad_address("The address is empty.");
    if (text.size() > model::address_max) return bad_address("The address is too long.");
    const auto parts = split(text);
    if (!parts || !is_host(parts->host)) {
        return bad_address(
            "This is not an address. It looks like 192.0.2.1:4711, [2001:db8::1]:4711 or "
            "name.example:4711.");
    }
    if (parts->port.empty()) {
        return bad_address(
            "The port is missing: write it behind a colon, as in 192.0.2.1:4711 or "
            "[2001:db8::1]:4711.");
    }
    std::uint16_t port = 0;
    const char* end = parts->port.data() + parts->port.size();
    const auto [rest, fault] = std::from_chars(parts->port.data(), end, port);
    if (fault != std::errc{} || rest != end || port == 0)
        return bad_address("The port is a number from 1 to 65535.");
    return HostPort{std::string(parts->host), port};
}

}  // namespace kith::node
