// SPDX-License-Identifier: MIT
//
// Menus: small popups with rows to choose from, in the style of the rest. UI thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gui/frame.hpp"
#include "gui/widgets/icon.hpp"

namespace kith::gui {

/// Everything until end_menu() belongs to the popup opened by ImGui::OpenPopup(id). Returns false
/// when it is not open; then end_menu() must not be called.
bool begin_menu(Frame& frame, const char* id);
void end_menu();

/// A row; a click or Enter also closes the menu.
bool menu_row(Frame& frame, const char* id, Icon icon, std::string_view text, ImU32 colour,
              std::optional<ImU32> icon_colour = std::nullopt);

/// A button that shows the current choice and opens a menu of all. The rows are called `id`/0,
/// `id`/1… Returns the new choice.
std::optional<std::size_t> dropdown(Frame& frame, const char* id,
                                    std::span<const std::string> choices, std::size_t current);

}  // namespace kith::gui
