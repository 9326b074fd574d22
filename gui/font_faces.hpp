// SPDX-License-Identifier: MIT
//
// The typefaces behind one style (regular or bold): the interface font, and for every character it
// lacks whichever installed font covers it, found through fontconfig when that character is first
// drawn. FreeType maps the files, so that a large CJK collection costs no memory until used.
// UI thread.
#pragma once

#include <ft2build.h>
#include FT_FREETYPE_H

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace kith::gui {

enum class Weight { regular, bold };

class FontFaces {
public:
    /// Finds the interface font; has_primary() is false when there is none at all.
    explicit FontFaces(Weight weight);
    ~FontFaces();
    FontFaces(const FontFaces&) = delete;
    FontFaces& operator=(const FontFaces&) = delete;

    [[nodiscard]] bool has_primary() const { return !faces_.empty(); }
    [[nodiscard]] FT_Face primary() const { return faces_.front().get(); }
    /// A face with a glyph for `code_point`; null when no installed font has one.
    [[nodiscard]] FT_Face covering(char32_t code_point);

private:
    struct CloseFace {
        void operator()(FT_Face face) const { FT_Done_Face(face); }
    };
    using Face = std::unique_ptr<FT_FaceRec, CloseFace>;

    FT_Face open(const std::string& file, int index);
    FT_Face search(char32_t code_point);

    Weight weight_;
    FT_Library library_ = nullptr;
    std::vector<Face> faces_;
    std::unordered_map<std::string, FT_Face> opened_;  ///< by file and index
    std::unordered_map<char32_t, FT_Face> found_;      ///< answers of search(), null ones too
};

}  // namespace kith::gui
