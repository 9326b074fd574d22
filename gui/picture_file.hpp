// SPDX-License-Identifier: MIT
//
// Pictures people sent, read for a preview. They are strangers' bytes: what a file says of itself
// is checked before anything is unpacked, and unpacking gets a fixed amount of memory and of time.
// Any thread; blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
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
inline constexpr std::chrono::seconds picture_time_max{5};    ///< until one is given up
inline constexpr int picture_side = 480;                      ///< what is larger is made smaller

/// Asked every 128 bytes of a file, true: it is given up.
using GiveUp = std::function<bool()>;

/// PNG, JPEG, BMP, or the first frame of a GIF. Nothing when it is none of these, broken, too
/// large, or given up.
[[nodiscard]] std::optional<Pixels> decode_picture(std::span<const std::uint8_t> file,
                                                   const GiveUp& give_up = {});

/// A regular file, which a link may not lead to. Given up after picture_time_max, too.
[[nodiscard]] std::optional<Pixels> read_picture(const std::string& path,
                                                 const GiveUp& give_up = {});

/// Averages over squares, so that no side is longer than `side`.
[[nodiscard]] Pixels shrink(const Pixels& pixels, int side);

}  // namespace kith::gui
