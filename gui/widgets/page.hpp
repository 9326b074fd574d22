// SPDX-License-Identifier: MIT
//
// Pages that fill the window with one column: first run, unlock, working, failed. UI thread.
#pragma once

#include "gui/frame.hpp"

namespace kith::gui {

/// A column in the middle of the page. Its height is known from the frame before.
void begin_column(const Frame& frame, const char* id);
void end_column(Frame& frame, const char* id);

void draw_logo(const Frame& frame);

}  // namespace kith::gui
