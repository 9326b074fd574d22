// SPDX-License-Identifier: MIT
//
// The fonts of the window, loaded glyph by glyph: Dear ImGui asks for a character when it is first
// drawn, and the loader here (an ImFontLoader of our own) takes it from whichever installed font
// has it, in colour where the font is. So any script shows without an atlas being built in advance.
// UI thread.
#pragma once

#include <imgui.h>

namespace kith::gui {

struct Fonts {
    ImFont* regular = nullptr;
    ImFont* bold = nullptr;
};

/// Adds both fonts to the current context, which owns them. Falls back to Dear ImGui's built-in
/// font where fontconfig finds none.
[[nodiscard]] Fonts load_fonts();

}  // namespace kith::gui
