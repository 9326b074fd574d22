// SPDX-License-Identifier: MIT
//
// One glyph drawn into RGBA pixels, from outlines or from the fixed-size colour bitmaps of an emoji
// font, which are scaled down to the size of the text. UI thread.
#pragma once

#include <ft2build.h>
#include FT_FREETYPE_H

#include <cstdint>
#include <optional>
#include <vector>

namespace kith::gui {

struct Glyph {
    int width = 0, height = 0;  ///< 0: nothing to see, as for a space
    float left = 0, top = 0;    ///< from the pen to the upper left corner, y upwards
    float advance = 0;
    bool coloured = false;
    std::vector<std::uint8_t> rgba;  ///< straight alpha
};

enum class GlyphPart { advance, all };

/// `em` is the size of the em square in pixels.
[[nodiscard]] std::optional<Glyph> load_glyph(FT_Face face, char32_t code_point, float em,
                                              GlyphPart part);

}  // namespace kith::gui
