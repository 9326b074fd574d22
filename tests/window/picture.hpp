// SPDX-License-Identifier: MIT
//
// Pictures: read from PNG files, and taken from the memory of a virtual screen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace kith::window {

struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgb;  ///< three bytes a pixel, top row first

    [[nodiscard]] std::size_t colours() const;  ///< how many different ones
};

/// A part of it, clipped to what there is.
[[nodiscard]] Picture crop(const Picture& whole, int x, int y, int width, int height);
/// Throws std::runtime_error when the file is not a picture.
[[nodiscard]] Picture read_png(const std::filesystem::path& file);
/// A screen dump as Xvfb's -fbdir keeps it (X window dump, version 7, 32 bits a pixel).
[[nodiscard]] Picture read_xwd(const std::filesystem::path& file);
/// Throws std::runtime_error when the file cannot be written.
void write_png(const std::filesystem::path& file, const Picture& picture);

}  // namespace kith::window
