// SPDX-License-Identifier: MIT
//
// Sizes as people write them into settings. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kith::relay {

/// Bytes: "1048576", "256 MiB", "10GiB"; B, KiB, MiB, GiB or TiB, with or without a space.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace kith::relay
