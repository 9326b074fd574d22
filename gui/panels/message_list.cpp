// SPDX-License-Identifier: MIT
#include <imgui_internal.h>

#include <cmath>

#include "gui/panels/bubble.hpp"
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr double highlight_seconds = 2;

// Where the view has to be so that what was in sight stays in sight.
float wanted_scroll(const ChatLayout& layout, const ScrollState& scroll, float view_height) {
    const float bottom = std::max(0.0F, layout.height - view_height);
    if (scroll.at_bottom || !scroll.anchor) return bottom;
    const Row* row = find_row(layout, *scroll.anchor);
    return row ? std::clamp(row->top + scroll.anchor_offset, 0.0F, bottom) : bottom;
}

// A jump ends when its message is held, with that in the middle, or when it does not come.
std::optional<float> jump_scroll(const Frame& frame, const Conversation& conversation,
                                 const ChatLayout& layout, float view_height, ChatState& state) {
    if (!state.jump || conversation.loading()) return std::nullopt;
    const model::MessageId target = *state.jump;
    state.jump.reset();
    const Row* row = find_row(layout, target);
    if (!row) return std::nullopt;
    state.highlight = Highlight{target, frame.time + highlight_seconds};
    const float middle = row->top + (row->above + row->height - view_height) / 2;
    return std::clamp(middle, 0.0F, std::max(0.0F, layout.height - view_height));
}

void remember_place(const ChatLayout& layout, ScrollState& scroll, bool newest_held) {
    const float y = ImGui::GetScrollY();
    scroll.at_bottom = newest_held && y >= ImGui::GetScrollMaxY() - 2;
    const std::size_t first = first_row_at(layout, y);
    scroll.anchor.reset();
    if (first == layout.rows.size()) return;
    scroll.anchor = layout.rows[first].message->id;
    scroll.anchor_offset = y - layout.rows[first].top;
}

void ask_around(Frame& frame, const model::PeerId& peer, const Conversation& conversation) {
    if (conversation.loading() || !conversation.loaded()) return;
    const float y = ImGui::GetScrollY();
    const float view = ImGui::GetWindowHeight();
    if (conversation.has_older() && y < 1.5F * view)
        frame.ask(LoadOlder{peer});
    else if (conversation.has_newer() && y > ImGui::GetScrollMaxY() - 1.5F * view)
        frame.ask(LoadNewer{peer});
}

void scroll_by_keys() {
    const float page = ImGui::GetWindowHeight() * 0.85F;
    if (ImGui::GetTopMostPopupModal()) return;
    if (ImGui::IsKeyPressed(ImGuiKey_PageUp))
        ImGui::SetScrollY(std::max(0.0F, ImGui::GetScrollY() - page));
    if (ImGui::IsKeyPressed(ImGuiKey_PageDown))
        ImGui::SetScrollY(std::min(ImGui::GetScrollMaxY(), ImGui::GetScrollY() + page));
}

void mark_read(Frame& frame, const model::Peer& peer, const Row& last_visible, ChatState& state) {
    const model::Message& message = *last_visible.message;
    if (!frame.window_focused || peer.unread == 0 || message.position < state.marked_read) return;
    if (state.jump) return;  // what shows until the page is there was not asked for
    const bool again = state.marked_read == message.position && message.position != 0;
    if (again) return;
    state.marked_read = message.position;
    frame.ask(model::Command{model::MarkRead{peer.id, message.id}});
}

void draw_rows(Frame& frame, const model::Peer& peer, const ChatLayout& layout, ChatState& state) {
    const float y = ImGui::GetScrollY();
    const ImVec2 origin{ImGui::GetWindowPos().x, ImGui::GetWindowPos().y - y};
    const float end = y + ImGui::GetWindowHeight();
    const Row* last = nullptr;
    state.scroll.rows_drawn = 0;
    for (std::size_t i = first_row_at(layout, y);
         i < layout.rows.size() && layout.rows[i].top < end; ++i) {
        const Row& row = layout.rows[i];
        draw_message_row(frame, row, origin, state.layout.width, state);
        last = &row;
        ++state.scroll.rows_drawn;
    }
    if (last) mark_read(frame, peer, *last, state);
}

