// SPDX-License-Identifier: MIT
//
// How the reactions of one person lie in the file: for each a byte with its length, then its bytes.
// Inside app/store only.
#pragma once

#include "app/store/job.hpp"

namespace kith::store {

/// Without what breaks the model's bounds (empty, too long, twice, more than reactions_max).
[[nodiscard]] std::vector<std::string> within_bounds(std::vector<std::string> emojis);

[[nodiscard]] Blob pack_emojis(const std::vector<std::string>& emojis);
/// Stops at what does not fit.
[[nodiscard]] std::vector<std::string> unpack_emojis(const Blob& packed);

}  // namespace kith::store
