// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"

namespace kith::gui {
namespace {

// The other side forgets the signal after 6 s without another one.
constexpr double again_seconds = 3, forgotten_seconds = 6;

const ChatState* written_in(const Frame& frame, const UiState& ui) {
    if (!frame.window_focused || !frame.view.settings.typing || !ui.selected) return nullptr;
    const model::Peer* peer = frame.view.find(*ui.selected);
    const auto chat = ui.chats.find(*ui.selected);
    if (!peer || !peer->contact || chat == ui.chats.end()) return nullptr;
    const ChatState& state = chat->second;
    return state.composing && !state.edit && !state.draft.empty() ? &state : nullptr;
}

void say(Frame& frame, const model::PeerId& peer, bool on) {
    frame.ask(model::Command{model::SetTyping{peer, on}});
}

}  // namespace

void follow_typing(Frame& frame, const UiState& ui, TypingState& state) {
    const ChatState* chat = written_in(frame, ui);
    if (state.on && (!chat || state.to != ui.selected)) {
        if (frame.time - state.sent_at < forgotten_seconds) say(frame, *state.to, false);
        state.on = false;
    }
    if (!chat || state.to != ui.selected) state.owed = false;
    if (!chat) {
        // A draft from before is not being written.
        const auto open = ui.selected ? ui.chats.find(*ui.selected) : ui.chats.end();
        state.draft = open == ui.chats.end() ? std::string() : open->second.draft;
        return;
    }
    if (chat->draft != state.draft) state.owed = true;
    if (!state.owed) return;
    state.draft = chat->draft;
    const double wait = state.to == ui.selected ? state.sent_at + again_seconds - frame.time : 0;
    if (wait > 0) return frame.redraw_in(wait);
    say(frame, *ui.selected, true);
    state.to = ui.selected;
    state.on = true;
    state.owed = false;
    state.sent_at = frame.time;
}

}  // namespace kith::gui
