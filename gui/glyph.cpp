// SPDX-License-Identifier: MIT
#include "gui/glyph.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace kith::gui {
namespace {

constexpr float fixed_26_6 = 64.0F;

int nearest_strike(FT_Face face, float em) {
    int best = 0;
    const auto distance = [&](int i) {
        return std::abs(static_cast<float>(face->available_sizes[i].y_ppem) / fixed_26_6 - em);
    };
    for (int i = 1; i < face->num_fixed_sizes; ++i)
        if (distance(i) < distance(best)) best = i;
    return best;
}

// Sets the size and returns by how much what FreeType yields has yet to be scaled.
std::optional<float> set_size(FT_Face face, float em) {
    if (FT_IS_SCALABLE(face)) {
        const auto size = static_cast<FT_F26Dot6>(std::lround(em * fixed_26_6));
        if (FT_Set_Char_Size(face, 0, size, 72, 72) != 0) return std::nullopt;
        return 1.0F;
    }
    if (face->num_fixed_sizes == 0) return std::nullopt;
    const int strike = nearest_strike(face, em);
    if (FT_Select_Size(face, strike) != 0) return std::nullopt;
    return em / (static_cast<float>(face->available_sizes[strike].y_ppem) / fixed_26_6);
}

void copy_gray(const FT_Bitmap& bitmap, Glyph& glyph) {
    for (int y = 0; y < glyph.height; ++y) {
        const std::uint8_t* row = bitmap.buffer + y * bitmap.pitch;
        for (int x = 0; x < glyph.width; ++x)
            glyph.rgba.insert(glyph.rgba.end(), {255, 255, 255, row[x]});
    }
}

void copy_mono(const FT_Bitmap& bitmap, Glyph& glyph) {
    for (int y = 0; y < glyph.height; ++y) {
        const std::uint8_t* row = bitmap.buffer + y * bitmap.pitch;
        for (int x = 0; x < glyph.width; ++x) {
            const bool set = (row[x / 8] >> (7 - x % 8) & 1) != 0;
            glyph.rgba.insert(glyph.rgba.end(), {255, 255, 255, std::uint8_t(set ? 255 : 0)});
        }
    }
}

// The mean of the source pixels under one target pixel. FreeType's BGRA is premultiplied, which is
// what averaging needs; the atlas wants straight alpha.
void average(const FT_Bitmap& bitmap, std::array<int, 4> box, std::uint8_t* out) {
    const auto [x0, y0, x1, y1] = box;
    std::array<unsigned, 4> sum{};
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x)
            for (unsigned channel = 0; channel < 4; ++channel)
                sum[channel] += bitmap.buffer[y * bitmap.pitch + x * 4 + static_cast<int>(channel)];
    const auto count = static_cast<unsigned>((x1 - x0) * (y1 - y0));
    const unsigned alpha = sum[3];
    for (unsigned channel = 0; channel < 3; ++channel)
        out[2 - channel] =
            static_cast<std::uint8_t>(alpha ? std::min(255U, sum[channel] * 255U / alpha) : 0U);
    out[3] = static_cast<std::uint8_t>(alpha / count);
}

void shrink_colour(const FT_Bitmap& bitmap, Glyph& glyph) {
    const auto columns = static_cast<int>(bitmap.width);
    const auto rows = static_cast<int>(bitmap.rows);
    glyph.rgba.resize(static_cast<std::size_t>(glyph.width) *
                      static_cast<std::size_t>(glyph.height) * 4);
    std::uint8_t* out = glyph.rgba.data();
    for (int y = 0; y < glyph.height; ++y) {
        const int top = y * rows / glyph.height;
        const int bottom = std::max(top + 1, (y + 1) * rows / glyph.height);
        for (int x = 0; x < glyph.width; ++x, out += 4) {
            const int left = x * columns / glyph.width;
            const int right = std::max(left + 1, (x + 1) * columns / glyph.width);
            average(bitmap, {left, top, right, bottom}, out);
        }
    }
}

void take_pixels(const FT_GlyphSlot slot, float scale, Glyph& glyph) {
    const FT_Bitmap& bitmap = slot->bitmap;
    glyph.coloured = bitmap.pixel_mode == FT_PIXEL_MODE_BGRA;
    const float shrink = glyph.coloured ? scale : 1.0F;
    const auto scaled = [&](unsigned length) {
        return length == 0
                   ? 0
                   : std::max(1,
                              static_cast<int>(std::lround(static_cast<float>(length) * shrink)));
    };
    glyph.width = scaled(bitmap.width);
    glyph.height = scaled(bitmap.rows);
    glyph.left = std::round(static_cast<float>(slot->bitmap_left) * shrink);
    glyph.top = std::round(static_cast<float>(slot->bitmap_top) * shrink);
    if (glyph.width == 0 || glyph.height == 0) return;
    if (glyph.coloured) shrink_colour(bitmap, glyph);
    if (bitmap.pixel_mode == FT_PIXEL_MODE_GRAY) copy_gray(bitmap, glyph);
    if (bitmap.pixel_mode == FT_PIXEL_MODE_MONO) copy_mono(bitmap, glyph);
    if (glyph.rgba.empty()) glyph.width = glyph.height = 0;
}

}  // namespace

std::optional<Glyph> load_glyph(FT_Face face, char32_t code_point, float em, GlyphPart part) {
    const FT_UInt index = FT_Get_Char_Index(face, code_point);
    const auto scale = set_size(face, em);
    if (index == 0 || !scale) return std::nullopt;
    const FT_Int32 flags = FT_HAS_COLOR(face) ? FT_LOAD_COLOR : FT_LOAD_TARGET_LIGHT;
    if (FT_Load_Glyph(face, index, flags) != 0) return std::nullopt;
    Glyph glyph;
    glyph.advance = std::round(static_cast<float>(face->glyph->advance.x) / fixed_26_6 * *scale);
    if (part == GlyphPart::advance) return glyph;
    if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) != 0) return std::nullopt;
    take_pixels(face->glyph, *scale, glyph);
    return glyph;
}

}  // namespace kith::gui
