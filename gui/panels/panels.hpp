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
/// In place of the list: found messages, newest first.
void draw_search(Frame& frame, SearchState& state);
/// Returns the height it would like to have.
float draw_requests(Frame& frame);
/// Strangers in the local network whose name holds `filter`. Returns the height it would like.
float draw_nearby(Frame& frame, NearbyState& state, std::string_view filter);
/// `with_back`: the list is behind it, and an arrow leads there.
void draw_chat(Frame& frame, const model::Peer& peer, ChatState& state, bool with_back);
void draw_no_chat(Frame& frame);
void draw_message_list(Frame& frame, const model::Peer& peer, ChatState& state);
void draw_composer(Frame& frame, const model::Peer& peer, ChatState& state);
/// Tells the other side while something is being written in the composer.
void follow_typing(Frame& frame, const UiState& ui, TypingState& state);
/// What draw_composer() will take of the height.
[[nodiscard]] float composer_height(const Frame& frame, const model::Peer& peer,
                                    const ChatState& state);
void draw_details(Frame& frame, const model::Peer& peer, DetailsState& state);
/// What is accepted from them without asking.
void draw_auto_accept(Frame& frame, const model::Peer& peer, DetailsState& state);
/// The parts of the details that are about messages: disappearing ones, export, deletion.
void draw_conversation_settings(Frame& frame, const model::Peer& peer);
void draw_toasts(Frame& frame, ToastState& state);
/// All transfers, in the drawer.
/// `covers`: nothing stands beside it, so that it is closed by what leads to a conversation.
void draw_transfers(Frame& frame, bool covers);

// Dialogs.
void draw_add_contact(Frame& frame, AddContactState& state);
void draw_connection_id(Frame& frame, ConnectionIdState& state);
/// Reads the network status anew every two seconds while it is shown.
void draw_diagnosis(Frame& frame, DiagnosisState& state);
void draw_shortcuts(Frame& frame);
void draw_switcher(Frame& frame, SwitcherState& state);
void draw_confirmation(Frame& frame, const Confirmation& confirmation);
void draw_deletion(Frame& frame, const DeletionState& state);
void draw_export(Frame& frame, const model::PeerId& peer, ExportState& state);
void draw_review(Frame& frame, ReviewState& state, const FolderSeen& seen);
/// In place of the desktop's file chooser.
void draw_paths(Frame& frame, PathsState& state, const FolderSeen& seen);
void draw_picture_viewer(Frame& frame, const model::TransferId& id);
void draw_settings(Frame& frame, SettingsState& state);
// The pages of the settings.
void draw_profile_settings(Frame& frame, SettingsState& state);
void draw_privacy_settings(Frame& frame);
void draw_network_settings(Frame& frame, SettingsState& state);
void draw_relay_settings(Frame& frame, SettingsState& state);
/// How wide draw_choose_name() is; 0: there is a name, or one is being typed.
[[nodiscard]] float choose_name_width(const Frame& frame, const SettingsState& state,
                                      const model::Relay& relay);
void draw_choose_name(Frame& frame, SettingsState& state, const model::Relay& relay,
                      const std::string& id);
/// Below the row of a relay whose controls begin with `id`: one's name there.
void draw_relay_name(Frame& frame, SettingsState& state, const model::Relay& relay,
                     const std::string& id);
void draw_files_settings(Frame& frame, SettingsState& state);
void draw_password_settings(Frame& frame, SettingsState& state);
void draw_backup_settings(Frame& frame, SettingsState& state);
void draw_appearance_settings(Frame& frame);

/// "1.5" is 1,500,000; nothing when it is no number, 0 when it is blank.
[[nodiscard]] std::optional<std::uint64_t> bytes_of_megabytes(std::string_view text);
[[nodiscard]] std::string megabytes_of_bytes(std::uint64_t bytes);  ///< empty for 0

/// A hint of how good a new password is.
void draw_strength(const Frame& frame, std::string_view password);
/// What is wrong with a new password typed twice, for a person; empty when nothing is. Before the
/// repetition is typed nothing is wrong with it yet.
[[nodiscard]] std::string_view password_problem(std::string_view password, std::string_view repeat);
/// Waiting, error or result of a task, in place.
void draw_progress(Frame& frame, const Progress& progress, std::string_view waiting,
                   std::string_view done);

/// Their name or the one they go by holds `filter`, without regard to case.
[[nodiscard]] bool name_matches(const model::Peer& peer, std::string_view filter);
/// Contacts and those who are asked or blocked, whose name holds `filter`, in the order of the
/// list.
[[nodiscard]] std::vector<const model::Peer*> matching_peers(const ViewState& view,
                                                             std::string_view filter);
/// "Online · direct", "Last seen yesterday".
[[nodiscard]] std::string presence_text(const model::Peer& peer, model::Timestamp now);
/// Where presence_text() counts minutes: draws again when they have changed.
void follow_minutes(Frame& frame, const model::Peer& peer);
/// What an empty conversation says in the middle; empty while nothing can be written to them.
[[nodiscard]] std::string_view empty_chat_text(const model::Peer& peer);
/// The first eight digits of the fingerprint: the stable part of a control's id.
[[nodiscard]] std::string short_id(const model::PeerId& peer);
/// The same as people read it: "1a2b 3c4d".
[[nodiscard]] std::string grouped_short_id(const model::PeerId& peer);

}  // namespace kith::gui
