// SPDX-License-Identifier: MIT
#include "gui/fonts.hpp"

#include <imgui_internal.h>

#include <cmath>
#include <cstdio>

#include "gui/font_faces.hpp"
#include "gui/glyph.hpp"

namespace kith::gui {
namespace {

// ImFontConfig::FontLoaderFlags is ours to use: it says which style a source is.
constexpr unsigned bold_flag = 1;

FontFaces& faces_of(const ImFontConfig* source) {
    return *static_cast<FontFaces*>(source->FontLoaderData);
}

// Dear ImGui's sizes are line heights (ascent plus descent); typefaces are sized by the em square.
float em_size(FT_Face face, float line_height) {
    if (!FT_IS_SCALABLE(face) || face->ascender <= face->descender) return line_height;
    return line_height * static_cast<float>(face->units_per_EM) /
           static_cast<float>(face->ascender - face->descender);
}

float pixel_size(const ImFontConfig* source, const ImFontBaked* baked) {
    return baked->Size * source->RasterizerDensity * baked->RasterizerDensity;
}

bool source_init(ImFontAtlas*, ImFontConfig* source) {
    const bool bold = (source->FontLoaderFlags & bold_flag) != 0;
    auto faces = std::make_unique<FontFaces>(bold ? Weight::bold : Weight::regular);
    if (!faces->has_primary()) return false;
    source->FontLoaderData = faces.release();
    return true;
}

void source_destroy(ImFontAtlas*, ImFontConfig* source) {
    delete static_cast<FontFaces*>(source->FontLoaderData);
    source->FontLoaderData = nullptr;
}

bool source_contains(ImFontAtlas*, ImFontConfig* source, ImWchar code_point) {
    return faces_of(source).covering(code_point) != nullptr;
}

bool baked_init(ImFontAtlas*, ImFontConfig* source, ImFontBaked* baked, void*) {
    const FT_Face face = faces_of(source).primary();
    const float height = static_cast<float>(face->ascender - face->descender);
    if (height <= 0) return false;
    baked->Ascent = std::ceil(baked->Size * static_cast<float>(face->ascender) / height);
    baked->Descent = std::floor(baked->Size * static_cast<float>(face->descender) / height);
    return true;
}

bool pack(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, const Glyph& glyph,
          ImFontGlyph* out) {
    const ImFontAtlasRectId id = ImFontAtlasPackAddRect(atlas, glyph.width, glyph.height);
    if (id == ImFontAtlasRectId_Invalid) return false;
    const float density = source->RasterizerDensity * baked->RasterizerDensity;
    out->X0 = glyph.left / density;
    out->Y0 = std::round(baked->Ascent) - glyph.top / density;
    out->X1 = out->X0 + static_cast<float>(glyph.width) / density;
    out->Y1 = out->Y0 + static_cast<float>(glyph.height) / density;
    out->Visible = true;
    out->Colored = glyph.coloured;
    out->PackId = id;
    ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, source, out, ImFontAtlasPackGetRect(atlas, id),
                                       glyph.rgba.data(), ImTextureFormat_RGBA32, glyph.width * 4);
    return true;
}

bool load(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, void*, ImWchar code_point,
          ImFontGlyph* out_glyph, float* out_advance) {
    FontFaces& faces = faces_of(source);
    const FT_Face face = faces.covering(code_point);
    if (!face) return false;
    const float em = em_size(faces.primary(), pixel_size(source, baked));
    const auto part = out_advance ? GlyphPart::advance : GlyphPart::all;
    const auto glyph = load_glyph(face, code_point, em, part);
    if (!glyph) return false;
    const float density = source->RasterizerDensity * baked->RasterizerDensity;
    if (out_advance) {
        *out_advance = glyph->advance / density;
        return true;
    }
    out_glyph->Codepoint = code_point;
    out_glyph->AdvanceX = glyph->advance / density;
    return glyph->width == 0 || pack(atlas, source, baked, *glyph, out_glyph);
}

// Dear ImGui keeps the address for as long as the atlas lives; nothing in it ever changes.
const ImFontLoader* loader() {
    static const ImFontLoader instance = [] {
        ImFontLoader l;
        l.Name = "Kith";
        l.FontSrcInit = source_init;
        l.FontSrcDestroy = source_destroy;
        l.FontSrcContainsGlyph = source_contains;
        l.FontBakedInit = baked_init;
        l.FontBakedLoadGlyph = load;
        return l;
    }();
    return &instance;
}

ImFont* add_font(ImFontAtlas& atlas, const char* name, unsigned flags) {
    ImFontConfig config;
    std::snprintf(config.Name, sizeof config.Name, "%s", name);
    config.FontLoader = loader();
    config.FontLoaderFlags = flags;
    config.OversampleH = config.OversampleV = 1;
    return atlas.AddFont(&config);
}

}  // namespace

Fonts load_fonts() {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    Fonts fonts{add_font(atlas, "interface", 0), add_font(atlas, "interface bold", bold_flag)};
    if (!fonts.regular) fonts.regular = atlas.AddFontDefault();
    if (!fonts.bold) fonts.bold = fonts.regular;
    return fonts;
}

}  // namespace kith::gui
