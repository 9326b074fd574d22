// SPDX-License-Identifier: MIT
//
// Who gets how much of the window: list, chat and details beside each other, transfers under them.
// Where there is no room for all, the one in front has what the others would need; nothing is ever
// squeezed below its minimum. Pure; any thread.
#pragma once

#include "gui/theme.hpp"
#include "gui/ui_state.hpp"

namespace kith::gui {

/// What there is to show.
struct Shown {
    bool chat = false;  ///< before the list, where only one of them fits
    bool details = false, transfers = false;
    PanelSizes sizes{};  ///< as dragged
};

/// In pixels. A part of no width or height is not drawn.
struct Columns {
    float top = 0, height = 0;  ///< of the columns, under the toolbar
    float sidebar = 0, chat = 0, details = 0, drawer = 0;
    bool one = false;  ///< one column at a time: the chat needs a way back to the list
};

[[nodiscard]] Columns arrange_columns(const Metrics& size, ImVec2 page, const Shown& shown);

}  // namespace kith::gui
