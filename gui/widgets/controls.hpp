// SPDX-License-Identifier: MIT
//
// Buttons, fields and other things to click. The `id` of a control is its stable name: tests and
// the item map find it by that (see recorder.hpp). All can be reached by the keyboard. UI thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gui/frame.hpp"
#include "gui/widgets/icon.hpp"

namespace kith::gui {

enum class ButtonKind { primary, plain, danger, link };

/// `width` 0: as wide as its text needs; negative: all that is left.
bool button(Frame& frame, const char* id, std::string_view text, ButtonKind kind, float width = 0,
            bool enabled = true);
[[nodiscard]] float button_width(const Frame& frame, std::string_view text);

/// A square button with a picture; `tip` is shown when the mouse rests on it.
bool icon_button(Frame& frame, const char* id, Icon icon, std::string_view tip);
/// The same with a text beside the picture.
bool icon_text_button(Frame& frame, const char* id, Icon icon, std::string_view text, ImU32 colour);
/// A row of a menu-like list in a panel: picture, text, all the width.
bool row_button(Frame& frame, const char* id, Icon icon, std::string_view text, ImU32 colour,
                std::optional<ImU32> icon_colour = std::nullopt);
/// A row with a title, a sentence below it and a switch at the end. True when it was flipped.
bool toggle(Frame& frame, const char* id, std::string_view title, std::string_view text, bool on);
/// Buttons in a row of which one is chosen, called `id`/0, `id`/1… Returns the new choice.
std::optional<std::size_t> segments(Frame& frame, const char* id,
                                    std::span<const std::string_view> choices, std::size_t current);

enum class Field { plain, password };
struct FieldResult {
    bool changed = false;
    bool entered = false;  ///< Enter was pressed in it
    bool active = false;   ///< it has the keyboard
};
FieldResult text_field(Frame& frame, const char* id, const char* hint, std::string& value,
                       Field kind = Field::plain);

/// A round picture with initials. `diameter` in pixels.
void draw_avatar(const Frame& frame, ImDrawList& draw, ImVec2 corner, float diameter,
                 const model::PeerId& peer, std::string_view safe_name);
/// Green, yellow or grey on the lower right of an avatar; nothing for those who are not contacts.
void draw_presence(const Frame& frame, ImDrawList& draw, ImVec2 avatar_corner, float diameter,
                   model::Presence presence, ImU32 background);
void draw_badge(const Frame& frame, ImDrawList& draw, ImVec2 right_middle, std::uint32_t count);
void draw_spinner(Frame& frame, ImVec2 centre, float radius);

void tooltip(Frame& frame, std::string_view text);
/// A ring around the last item when the keyboard is on it.
void focus_ring(const Frame& frame, float rounding);

}  // namespace kith::gui
