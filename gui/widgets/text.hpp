// SPDX-License-Identifier: MIT
//
// Text in the styles of the window, as items of the layout or drawn at a place. UI thread.
#pragma once

#include <string_view>

#include "gui/frame.hpp"

namespace kith::gui {

struct TextStyle {
    ImFont* font;
    float size;
    ImU32 colour;
};

[[nodiscard]] TextStyle body(const Frame& frame);
[[nodiscard]] TextStyle dim(const Frame& frame);
[[nodiscard]] TextStyle small_dim(const Frame& frame);
[[nodiscard]] TextStyle bold(const Frame& frame);
[[nodiscard]] TextStyle title(const Frame& frame);
[[nodiscard]] TextStyle heading(const Frame& frame);
[[nodiscard]] TextStyle coloured(TextStyle style, ImU32 colour);

[[nodiscard]] ImVec2 measure(const TextStyle& style, std::string_view text, float wrap_width = 0);

/// One line at `at`, ending in "…" where it would pass `max_x`.
void draw_line(ImDrawList& draw, const TextStyle& style, ImVec2 at, float max_x,
               std::string_view text);
/// One line in the middle of a rectangle.
void draw_centred(ImDrawList& draw, const TextStyle& style, ImVec2 min, ImVec2 max,
                  std::string_view text);

/// Items: wrapped at the width that is left, one line cut to it, wrapped and centred.
void paragraph(const TextStyle& style, std::string_view text);
void line(const TextStyle& style, std::string_view text);
void centred_paragraph(const TextStyle& style, std::string_view text);

void vertical_gap(float height);

}  // namespace kith::gui