// The row behind the chosen one in the direction of `step`; at first, the last one in view.
const Row* next_row(const ChatLayout& layout, const std::optional<model::MessageId>& chosen,
                    int step) {
    const Row* at = chosen ? find_row(layout, *chosen) : nullptr;
    if (layout.rows.empty()) return nullptr;
    if (!at) {
        const float end = ImGui::GetScrollY() + ImGui::GetWindowHeight();
        const std::size_t below = first_row_at(layout, end);
        return &layout.rows[below == layout.rows.size() ? below - 1 : below - (below > 0)];
    }
    const std::ptrdiff_t index = at - layout.rows.data() + step;
    const auto last = static_cast<std::ptrdiff_t>(layout.rows.size()) - 1;
    return &layout.rows[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(index, 0, last))];
}

void reveal(const Row& row) {
    const float view = ImGui::GetWindowHeight();
    const float end = row.top + row.height;
    if (row.top < ImGui::GetScrollY()) ImGui::SetScrollY(row.top);
    if (end > ImGui::GetScrollY() + view) ImGui::SetScrollY(end - view);
}

void open_menu_of(const Row& row, ChatState& state) {
    const ImVec2 view = ImGui::GetWindowPos();
    const float y = view.y - ImGui::GetScrollY() + row.top + row.above + row.box->bubble_height;
    const float x = row.message->outgoing ? view.x + state.layout.width - row.box->bubble_width
                                          : view.x + row.above;
    want_menu(state, row.message->id, {x, std::min(y, view.y + ImGui::GetWindowHeight())}, true);
}

bool pressed(ImGuiKeyChord keys) { return ImGui::IsKeyChordPressed(keys); }

// Ctrl with the arrows takes the keyboard from the composer to the messages; from there Enter opens
// the menu and Esc goes back.
void choose_by_keys(Frame& frame, const ChatLayout& layout, ChatState& state) {
    if (ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup)) return;
    if (state.composing) state.chosen.reset();
    const bool here = state.chosen.has_value();
    int step = 0;
    if (pressed(ImGuiMod_Ctrl | ImGuiKey_UpArrow) || (here && pressed(ImGuiKey_UpArrow))) step = -1;
    if (pressed(ImGuiMod_Ctrl | ImGuiKey_DownArrow) || (here && pressed(ImGuiKey_DownArrow)))
        step = 1;
    if (step != 0)
        if (const Row* row = next_row(layout, state.chosen, step)) {
            state.chosen = row->message->id;
            state.composing = false;
            ImGui::ClearActiveID();
            ImGui::SetWindowFocus();  // or Enter would go back into the composer
            reveal(*row);
        }
    if (!here) return;
    const Row* row = find_row(layout, *state.chosen);
    if (row && (pressed(ImGuiKey_Enter) || pressed(ImGuiKey_Menu))) open_menu_of(*row, state);
    if (row && pressed(ImGuiKey_Delete) && !cancellable(*row->message))
        frame.ask(AskDelete{row->message->id, row->message->outgoing && !row->message->deleted});
    if (!pressed(ImGuiKey_Escape) && row) return;
    state.chosen.reset();
    state.focus_composer = true;
}

// The line above the first unread message is drawn once per visit, where it was on arrival.
void find_unread(const model::Peer& peer, const Conversation& conversation, ChatState& state) {
    if (state.unread_from || state.scroll.revision != 0 || peer.unread == 0) return;
    if (conversation.has_newer()) return;
    std::uint32_t left = peer.unread;
    for (auto at = conversation.messages().rbegin(); at != conversation.messages().rend(); ++at)
        if (!at->outgoing && --left == 0) {
            state.unread_from = at->id;
            return;
        }
}

void to_newest(Frame& frame, const Conversation& conversation, const model::PeerId& peer,
               ScrollState& scroll) {
    scroll.at_bottom = scroll.to_newest = true;
    scroll.anchor.reset();
    scroll.height = 0;  // placed anew in the next frame
    if (conversation.has_newer()) frame.ask(LoadNewest{peer});
    frame.redraw_in(0);
}

