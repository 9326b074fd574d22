// SPDX-License-Identifier: MIT
#include "app/store/emojis.hpp"

#include <algorithm>

namespace kith::store {

static_assert(model::emoji_max <= 255, "the length is one byte");

std::vector<std::string> within_bounds(std::vector<std::string> emojis) {
    std::vector<std::string> kept;
    for (auto& emoji : emojis) {
        if (kept.size() == model::reactions_max) break;
        const bool known = std::find(kept.begin(), kept.end(), emoji) != kept.end();
        if (known || emoji.empty() || emoji.size() > model::emoji_max) continue;
        kept.push_back(std::move(emoji));
    }
    return kept;
}

Blob pack_emojis(const std::vector<std::string>& emojis) {
    Blob packed;
    for (const auto& emoji : within_bounds(emojis)) {
        packed.push_back(static_cast<std::uint8_t>(emoji.size()));
        packed.insert(packed.end(), emoji.begin(), emoji.end());
    }
    return packed;
}

std::vector<std::string> unpack_emojis(const Blob& packed) {
    std::vector<std::string> emojis;
    for (std::size_t at = 0; at < packed.size();) {
        const std::size_t size = packed[at++];
        if (size > packed.size() - at || emojis.size() == model::reactions_max) break;
        const auto begin = packed.begin() + static_cast<std::ptrdiff_t>(at);
        emojis.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
        at += size;
    }
    return emojis;
}

}  // namespace kith::store
