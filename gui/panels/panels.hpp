// SPDX-License-Identifier: MIT
//
// Every panel: a function of what to show (frame) and its own small state, which hands out what it
// asks for as actions of the frame. Each draws into the current Dear ImGui window or child.
// UI thread.
#pragma once

#include "gui/frame.hpp"
#include "gui/ui_state.hpp"

namespace kith::gui {

// Whole pages, by stage.
void draw_welcome(Frame& frame, WelcomeState& state);
void draw_unlock(Frame& frame, UnlockState& state);
void draw_working(Frame& frame);
void draw_failed(Frame& frame);

// The parts of the main page.
void draw_toolbar(Frame& frame, ToolbarState& state);
void draw_conversation_list(Frame& frame, ListState& state,
                            const std::optional<model::PeerId>& selected);
/// Returns the height it would like to have.
float draw_requests(Frame& frame);
void draw_chat(Frame& frame, const model::Peer& peer, ChatState& state);
void draw_no_chat(Frame& frame);
void draw_message_list(Frame& frame, const model::Peer& peer, ChatState& state);
void draw_composer(Frame& frame, const model::Peer& peer, ChatState& state);
/// What draw_composer() will take of the height.
[[nodiscard]] float composer_height(const Frame& frame, const model::Peer& peer,
                                    const ChatState& state);
void draw_details(Frame& frame, const model::Peer& peer, DetailsState& state);
void draw_toasts(Frame& frame, ToastState& state);

// Dialogs.
void draw_add_contact(Frame& frame, AddContactState& state);
void draw_diagnosis(Frame& frame);
void draw_shortcuts(Frame& frame);
void draw_switcher(Frame& frame, SwitcherState& state);
void draw_confirmation(Frame& frame, const Confirmation& confirmation);

/// Contacts and strangers whose name holds `filter`, in the order of the list.
[[nodiscard]] std::vector<const model::Peer*> matching_peers(const ViewState& view,
                                                             std::string_view filter);
/// "Online · direct", "Last seen yesterday".
[[nodiscard]] std::string presence_text(const model::Peer& peer, model::Timestamp now);
/// The first eight digits of the fingerprint: the stable part of a control's id.
[[nodiscard]] std::string short_id(const model::PeerId& peer);

}  // namespace kith::gui
