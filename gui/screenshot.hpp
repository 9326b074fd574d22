// SPDX-License-Identifier: MIT
//
// Pictures of the window, for tests and documentation. UI thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kith::gui {

/// Writes `rgb` (rows from the bottom up, as OpenGL gives them, 3 bytes per pixel) as PNG. Returns
/// an empty text, or what went wrong. Only names ending in ".png" are written.
[[nodiscard]] std::string write_png(const std::string& path, int width, int height,
                                    const std::vector<std::uint8_t>& rgb);

}  // namespace kith::gui
