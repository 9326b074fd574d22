// SPDX-License-Identifier: MIT
//
// Beginning and leaving what stands above the composer: a reply, an edit. UI thread.
#pragma once

#include <vector>

#include "gui/ui_state.hpp"

namespace kith::gui {

/// The next message answers this one. An edit is left.
void begin_reply(ChatState& chat, const model::Message& message);
/// The draft is put aside and the field holds the text of the message. A reply is left.
void begin_edit(ChatState& chat, const model::Message& message);
/// The draft from before comes back. Nothing happens when nothing is being edited.
void end_edit(ChatState& chat);
/// These are gone or withdrawn: nothing refers to them any longer. No ids: all of them.
void forget_messages(ChatState& chat, const std::vector<model::MessageId>& ids);

}  // namespace kith::gui
