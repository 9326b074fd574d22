// SPDX-License-Identifier: MIT
//
// Whether the same bytes come twice in what was heard: what would tell somebody without a key that
// two datagrams are of the same sender.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <unordered_map>

#include "crypto/bytes.hpp"

namespace kith::e2e {

/// The place of `window` bytes: in which payload, and where in it.
struct Place {
    std::size_t payload = 0, offset = 0;
    bool operator==(const Place&) const = default;
};
struct Repetition {
    Place first, again;
};

/// The first 8 bytes that occur anywhere a second time: in another payload or in the same one, at
/// any offsets.
[[nodiscard]] inline std::optional<Repetition> repeated_window(
    std::span<const crypto::Bytes> payloads) {
    std::unordered_map<std::uint64_t, Place> seen;
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        for (std::size_t at = 0; at + sizeof(std::uint64_t) <= payloads[i].size(); ++at) {
            std::uint64_t window = 0;
            std::memcpy(&window, payloads[i].data() + at, sizeof window);
            const auto [place, is_new] = seen.try_emplace(window, Place{i, at});
            if (!is_new) return Repetition{place->second, {i, at}};
        }
    }
    return std::nullopt;
}

}  // namespace kith::e2e
