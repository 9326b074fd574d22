// SPDX-License-Identifier: MIT
#include "crypto/connection_id.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/kdf.hpp"

namespace kith::crypto {

namespace {

// Specification.
constexpr std::string_view prefix = "kith1";
constexpr std::uint8_t version = 1;
constexpr std::size_t checksum_size = 4;
constexpr std::size_t fixed_size = 1 + 32 + 8 + 1;
constexpr std::size_t port_size = 2;

// Choice: text that is longer, white space included, was not meant to be pasted here.
constexpr std::size_t pasted_text_max = 64 * 1024;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_known(std::uint8_t kind) {
    return kind >= static_cast<std::uint8_t>(CandidateKind::lan) &&
           kind <= static_cast<std::uint8_t>(CandidateKind::loopback);
}

bool is_address(std::size_t size) { return size == 4 || size == 16; }

bool can_be_written(const Candidate& candidate) {
    return is_known(static_cast<std::uint8_t>(candidate.kind)) &&
           is_address(candidate.address.size()) && candidate.port != 0;
}

void write(Bytes& out, const Candidate& candidate) {
    out.push_back(static_cast<std::uint8_t>(candidate.kind));
    out.push_back(static_cast<std::uint8_t>(candidate.address.size() + port_size));
    append(out, candidate.address);
    append(out, big_endian<2>(candidate.port));
}

tl::unexpected<Error> malformed() {
    return fail(Errc::malformed,
                "This is not a connection ID. Copy it again, from \"kith1\" to its end.");
}

/// kind || length || address || port, from the front of `rest`; nothing for kinds that a newer Kith
/// has added.
Result<std::optional<Candidate>> read_candidate(ByteView& rest) {
    if (rest.size() < 2 || rest.size() < 2U + rest[1]) return malformed();
    const std::uint8_t kind = rest[0];
    const ByteView body = rest.subspan(2, rest[1]);
    rest = rest.subspan(2 + body.size());
    if (!is_known(kind)) return std::optional<Candidate>();
    if (body.size() < port_size || !is_address(body.size() - port_size)) return malformed();

    Candidate candidate;
    candidate.kind = static_cast<CandidateKind>(kind);
    candidate.address.assign(body.begin(), body.end() - port_size);
    candidate.port = static_cast<std::uint16_t>(read_big_endian<port_size>(body.last(port_size)));
    if (candidate.port == 0) return malformed();
    return std::optional(std::move(candidate));
}

Result<ConnectionId> read_fields(ByteView fields) {
    ConnectionId id;
    ByteView rest = fields.subspan(1);
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

Result<std::string> without_spaces(std::string_view text) {
    std::string out;
    if (text.size() <= pasted_text_max)
        std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return !is_space(c); });
    if (text.size() > pasted_text_max || out.size() > connection_id_text_max)
        return fail(Errc::limits, "This text is too long to be a connection ID.");
    return out;
}

}  // namespace

std::string format(const ConnectionId& id) {
    Bytes body{version};
    append(body, id.fingerprint.bytes);
    append(body, id.token);
    const std::size_t count_at = body.size();
    body.push_back(0);
    for (const Candidate& candidate : id.candidates) {
        if (body[count_at] == candidates_max) break;
        if (!can_be_written(candidate)) continue;
        write(body, candidate);
        ++body[count_at];
    }
    append(body, ByteView(sha256({body})).first(checksum_size));
    return std::string(prefix) + to_base64url(body);
}

Result<ConnectionId> parse_connection_id(std::string_view text) {
    const auto compact = without_spaces(text);
    if (!compact) return tl::unexpected(compact.error());
    if (!compact->starts_with(prefix)) return malformed();
    const auto body = from_base64url(std::string_view(*compact).substr(prefix.size()));
    if (!body || body->size() < fixed_size + checksum_size) return malformed();
    const ByteView fields = ByteView(*body).first(body->size() - checksum_size);
    const Digest256 digest = sha256({fields});
    if (!std::ranges::equal(ByteView(*body).last(checksum_size),
                            ByteView(digest).first(checksum_size)))
        return fail(Errc::checksum, "This connection ID was damaged on its way. Copy it again.");
    if (fields[0] != version)
        return fail(Errc::newer_version,
                    "This connection ID was made by a newer Kith. Update yours to use it.");
    return read_fields(fields);
}

}  // namespace kith::crypto
