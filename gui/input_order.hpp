// SPDX-License-Identifier: MIT
//
// Keys and their modifiers in the order in which they were struck. UI thread.
#pragma once

namespace kith::gui {

/// ImGui::NewFrame(), except that a modifier that changes after another key waits for the next
/// frame. Dear ImGui keeps the order of events but one state of the modifiers per frame: when Enter
/// goes down and Shift goes up between two slow frames, Shift+Enter would count as Enter and send
/// what should have got a new line.
void new_frame_in_order();

}  // namespace kith::gui
