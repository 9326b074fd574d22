// SPDX-License-Identifier: MIT
#include "app/node/convert.hpp"

#include <algorithm>
#include <array>

#include "app/node/addresses.hpp"
#include "crypto/relay_address.hpp"

namespace kith::node {
namespace {

bool usable(const crypto::Bytes& address, std::uint16_t port) {
    return port != 0 && (address.size() == 4 || address.size() == 16);
}

/// Of UTF-8 that is not empty; one byte where it is none.
std::string_view first_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return text.substr(0, size);
}

char32_t code_point(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return lead;
    char32_t value = lead & (0xFFU >> (character.size() + 1));
    for (const char c : character.substr(1))
        value = value << 6 | (static_cast<unsigned char>(c) & 0x3FU);
    return value;
}

/// Control characters, line and paragraph separators.
bool is_break(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

struct Range {
    char32_t first, last;
};
/// Marks that turn the direction of text, and signs without width. Joiners (U+200C, U+200D) and
/// tags stay: words and flags are written with them.
constexpr std::array<Range, 10> unseen{{{0x00AD, 0x00AD},
                                        {0x061C, 0x061C},
                                        {0x180E, 0x180E},
                                        {0x200B, 0x200B},
                                        {0x200E, 0x200F},
                                        {0x202A, 0x202E},
                                        {0x2060, 0x206F},
                                        {0xFEFF, 0xFEFF},
                                        {0xFFF9, 0xFFFB},
                                        {0xE0001, 0xE0001}}};

bool is_unseen(char32_t c) {
    return std::any_of(unseen.begin(), unseen.end(),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool names_relay(const crypto::Candidate& candidate) {
    return candidate.kind == crypto::CandidateKind::relay &&
           crypto::relay_at(candidate.address, candidate.port).has_value();
}

bool names_address(const crypto::Candidate& candidate) {
    return candidate.kind != crypto::CandidateKind::relay &&
           usable(candidate.address, candidate.port);
}

template <typename Wanted>
void add_rows(std::vector<store::Endpoint>& rows, const std::vector<crypto::Candidate>& candidates,
              std::size_t most, Wanted wanted) {
    for (const auto& candidate : candidates) {
        if (rows.size() >= most) return;
        if (wanted(candidate)) rows.push_back({candidate.address, candidate.port});
    }
}

}  // namespace

std::vector<store::Endpoint> to_rows(const std::vector<crypto::Candidate>& candidates) {
    const auto relays = std::min<std::size_t>(
        relays_told_max,
        static_cast<std::size_t>(std::count_if(candidates.begin(), candidates.end(), names_relay)));
    std::vector<store::Endpoint> rows;
    add_rows(rows, candidates, crypto::candidates_max - relays, names_address);
    add_rows(rows, candidates, rows.size() + relays, names_relay);
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
    while (!name.empty()) {
        const std::string_view character = first_character(name);
        name.remove_prefix(character.size());
        const char32_t c = code_point(character);
        if (is_break(c))
            tidy += ' ';
        else if (!is_unseen(c))
            tidy += character;
    }
    const auto first = tidy.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return tidy.substr(first, tidy.find_last_not_of(' ') - first + 1);
}

}  // namespace kith::node
