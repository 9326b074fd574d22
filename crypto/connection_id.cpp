// SPDX-License-Identifier: MIT
#include "crypto/connection_id.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/pasted_text.hpp"
#include "crypto/relay_address.hpp"

namespace kith::crypto {

namespace {

// Specification.
constexpr std::size_t fixed_size = 1 + 32 + 8 + 1;
constexpr std::size_t port_size = 2;
constexpr PastedKind pasted{"kith1", "connection ID", 1, connection_id_text_max, fixed_size};

bool is_known(std::uint8_t kind) {
    return kind >= static_cast<std::uint8_t>(CandidateKind::lan) &&
           kind <= static_cast<std::uint8_t>(CandidateKind::relay);
}

void write(Bytes& out, const Candidate& candidate) {
    out.push_back(static_cast<std::uint8_t>(candidate.kind));
    out.push_back(static_cast<std::uint8_t>(candidate.address.size() + port_size));
    append(out, candidate.address);
    append(out, big_endian<2>(candidate.port));
}

tl::unexpected<Error> malformed() { return malformed_pasted(pasted); }

/// kind || length || address || port, from the front of `rest`; nothing for kinds that a newer Kith
/// has added.
Result<std::optional<Candidate>> read_candidate(ByteView& rest) {
    if (rest.size() < 2 || rest.size() < 2U + rest[1]) return malformed();
    const std::uint8_t kind = rest[0];
    const ByteView body = rest.subspan(2, rest[1]);
    rest = rest.subspan(2 + body.size());
    if (!is_known(kind)) return std::optional<Candidate>();
    if (body.size() < port_size) return malformed();

    Candidate candidate;
    candidate.kind = static_cast<CandidateKind>(kind);
    candidate.address.assign(body.begin(), body.end() - port_size);
    candidate.port = static_cast<std::uint16_t>(read_big_endian<port_size>(body.last(port_size)));
    if (!is_well_formed(candidate)) return malformed();
    return std::optional(std::move(candidate));
}

Result<ConnectionId> read_fields(ByteView fields) {
    ConnectionId id;
    ByteView rest = fields;
    std::copy_n(rest.begin(), id.fingerprint.bytes.size(), id.fingerprint.bytes.begin());
    rest = rest.subspan(id.fingerprint.bytes.size());
    std::copy_n(rest.begin(), id.token.size(), id.token.begin());
    rest = rest.subspan(id.token.size());
    const std::size_t count = rest[0];
    rest = rest.subspan(1);
    if (count > candidates_max)
        return fail(Errc::limits, "This connection ID lists more addresses than Kith accepts.");
    for (std::size_t i = 0; i < count; ++i) {
        auto candidate = read_candidate(rest);
        if (!candidate) return tl::unexpected(candidate.error());
        if (*candidate) id.candidates.push_back(std::move(**candidate));
    }
    if (!rest.empty()) return malformed();
    return id;
}

}  // namespace

bool is_well_formed(const Candidate& candidate) {
    if (candidate.kind == CandidateKind::relay)
        return relay_at(candidate.address, candidate.port).has_value();
    const std::size_t size = candidate.address.size();
    return is_known(static_cast<std::uint8_t>(candidate.kind)) && (size == 4 || size == 16) &&
           candidate.port != 0;
}

std::string format(const ConnectionId& id) {
    Bytes body{pasted.version};
    append(body, id.fingerprint.bytes);
    append(body, id.token);
    const std::size_t count_at = body.size();
    body.push_back(0);
    for (const Candidate& candidate : id.candidates) {
        if (body[count_at] == candidates_max) break;
        if (!is_well_formed(candidate)) continue;
        write(body, candidate);
        ++body[count_at];
    }
    return format_pasted(pasted, std::move(body));
}

Result<ConnectionId> parse_connection_id(std::string_view text) {
    const auto fields = parse_pasted(pasted, text);
    if (!fields) return tl::unexpected(fields.error());
    return read_fields(*fields);
}

}  // namespace kith::crypto