// A round button with the number of messages that came while the reader was elsewhere.
void draw_jump(Frame& frame, const Conversation& conversation, const model::PeerId& peer,
               ChatState& state, ImVec2 corner) {
    if (state.scroll.at_bottom || conversation.messages().empty()) return;
    const Metrics& size = frame.theme.size;
    const float above = size.badge / 2;
    ImGui::SetCursorScreenPos(
        {corner.x - size.icon_button - size.l, corner.y - size.icon_button - size.m - above});
    ImGui::BeginChild("jump", {size.icon_button, size.icon_button + above});
    const ImVec2 at{ImGui::GetWindowPos().x, ImGui::GetWindowPos().y + above};
    const float radius = size.icon_button / 2;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddCircleFilled({at.x + radius, at.y + radius}, radius, frame.theme.colour.bar);
    draw.AddCircle({at.x + radius, at.y + radius}, radius - size.line, frame.theme.colour.border, 0,
                   size.line);
    ImGui::SetCursorScreenPos(at);
    if (icon_button(frame, "chat/newest", Icon::arrow_down, strings::newest_tip))
        to_newest(frame, conversation, peer, state.scroll);
    const std::uint64_t missed = conversation.arrived() - state.arrived_seen;
    if (missed > 0)
        draw_badge(frame, draw, {at.x + size.icon_button - size.xs, at.y},
                   static_cast<std::uint32_t>(std::min<std::uint64_t>(missed, 1000)));
    ImGui::EndChild();
}

void place_view(const Frame& frame, const Conversation& conversation, const ChatLayout& layout,
                ImVec2 view, ChatState& state) {
    ScrollState& scroll = state.scroll;
    ImGui::SetNextWindowContentSize({0, layout.height});
    const auto jump = jump_scroll(frame, conversation, layout, view.y, state);
    const bool same = scroll.revision == conversation.revision() && scroll.width == view.x &&
                      scroll.height == view.y;
    if (same && !jump) return;  // the reader scrolls
    if (scroll.to_newest && !conversation.has_newer()) {
        scroll.at_bottom = true;
        scroll.to_newest = false;
    }
    if (jump) scroll.to_newest = false;
    ImGui::SetNextWindowScroll({-1, jump ? *jump : wanted_scroll(layout, scroll, view.y)});
    scroll.revision = conversation.revision();
    scroll.width = view.x;
    scroll.height = view.y;
}

void draw_empty(Frame& frame, const model::Peer& peer, ImVec2 start, ImVec2 view) {
    const float margin = frame.theme.size.l;
    ImGui::SetCursorScreenPos({start.x + margin, std::round(start.y + view.y / 2)});
    ImGui::BeginChild("empty-chat", {std::max(1.0F, view.x - 2 * margin), view.y / 2});
    centred_paragraph(dim(frame), empty_chat_text(peer));
    ImGui::EndChild();
}

}  // namespace

void draw_message_list(Frame& frame, const model::Peer& peer, ChatState& state) {
    const float height = ImGui::GetContentRegionAvail().y - composer_height(frame, peer, state);
    const ImVec2 view{ImGui::GetContentRegionAvail().x, std::max(1.0F, height)};
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const auto known = frame.view.conversations.find(peer.id);
    if (known == frame.view.conversations.end() || !known->second.loaded()) return;
    const Conversation& conversation = known->second;
    find_unread(peer, conversation, state);
    const ChatLayout& layout =
        lay_out(frame, conversation, view, safe_name(peer.name), state.unread_from, state.layout);
    place_view(frame, conversation, layout, view, state);
    ImGui::BeginChild("messages", view, 0, ImGuiWindowFlags_NoNav);
    scroll_by_keys();
    choose_by_keys(frame, layout, state);
    draw_rows(frame, peer, layout, state);
    remember_place(layout, state.scroll, !conversation.has_newer());
    ask_around(frame, peer.id, conversation);
    draw_message_menu(frame, conversation, state);
    ImGui::EndChild();
    if (state.scroll.at_bottom) state.arrived_seen = conversation.arrived();
    if (conversation.messages().empty()) draw_empty(frame, peer, start, view);
    draw_jump(frame, conversation, peer.id, state, {start.x + view.x, start.y + view.y});
}

}  // namespace kith::gui
