// SPDX-License-Identifier: MIT
#include "gui/font_faces.hpp"

#include <fontconfig/fontconfig.h>

#include <optional>

namespace kith::gui {
namespace {

// A page of text in many scripts needs about a dozen; a hostile one may not open hundreds.
constexpr std::size_t faces_max = 40;
constexpr std::size_t answers_max = 20'000;

struct FontFile {
    std::string path;
    int index = 0;
};

struct DestroyPattern {
    void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
};
using Pattern = std::unique_ptr<FcPattern, DestroyPattern>;

const FcChar8* fc(const char* text) { return reinterpret_cast<const FcChar8*>(text); }

Pattern wanted(Weight weight) {
    Pattern pattern(FcPatternCreate());
    for (const char* family : {"Noto Sans", "Inter", "Cantarell", "DejaVu Sans", "sans-serif"})
        FcPatternAddString(pattern.get(), FC_FAMILY, fc(family));
    const int fc_weight = weight == Weight::bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR;
    FcPatternAddInteger(pattern.get(), FC_WEIGHT, fc_weight);
    FcPatternAddInteger(pattern.get(), FC_SLANT, FC_SLANT_ROMAN);
    return pattern;
}

void require(FcPattern* pattern, char32_t code_point) {
    FcCharSet* characters = FcCharSetCreate();
    FcCharSetAddChar(characters, code_point);
    FcPatternAddCharSet(pattern, FC_CHARSET, characters);
    FcCharSetDestroy(characters);
}

// Pictographs look as people know them only from a colour font.
bool is_emoji(char32_t c) {
    return c >= 0x1F000 || (c >= 0x2600 && c <= 0x27BF) || (c >= 0x231A && c <= 0x23FF) ||
           (c >= 0x2B00 && c <= 0x2BFF);
}

std::optional<FontFile> match(Pattern pattern) {
    FcConfigSubstitute(nullptr, pattern.get(), FcMatchPattern);
    FcDefaultSubstitute(pattern.get());
    FcResult result = FcResultNoMatch;
    const Pattern found(FcFontMatch(nullptr, pattern.get(), &result));
    FcChar8* path = nullptr;
    FontFile file;
    if (!found || FcPatternGetString(found.get(), FC_FILE, 0, &path) != FcResultMatch)
        return std::nullopt;
    (void)FcPatternGetInteger(found.get(), FC_INDEX, 0, &file.index);
    file.path = reinterpret_cast<const char*>(path);
    return file;
}

}  // namespace

FontFaces::FontFaces(Weight weight) : weight_(weight) {
    if (FT_Init_FreeType(&library_) != 0) return;
    if (const auto file = match(wanted(weight))) (void)open(file->path, file->index);
}

FontFaces::~FontFaces() {
    faces_.clear();
    if (library_) FT_Done_FreeType(library_);
}

FT_Face FontFaces::open(const std::string& file, int index) {
    const auto [at, fresh] = opened_.try_emplace(file + ":" + std::to_string(index), nullptr);
    if (!fresh || faces_.size() >= faces_max) return at->second;
    FT_Face face = nullptr;
    // The upper half of fontconfig's index names an instance of a variable font, as FreeType's
    // does.
    if (FT_New_Face(library_, file.c_str(), index, &face) != 0) return nullptr;
    FT_Select_Charmap(face, FT_ENCODING_UNICODE);
    faces_.emplace_back(face);
    at->second = face;
    return face;
}

FT_Face FontFaces::covering(char32_t code_point) {
    if (!has_primary()) return nullptr;
    if (FT_Get_Char_Index(primary(), code_point) != 0) return primary();
    const auto known = found_.find(code_point);
    if (known != found_.end()) return known->second;
    if (found_.size() >= answers_max) return nullptr;
    return found_[code_point] = search(code_point);
}

FT_Face FontFaces::search(char32_t code_point) {
    const bool emoji = is_emoji(code_point);
    // A font that is open already answers without asking fontconfig, which takes milliseconds.
    for (const Face& face : faces_) {
        const bool suits = !emoji || FT_HAS_COLOR(face.get());
        if (suits && FT_Get_Char_Index(face.get(), code_point) != 0) return face.get();
    }
    Pattern pattern = wanted(weight_);
    require(pattern.get(), code_point);
    if (emoji) FcPatternAddBool(pattern.get(), FC_COLOR, FcTrue);
    const auto file = match(std::move(pattern));
    FT_Face face = file ? open(file->path, file->index) : nullptr;
    return face && FT_Get_Char_Index(face, code_point) != 0 ? face : nullptr;
}

}  // namespace kith::gui
