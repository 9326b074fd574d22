// SPDX-License-Identifier: MIT
//
// A few lines of text with some of its words marked, as in what a search finds. UI thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gui/frame.hpp"

namespace kith::gui {

/// Safe to show; `marked` pieces were searched for.
struct MarkedPiece {
    std::string text;
    bool marked = false;
};
using MarkedText = std::vector<MarkedPiece>;

/// `marks`: offset and size in bytes. Marks that overlap, go back or lie outside are left out.
[[nodiscard]] MarkedText marked_text(
    std::string_view text, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& marks);

/// In small type, broken between words, at most `lines` lines; what does not fit is cut.
void draw_marked(const Frame& frame, ImDrawList& draw, ImVec2 at, float width, int lines,
                 const MarkedText& text);

}  // namespace kith::gui
