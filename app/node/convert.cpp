// SPDX-License-Identifier: MIT
#include "app/node/convert.hpp"

#include "app/node/addresses.hpp"

namespace kith::node {
namespace {

bool usable(const crypto::Bytes& address, std::uint16_t port) {
    return port != 0 && (address.size() == 4 || address.size() == 16);
}

}  // namespace

std::vector<store::Endpoint> to_rows(const std::vector<crypto::Candidate>& candidates) {
    std::vector<store::Endpoint> rows;
    for (const auto& candidate : candidates) {
        if (rows.size() == crypto::candidates_max) break;
        if (usable(candidate.address, candidate.port)) {
            rows.push_back({candidate.address, candidate.port});
        }
    }
    return rows;
}

std::vector<net::SocketAddress> to_socket_addresses(const std::vector<store::Endpoint>& rows) {
    std::vector<net::SocketAddress> addresses;
    for (const auto& row : rows) addresses.push_back({row.address, row.port, 0});
    return addresses;
}

std::vector<crypto::Candidate> to_candidates(const std::vector<net::SocketAddress>& addresses) {
    std::vector<crypto::Candidate> candidates;
    for (const auto& address : addresses) {
        if (candidates.size() == crypto::candidates_max) break;
        if (address.scope != 0 || !usable(address.address, address.port)) continue;
        candidates.push_back({kind_of(address.address), address.address, address.port});
    }
    return candidates;
}

std::string tidy_name(std::string_view name) {
    std::string tidy;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        tidy += (byte < 0x20 || byte == 0x7f) ? ' ' : c;
    }
    const auto first = tidy.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return tidy.substr(first, tidy.find_last_not_of(' ') - first + 1);
}

}  // namespace kith::node
