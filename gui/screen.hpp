// SPDX-License-Identifier: MIT
//
// The whole window for one frame: which page or dialog shows, how the panels share the space, and
// the keys that work everywhere. UI thread.
#pragma once

#include "gui/frame.hpp"
#include "gui/ui_state.hpp"

namespace kith::gui {

void draw_screen(Frame& frame, UiState& ui);

}  // namespace kith::gui
