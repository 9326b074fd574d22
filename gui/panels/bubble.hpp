// SPDX-License-Identifier: MIT
//
// One row of the conversation: day, "new messages", the bubble with its quote, text, time and
// state (or a card for files), the reactions under it and the button for its menu beside it. UI
// thread.
#pragma once

#include "gui/frame.hpp"
#include "gui/ui_state.hpp"

namespace kith::gui {

/// `origin`: where the top of the whole conversation would be on the screen.
void draw_message_row(Frame& frame, const Row& row, ImVec2 origin, float width, ChatState& state);

/// The emojis under a bubble; a click gives or takes back one's own.
void draw_reactions(Frame& frame, const Row& row, ImVec2 bubble_min, ImVec2 bubble_max);

/// Asks for the menu of a message, to be opened at `at` on the screen.
void want_menu(ChatState& state, const model::MessageId& message, ImVec2 at, bool by_keys);
/// What a message can be asked for: reply, react, copy, edit, cancel, delete.
void draw_message_menu(Frame& frame, const Conversation& conversation, ChatState& state);

/// "message/0192…", or a part of that control.
[[nodiscard]] std::string message_label(const model::MessageId& message,
                                        std::string_view part = {});
/// Whether a control of that message waits to be sent and can be taken back.
[[nodiscard]] bool cancellable(const model::Message& message);
[[nodiscard]] bool editable(const model::Message& message);

}  // namespace kith::gui
