// SPDX-License-Identifier: MIT
//
// Dialogs: cards in the middle of the window over a dimmed background. UI thread.
#pragma once

#include "gui/frame.hpp"

namespace kith::gui {

/// Everything until end_card() belongs to the dialog. Esc or a click beside it asks for it to be
/// closed. Returns false when it is not shown; then end_card() must not be called.
bool begin_card(Frame& frame, const char* id, float width, std::string_view title);
void end_card();

/// How high a scrolling part may be here, so that `below` still fits under it without the whole
/// card scrolling; at most `wished`.
[[nodiscard]] float height_in_card(const Frame& frame, float wished, float below);

/// The row of buttons at the lower right: places the cursor so that `width` pixels end at the edge.
void align_right(float width);

}  // namespace kith::gui
