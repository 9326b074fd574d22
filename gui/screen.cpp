// SPDX-License-Identifier: MIT
#include "gui/screen.hpp"

#include <imgui_internal.h>

#include <cmath>

#include "gui/chat_drafts.hpp"
#include "gui/columns.hpp"
#include "gui/panels/panels.hpp"

namespace kith::gui {
namespace {

constexpr ImGuiWindowFlags page_flags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
    ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse;

void begin_panel(const char* id, ImVec2 at, ImVec2 extent, ImU32 background) {
    ImGui::SetCursorPos(at);
    ImGui::PushStyleColor(ImGuiCol_ChildBg, background);
    ImGui::BeginChild(id, {std::max(1.0F, extent.x), std::max(1.0F, extent.y)}, 0,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleColor();
}

// A border that can be dragged. `x` is where it stands, in the page; the new place is returned.
float drag_border(Frame& frame, const char* id, float x, float top, float height) {
    const Metrics& size = frame.theme.size;
    const ImVec2 page = ImGui::GetWindowPos();
    ImGui::GetWindowDrawList()->AddRectFilled({page.x + x, page.y + top},
                                              {page.x + x + size.line, page.y + top + height},
                                              frame.theme.colour.border);
    // In a child of its own, above the panels on both sides.
    ImGui::SetCursorPos({x - size.splitter / 2, top});
    ImGui::BeginChild(id, {size.splitter, height});
    ImGui::InvisibleButton(id, {size.splitter, height});
    const bool active = ImGui::IsItemActive();
    if (active || ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    ImGui::EndChild();
    return active ? ImGui::GetIO().MousePos.x - page.x : x;
}

Columns columns_of(const Frame& frame, const UiState& ui) {
    const bool chosen = ui.selected && frame.view.find(*ui.selected);
    const bool chat = chosen && !(ui.search.open && ui.search.in_front);
    return arrange_columns(frame.theme.size, ImGui::GetWindowSize(),
                           {.chat = chat,
                            .details = chosen && ui.details.open,
                            .transfers = ui.transfers_open,
                            .sizes = ui.sizes});
}

struct Extent {
    float top, height;
};

// A part of the sidebar under the list. `draw` returns the height it wishes for, which it gets in
// the next frame.
template <class Draw>
void draw_section(Frame& frame, const char* id, const Columns& columns, Extent extent, float& wish,
                  Draw draw) {
    begin_panel(id, {0, extent.top}, {columns.sidebar, extent.height}, frame.theme.colour.sidebar);
    const ImVec2 at = ImGui::GetWindowPos();
    ImGui::GetWindowDrawList()->AddLine(at, {at.x + columns.sidebar, at.y},
                                        frame.theme.colour.border, frame.theme.size.line);
    const float wished = draw();
    ImGui::EndChild();
    if (wished != wish) frame.redraw_in(0);
    wish = wished;
}

// Beside requests that wait, people nearby get what three conversations leave.
float most_nearby(const Frame& frame, const Columns& columns, float requests) {
    const Metrics& size = frame.theme.size;
    const float list = size.m + size.control + size.s + 3 * size.row;
    if (requests <= 0) return columns.height * 0.4F;
    return std::clamp(columns.height - requests - list, columns.height * 0.25F,
                      columns.height * 0.4F);
}

void draw_sidebar(Frame& frame, UiState& ui, const Columns& columns) {
    if (columns.sidebar <= 0) return;
    const bool any = !frame.view.requests.empty();
    const float requests =
        any ? std::round(std::min(columns.height * 0.4F, ui.requests_height)) : 0;
    const float nearby =
        ui.search.open
            ? 0
            : std::round(std::min(most_nearby(frame, columns, requests), ui.nearby_height));
    const ImU32 background = frame.theme.colour.sidebar;
    const float list = columns.height - requests - nearby;
    begin_panel("list", {0, columns.top}, {columns.sidebar, list}, background);
    if (ui.search.open)
        draw_search(frame, ui.search);
    else
        draw_conversation_list(frame, ui.list, ui.selected);
    ImGui::EndChild();
    if (!ui.search.open)
        draw_section(frame, "nearby", columns, {columns.top + list, nearby}, ui.nearby_height,
                     [&] { return draw_nearby(frame, ui.nearby, ui.list.filter); });
    if (any)
        draw_section(frame, "requests", columns, {columns.top + list + nearby, requests},
                     ui.requests_height, [&] { return draw_requests(frame); });
}

void draw_middle(Frame& frame, UiState& ui, const Columns& columns) {
    if (columns.chat <= 0) return;
    const model::Peer* peer = ui.selected ? frame.view.find(*ui.selected) : nullptr;
    begin_panel("chat", {columns.sidebar, columns.top}, {columns.chat, columns.height},
                frame.theme.colour.chat);
    if (peer)
        draw_chat(frame, *peer, ui.chats[peer->id], columns.one);
    else
        draw_no_chat(frame);
    ImGui::EndChild();
}

void draw_right(Frame& frame, UiState& ui, const Columns& columns) {
    const model::Peer* peer = ui.selected ? frame.view.find(*ui.selected) : nullptr;
    if (columns.details <= 0 || !peer) return;
    begin_panel("details", {columns.sidebar + columns.chat, columns.top},
                {columns.details, columns.height}, frame.theme.colour.sidebar);
    draw_details(frame, *peer, ui.details);
    ImGui::EndChild();
}

// Where only one column fits, there is nothing to drag.
void draw_borders(Frame& frame, UiState& ui, const Columns& columns) {
    if (columns.one) return;
    const float scale = frame.theme.size.scale;
    const float left =
        drag_border(frame, "border/sidebar", columns.sidebar, columns.top, columns.height);
    if (left != columns.sidebar) ui.sizes.sidebar = left / scale;
    if (columns.details <= 0 || columns.chat <= 0) return;
    const float start = columns.sidebar + columns.chat;
    const float right = drag_border(frame, "border/details", start, columns.top, columns.height);
    if (right != start) ui.sizes.details = (ImGui::GetWindowWidth() - right) / scale;
}

// Transfers, under everything else.
void draw_drawer(Frame& frame, const Columns& columns) {
    if (columns.drawer <= 0) return;
    const float width = ImGui::GetWindowWidth();
    begin_panel("transfers", {0, columns.top + columns.height}, {width, columns.drawer},
                frame.theme.colour.sidebar);
    const ImVec2 at = ImGui::GetWindowPos();
    ImGui::GetWindowDrawList()->AddLine(at, {at.x + width, at.y}, frame.theme.colour.border,
                                        frame.theme.size.line);
    draw_transfers(frame, columns.height <= 0);
    ImGui::EndChild();
}

void draw_main(Frame& frame, UiState& ui) {
    const Metrics& size = frame.theme.size;
    const Columns columns = columns_of(frame, ui);
    begin_panel("toolbar", {0, 0}, {ImGui::GetWindowWidth(), size.toolbar}, frame.theme.colour.bar);
    draw_toolbar(frame, ui.toolbar);
    ImGui::EndChild();
    const ImVec2 page = ImGui::GetWindowPos();
    ImGui::GetWindowDrawList()->AddRectFilled(
        {page.x, page.y + size.toolbar}, {page.x + ImGui::GetWindowWidth(), page.y + columns.top},
        frame.theme.colour.border);
    if (columns.height > 0) {
        draw_sidebar(frame, ui, columns);
        draw_middle(frame, ui, columns);
        draw_right(frame, ui, columns);
        draw_borders(frame, ui, columns);
    }
    draw_drawer(frame, columns);
}

// A dialog that is no longer wanted has to be taken from Dear ImGui's stack by hand.
void close_popups() {
    const ImGuiContext& g = *ImGui::GetCurrentContext();
    const ImGuiWindow* modal = ImGui::GetTopMostPopupModal();
    if (!modal || g.OpenPopupStack.empty()) return;
    ImGui::ClosePopupToLevel(0, true);
}

void draw_dialog(Frame& frame, UiState& ui) {
    switch (ui.dialog) {
        case Dialog::none:
            return close_popups();
        case Dialog::add_contact:
            return draw_add_contact(frame, ui.add_contact);
        case Dialog::diagnosis:
            return draw_diagnosis(frame, ui.diagnosis);
        case Dialog::connection_id:
            return draw_connection_id(frame, ui.connection_id);
        case Dialog::shortcuts:
            return draw_shortcuts(frame);
        case Dialog::switcher:
            return draw_switcher(frame, ui.switcher);
        case Dialog::settings:
            return draw_settings(frame, ui.settings);
        case Dialog::delete_message:
            return draw_deletion(frame, ui.deletion);
        case Dialog::export_history:
            if (ui.selected) draw_export(frame, *ui.selected, ui.export_history);
            return;
        case Dialog::review:
            return draw_review(frame, ui.review, ui.folder_seen);
        case Dialog::paths:
            return draw_paths(frame, ui.paths, ui.folder_seen);
        case Dialog::picture:
            if (ui.picture) draw_picture_viewer(frame, *ui.picture);
            return;
        case Dialog::confirm:
            if (ui.confirmation) draw_confirmation(frame, *ui.confirmation);
    }
}

void move_selection(Frame& frame, UiState& ui, int step) {
    const auto peers = matching_peers(frame.view, ui.list.filter);
    if (peers.empty()) return;
    int at = step > 0 ? -1 : static_cast<int>(peers.size());
    for (std::size_t i = 0; i < peers.size(); ++i)
        if (ui.selected == peers[i]->id) at = static_cast<int>(i);
    at = std::clamp(at + step, 0, static_cast<int>(peers.size()) - 1);
    frame.ask(OpenConversation{peers[static_cast<std::size_t>(at)]->id});
}

bool chord(ImGuiKeyChord keys) { return ImGui::IsKeyChordPressed(keys); }

// Esc closes one thing at a time, the latest first. Dialogs, menus and fields take it themselves.
void close_by_key(Frame& frame, UiState& ui) {
    if (ui.escape_taken || ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup)) return;
    ChatState* chat = ui.selected ? &ui.chats[*ui.selected] : nullptr;
    if (chat && (chat->reply || chat->edit)) {
        end_edit(*chat);
        chat->reply.reset();
    } else if (ui.search.open) {
        frame.ask(CloseSearch{});
    } else if (!ui.list.filter.empty()) {
        ui.list.filter.clear();
    } else if (ui.transfers_open) {
        frame.ask(ToggleTransfers{});
    } else if (ui.details.open) {
        frame.ask(ToggleDetails{});
    } else {
        frame.ask(CloseConversation{});
    }
}

// Dear ImGui closes menus and leaves fields before the frame is drawn in which Esc is seen.
bool takes_escape(const UiState& ui) {
    const ImGuiContext& g = *ImGui::GetCurrentContext();
    if (ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup)) return true;
    if (g.ActiveId != 0 && g.ActiveId == g.InputTextState.ID) return true;
    const auto chat = ui.selected ? ui.chats.find(*ui.selected) : ui.chats.end();
    return chat != ui.chats.end() && chat->second.chosen;
}

void search_by_key(Frame& frame, const UiState& ui) {
    if (chord(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_F))
        frame.ask(OpenSearch{std::nullopt, {}});
    else if (chord(ImGuiMod_Ctrl | ImGuiKey_F))
        frame.ask(OpenSearch{ui.selected, {}});
}

void files_by_key(Frame& frame, const UiState& ui) {
    if (chord(ImGuiMod_Ctrl | ImGuiKey_J)) frame.ask(ToggleTransfers{});
    if (!ui.selected) return;
    if (chord(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_O))
        frame.ask(ChoosePaths{PathsFor::send_folder, *ui.selected, {}});
    else if (chord(ImGuiMod_Ctrl | ImGuiKey_O))
        frame.ask(ChoosePaths{PathsFor::send_files, *ui.selected, {}});
}

void take_keys(Frame& frame, UiState& ui) {
    const auto toggle = [&](Dialog dialog) {
        frame.ask(OpenDialog{ui.dialog == dialog ? Dialog::none : dialog});
    };
    if (chord(ImGuiKey_F1)) toggle(Dialog::shortcuts);
    if (ui.dialog == Dialog::confirm) return;
    if (chord(ImGuiMod_Ctrl | ImGuiKey_K)) toggle(Dialog::switcher);
    if (chord(ImGuiMod_Ctrl | ImGuiKey_N)) toggle(Dialog::add_contact);
    if (chord(ImGuiMod_Ctrl | ImGuiKey_Comma)) toggle(Dialog::settings);
    if (ui.dialog != Dialog::none) return;
    search_by_key(frame, ui);
    if (chord(ImGuiMod_Alt | ImGuiKey_UpArrow)) move_selection(frame, ui, -1);
    if (chord(ImGuiMod_Alt | ImGuiKey_DownArrow)) move_selection(frame, ui, 1);
    if (chord(ImGuiMod_Ctrl | ImGuiKey_I) && ui.selected) frame.ask(ToggleDetails{});
    files_by_key(frame, ui);
    if (chord(ImGuiKey_Escape)) close_by_key(frame, ui);
}

void draw_stage(Frame& frame, UiState& ui) {
    switch (frame.view.stage) {
        case model::Stage::first_run:
            return draw_welcome(frame, ui.welcome);
        case model::Stage::locked:
            return draw_unlock(frame, ui.unlock);
        case model::Stage::working:
            return draw_working(frame);
        case model::Stage::failed:
            return draw_failed(frame);
        case model::Stage::running:
            break;
    }
    take_keys(frame, ui);
    draw_main(frame, ui);
    draw_dialog(frame, ui);
    follow_typing(frame, ui, ui.typing);
    ui.escape_taken = takes_escape(ui);
}

}  // namespace

void draw_screen(Frame& frame, UiState& ui) {
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    ImGui::PushFont(frame.fonts.regular, frame.theme.size.text);
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(viewport.Size);
    ImGui::Begin("page", nullptr, page_flags);
    draw_stage(frame, ui);
    ImGui::End();
    draw_toasts(frame, ui.toasts);
    ImGui::PopFont();
}

}  // namespace kith::gui
