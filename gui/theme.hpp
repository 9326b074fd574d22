// SPDX-License-Identifier: MIT
//
// Every colour, size and spacing of the window. Panels take them from here and name none of their
// own. UI thread.
#pragma once

#include <imgui.h>

#include <string_view>

#include "app/model/types.hpp"

namespace kith::gui {

struct Palette {
    ImU32 chat, sidebar, bar, surface, surface_hover, surface_active, border;
    ImU32 text, text_dim, text_on_accent;
    ImU32 accent, accent_hover, accent_active;
    ImU32 danger, warning, success, offline;
    ImU32 bubble_in, bubble_out, bubble_out_text, bubble_out_dim, ticks_read;
    ImU32 selected, badge, badge_text;
    ImU32 overlay;  ///< over everything behind a dialog
    ImU32 shadow;
    ImU32 day_pill, day_pill_text;
    ImU32 mark;       ///< behind words that were searched for
    ImU32 highlight;  ///< over the row that was jumped to
};

/// In pixels, for one scale. Font sizes are line heights (ascent plus descent).
struct Metrics {
    float scale;
    float text, small, tiny, title, heading;
    float xs, s, m, l, xl, xxl;                       ///< spacing, 4 to 48 at scale 1
    float radius, radius_small, bubble_radius, line;  ///< line: hairlines
    float control, icon, icon_button;
    float toolbar, chat_header;
    float avatar, avatar_small, avatar_large, row, badge, presence_dot;
    float sidebar_min, sidebar, sidebar_max, details_min, details, details_max, chat_min;
    float bubble_max, composer_lines;
    float card, card_wide, splitter;
    float chip, quote_stripe, menu, emoji, hit_row, settings_nav, settings_height;
    float file_card, file_icon, progress, picture, drawer, transfer_row, entry_row;
};

struct Theme {
    Palette colour;
    Metrics size;
    bool dark = true;
};

/// `name` as in Settings::theme. "system" is dark until the desktop's choice is asked for.
[[nodiscard]] bool is_dark(std::string_view name);
[[nodiscard]] Theme make_theme(bool dark, float scale);

/// Dear ImGui's own style, so that its text fields and scroll bars match.
void apply_style(const Theme& theme);

/// A calm colour of their own for every person, from the fingerprint.
[[nodiscard]] ImU32 avatar_colour(const model::PeerId& peer);

[[nodiscard]] ImU32 with_alpha(ImU32 colour, float alpha);
[[nodiscard]] ImVec4 to_vec4(ImU32 colour);

}  // namespace kith::gui
