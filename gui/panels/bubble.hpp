// SPDX-License-Identifier: MIT
//
// One row of the conversation: day, "new messages", the bubble with its text, time and state.
// UI thread.
#pragma once

#include "gui/frame.hpp"
#include "gui/panels/chat_layout.hpp"

namespace kith::gui {

/// `origin`: where the top of the whole conversation would be on the screen.
void draw_message_row(Frame& frame, const Row& row, ImVec2 origin, float width);

}  // namespace kith::gui
