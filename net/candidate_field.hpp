// SPDX-License-Identifier: MIT
//
// Where somebody can be reached, inside a message: u32 count || candidates. Included by what writes
// or reads wire bytes; see net/archive.hpp.
#pragma once

#include "crypto/connection_id.hpp"
#include "net/archive.hpp"

namespace kith::net {

inline constexpr std::size_t candidate_size_min = 2;  // kind, length, nothing
inline constexpr std::size_t port_size = 2;

inline bool known(crypto::CandidateKind kind) {
    return kind >= crypto::CandidateKind::lan && kind <= crypto::CandidateKind::relay;
}

/// As in a connection ID: each carries its length, so that kinds of newer versions can be skipped.
struct CandidateList {
    std::vector<crypto::Candidate>& value;
};
inline CandidateList list(std::vector<crypto::Candidate>& value) { return {value}; }

inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const CandidateList& field) {
    if (field.value.size() > crypto::candidates_max) return archive.fail();
    archive.size(field.value.size());
    for (const auto& candidate : field.value) {
        if (!crypto::is_well_formed(candidate)) return archive.fail();
        archive.integer(static_cast<std::uint8_t>(candidate.kind));
        archive.integer(static_cast<std::uint8_t>(candidate.address.size() + port_size));
        archive.raw(candidate.address);
        archive.integer(candidate.port);
    }
}

inline void load_candidate(WireReader& archive, std::vector<crypto::Candidate>& out) {
    std::uint8_t kind = 0;
    std::uint8_t length = 0;
    archive.integer(kind);
    archive.integer(length);
    const auto rest = archive.raw(length);
    crypto::Candidate candidate;
    candidate.kind = static_cast<crypto::CandidateKind>(kind);
    if (archive.failed() || !known(candidate.kind)) return;
    if (rest.size() < port_size) return archive.fail();
    const auto address = rest.first(rest.size() - port_size);
    candidate.address.assign(address.begin(), address.end());
    candidate.port =
        static_cast<std::uint16_t>(rest[address.size()] << 8 | rest[address.size() + 1]);
    if (!crypto::is_well_formed(candidate)) return archive.fail();
    out.push_back(std::move(candidate));
}

inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, CandidateList& field) {
    field.value.clear();
    const std::size_t count = archive.size(crypto::candidates_max, candidate_size_min);
    for (std::size_t i = 0; i < count && !archive.failed(); ++i) {
        load_candidate(archive, field.value);
    }
}

}  // namespace kith::net
