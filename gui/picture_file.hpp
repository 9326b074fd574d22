// SPDX-License-Identifier: MIT
//
// Pictures people sent, read for a preview. They are strangers' bytes: what a file says of itself
// is checked before anything is unpacked, and unpacking gets a fixed amount of memory. Any thread;
// blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kith::gui {

struct Pixels {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;  ///< rows from the top down
};

inline constexpr std::size_t picture_file_max = 32 << 20;  ///< bytes
inline constexpr std::size_t picture_pixels_max = 40'000'000;
inline constexpr std::size_t picture_memory_max = 512 << 20;  ///< bytes while one is unpacked
inline constexpr int picture_side = 480;                      ///< what is larger is made smaller

/// PNG, JPEG, BMP, or the first frame of a GIF. Nothing when it is none of these, broken or too
/// large.
[[nodiscard]] std::optional<Pixels> decode_picture(std::span<const std::uint8_t> file);

/// A regular file, which a link may not lead to.
[[nodiscard]] std::optional<Pixels> read_picture(const std::string& path);

/// Averages over squares, so that no side is longer than `side`.
[[nodiscard]] Pixels shrink(const Pixels& pixels, int side);

}  // namespace kith::gui
