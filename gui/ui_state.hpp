// SPDX-License-Identifier: MIT
//
// What the window itself remembers, apart from what the node tells it: what is open, scrolled
// and typed but not yet sent. One small struct per panel. UI thread.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "gui/action.hpp"
#include "gui/panels/chat_layout.hpp"

namespace kith::gui {

struct WelcomeState {
    std::string name, password, repeat;
    std::string error;
    bool focused = false;
};

struct UnlockState {
    std::string password;
    bool focused = false;
};

struct ListState {
    std::string filter;
    bool reveal_selected = false;  ///< scroll so that the selected row is seen
};

struct ToolbarState {
    double copied_until = 0;  ///< in Frame::time
};

/// What was typed for one person, and how far down their messages are read.
struct ChatState {
    std::string draft;
    bool focus_composer = false;
    bool draft_replaced = false;  ///< not by typing: the field has to read it anew
    ScrollState scroll;
    LayoutCache layout;
    std::optional<model::MessageId> unread_from;  ///< the line "new messages" is above this one
    std::uint64_t marked_read = 0;                ///< position of the last MarkRead
};

struct DetailsState {
    bool open = false;
    bool renaming = false;
    std::string name;
    std::optional<model::PeerId> peer;  ///< whom the rest of this is about
};

struct AddContactState {
    std::string id, greeting, error;
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
    Dialog dialog = Dialog::none;
    std::optional<Confirmation> confirmation;
    WelcomeState welcome;
    UnlockState unlock;
    ToolbarState toolbar;
    ListState list;
    DetailsState details;
    AddContactState add_contact;
    SwitcherState switcher;
    ToastState toasts;
    PanelSizes sizes;
    float requests_height = 0;  ///< as wished for in the last frame
    std::unordered_map<model::PeerId, ChatState> chats;
};

}  // namespace kith::gui
