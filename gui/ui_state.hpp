// SPDX-License-Identifier: MIT
//
// What the window itself remembers, apart from what the node tells it: what is open, scrolled
// and typed but not yet sent. One small struct per panel. UI thread.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "app/model/qr_code.hpp"
#include "gui/action.hpp"
#include "gui/errands.hpp"
#include "gui/frame.hpp"
#include "gui/panels/chat_layout.hpp"

namespace kith::gui {

struct WelcomeState {
    std::string name, password, repeat;
    bool focused = false;
    bool asked = false;      ///< what the stage says is about what was asked for on this page
    bool restoring = false;  ///< a profile from a backup instead of a new one
    std::string backup_path, backup_password;
};

struct UnlockState {
    std::string password;
    bool focused = false;
};

struct ListState {
    std::string filter;
    bool reveal_selected = false;  ///< scroll so that the selected row is seen
};

struct NearbyState {
    bool closed = false;  ///< only its header is shown
};

struct ConnectionIdState {
    std::string text;  ///< what `code` shows
    std::optional<model::QrCode> code;
    double copied_until = 0;  ///< in Frame::time
};

struct DiagnosisState {
    double next_at = 0;  ///< when the network status is read anew, in Frame::time
};

struct ToolbarState {
    double copied_until = 0;  ///< in Frame::time
};

/// What the next message answers.
struct ReplyDraft {
    model::MessageId message;
    std::string text;  ///< safe to show, one line
    bool outgoing = false;
};

/// The message being edited; its new text is in ChatState::draft.
struct EditDraft {
    model::MessageId message;
    std::string original;
    std::string draft_before;  ///< comes back when editing ends
};

/// The menu of one message.
struct MenuState {
    std::optional<model::MessageId> message;
    bool opening = false;
    bool by_keys = false;  ///< opened by the keyboard: it goes on there
    bool more_emoji = false;
    ImVec2 at;  ///< where it opens, on the screen
};

struct Highlight {
    model::MessageId message;
    double until = 0;  ///< in Frame::time
};

/// Paths in the text that was pasted last.
struct PastedPaths {
    std::string text;  ///< of the field: while it is the same, this counts
    std::vector<std::string> paths;
    bool there = false;  ///< looked at: they exist
};

/// What was typed for one person, what is done to their messages, and how far down they are read.
struct ChatState {
    std::string draft;
    bool focus_composer = false;
    bool draft_replaced = false;  ///< not by typing: the field has to read it anew
    bool caret_to_end = false;    ///< as soon as the field has the keyboard
    bool composing = false;       ///< the field had the keyboard in the last frame
    std::optional<ReplyDraft> reply;
    std::optional<EditDraft> edit;
    ScrollState scroll;
    LaidOut layout;
    std::optional<model::MessageId> unread_from;  ///< the line "new messages" is above this one
    std::uint64_t marked_read = 0;                ///< position of the last MarkRead
    std::uint64_t arrived_seen = 0;               ///< Conversation::arrived() at the lower end
    MenuState menu;
    std::optional<model::MessageId> chosen;  ///< by the keyboard
    std::optional<model::MessageId> jump;    ///< to be brought into view when its page is there
    std::optional<Highlight> highlight;
    PastedPaths pasted;
};

/// The signal "is typing", for the one conversation that is open.
struct TypingState {
    std::optional<model::PeerId> to;  ///< who was told so last
    bool on = false;                  ///< and has not been told otherwise
    bool owed = false;                ///< something was typed since
    double sent_at = 0;               ///< in Frame::time
    std::string draft;                ///< as last seen
};

struct SearchState {
    bool open = false;
    bool focus = false;
    bool active = false;    ///< the field had the keyboard in the last frame
    bool entered = false;   ///< Enter was pressed: open the chosen hit once the answer is there
    bool in_front = false;  ///< of the chat, where only one of them fits
    std::string text;
    std::optional<model::PeerId> peer;  ///< nothing: everywhere
    std::size_t chosen = 0;
    bool reveal_chosen = false;
    std::uint64_t number = 0;  ///< SearchFeed::number() that `chosen` is about
};

struct DeletionState {
    model::MessageId message;
    bool own = false;
};

struct ExportState {
    std::string path;
    model::ExportFormat format = model::ExportFormat::text;
    bool appearing = true;
};

/// What is typed while a transfer's list is looked through.
struct ReviewState {
    std::string folder;
    std::string looked_at;  ///< the folder whose space was asked for
    bool typed = false;     ///< `folder` is not the one the node proposes
    bool appearing = true;
};

/// The dialog in place of a file chooser.
struct PathsState {
    ChoosePaths asked;
    std::string text, looked_at;
    bool appearing = true, complete = false;
};

/// Files were dropped on them: they light up for a moment.
struct DropGlow {
    model::PeerId peer;
    double until = 0;  ///< in Frame::time
};

enum class SettingsPage { profile, privacy, network, relays, files, password, backup, appearance };

/// What is typed in the settings and not yet saved.
struct SettingsState {
    SettingsPage page = SettingsPage::profile;
    bool appearing = true;
    std::string name, status;
    std::string team;            ///< a new passphrase; the one in use is never shown
    std::string public_address;  ///< "host:port"
    std::string relay;           ///< the address of one more
    bool adding_relay = false;   ///< it was given to the node
    bool relay_edited = false;   ///< since then: the answer is about something else
    std::string naming_relay;    ///< the address of the one a name is typed for
    std::string relay_name;      ///< that name
    std::string named_relay;     ///< the address of the one whose name was changed last
    bool focus_name = false;
    std::string downloads, naming, rate_total, rate_each;  ///< rates in MB/s
    std::string current, password, repeat;
    std::string backup_path, backup_password, backup_repeat;
    bool removing_password = false;
};

struct DetailsState {
    bool open = false;
    bool renaming = false;
    std::string name;
    std::string auto_accept;            ///< the limit that is typed, in MB
    std::optional<model::PeerId> peer;  ///< whom the rest of this is about
};

struct AddContactState {
    std::string id;  ///< or "name@relay", or "host:port"
    std::string fingerprint, greeting, error;
    bool appearing = true;
};

struct SwitcherState {
    std::string filter;
    int chosen = 0;
    bool appearing = true;
};

struct Toast {
    model::NoticeLevel level = model::NoticeLevel::info;
    std::string text;
    double until = 0;
};

struct ToastState {
    std::deque<Toast> toasts;
    std::uint64_t notices_seen = 0;
};

/// Widths in pixels at scale 1; kept in the layout file.
struct PanelSizes {
    float sidebar = 0;  ///< 0: the theme's
    float details = 0;
};

struct UiState {
    std::optional<model::PeerId> selected;
    bool escape_taken = false;  ///< by a field or menu that was open at the end of the last frame
    Dialog dialog = Dialog::none;
    std::optional<Confirmation> confirmation;
    WelcomeState welcome;
    UnlockState unlock;
    ToolbarState toolbar;
    ListState list;
    NearbyState nearby;
    ConnectionIdState connection_id;
    DiagnosisState diagnosis;
    DetailsState details;
    AddContactState add_contact;
    SwitcherState switcher;
    SearchState search;
    DeletionState deletion;
    ExportState export_history;
    SettingsState settings;
    TypingState typing;
    ToastState toasts;
    ReviewState review;
    PathsState paths;
    FolderSeen folder_seen;                    ///< the last answer to LookAtFolder
    std::optional<model::TransferId> picture;  ///< in the viewer
    std::optional<DropGlow> drop_glow;
    bool transfers_open = false;
    std::vector<DropTarget> drop_targets;  ///< of the last frame
    PanelSizes sizes;
    float requests_height = 0, nearby_height = 0;  ///< as wished for in the last frame
    std::unordered_map<model::PeerId, ChatState> chats;
};

}  // namespace kith::gui
