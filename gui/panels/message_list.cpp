// SPDX-License-Identifier: MIT
#include <imgui_internal.h>

#include <cmath>

#include "gui/panels/bubble.hpp"
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

const Row* find_row(const ChatLayout& layout, const model::MessageId& id) {
    for (const Row& row : layout.rows)
        if (row.message->id == id) return &row;
    return nullptr;
}

// Where the view has to be so that what was in sight stays in sight.
float wanted_scroll(const ChatLayout& layout, const ScrollState& scroll, float view_height) {
    const float bottom = std::max(0.0F, layout.height - view_height);
    if (scroll.at_bottom || !scroll.anchor) return bottom;
    const Row* row = find_row(layout, *scroll.anchor);
    return row ? std::clamp(row->top + scroll.anchor_offset, 0.0F, bottom) : bottom;
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
    const bool again = state.marked_read == message.position && message.position != 0;
    if (again) return;
    state.marked_read = message.position;
    frame.ask(model::Command{model::MarkRead{peer.id, message.id}});
}

void draw_rows(Frame& frame, const model::Peer& peer, const ChatLayout& layout, ChatState& state) {
    const float y = ImGui::GetScrollY();
    const ImVec2 origin{ImGui::GetWindowPos().x, ImGui::GetWindowPos().y - y};
    const float end = y + ImGui::GetWindowHeight();
    const Row* last_in = nullptr;
    state.scroll.rows_drawn = 0;
    for (std::size_t i = first_row_at(layout, y);
         i < layout.rows.size() && layout.rows[i].top < end; ++i) {
        const Row& row = layout.rows[i];
        draw_message_row(frame, row, origin, state.layout.width);
        if (!row.message->outgoing) last_in = &row;
        ++state.scroll.rows_drawn;
    }
    if (last_in) mark_read(frame, peer, *last_in, state);
}

// The line above the first unread message is drawn once per visit, where it was on arrival.
void find_unread(const model::Peer& peer, const Conversation& conversation, ChatState& state) {
    if (state.unread_from || state.scroll.revision != 0 || peer.unread == 0) return;
    std::uint32_t left = peer.unread;
    for (auto at = conversation.messages().rbegin(); at != conversation.messages().rend(); ++at)
        if (!at->outgoing && --left == 0) {
            state.unread_from = at->id;
            return;
        }
}

void draw_jump(Frame& frame, const Conversation& conversation, const model::PeerId& peer,
               ScrollState& scroll, ImVec2 corner) {
    if (scroll.at_bottom || (!conversation.has_newer() && conversation.messages().empty())) return;
    const Metrics& size = frame.theme.size;
    ImGui::SetCursorScreenPos(
        {corner.x - size.icon_button - size.l, corner.y - size.icon_button - size.m});
    ImGui::BeginChild("jump", {size.icon_button, size.icon_button});
    const ImVec2 at = ImGui::GetWindowPos();
    const float radius = size.icon_button / 2;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddCircleFilled({at.x + radius, at.y + radius}, radius, frame.theme.colour.bar);
    draw.AddCircle({at.x + radius, at.y + radius}, radius - size.line, frame.theme.colour.border, 0,
                   size.line);
    if (icon_button(frame, "chat/newest", Icon::arrow_down, strings::newest_tip)) {
        scroll.at_bottom = true;
        scroll.anchor.reset();
        scroll.height = 0;  // placed anew in the next frame
        if (conversation.has_newer()) frame.ask(LoadNewest{peer});
        frame.redraw_in(0);
    }
    ImGui::EndChild();
}

void place_view(const ChatLayout& layout, std::uint64_t revision, ImVec2 view,
                ScrollState& scroll) {
    ImGui::SetNextWindowContentSize({0, layout.height});
    const bool same =
        scroll.revision == revision && scroll.width == view.x && scroll.height == view.y;
    if (same) return;  // the reader scrolls
    ImGui::SetNextWindowScroll({-1, wanted_scroll(layout, scroll, view.y)});
    scroll.revision = revision;
    scroll.width = view.x;
    scroll.height = view.y;
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
    const float width = view.x - ImGui::GetStyle().ScrollbarSize;
    ChatLayout layout = lay_out(frame, conversation, width, state.unread_from, state.layout);
    stand_at_bottom(layout, view.y);
    place_view(layout, conversation.revision(), view, state.scroll);
    ImGui::BeginChild("messages", view, 0, ImGuiWindowFlags_NoNav);
    scroll_by_keys();
    draw_rows(frame, peer, layout, state);
    remember_place(layout, state.scroll, !conversation.has_newer());
    ask_around(frame, peer.id, conversation);
    ImGui::EndChild();
    if (conversation.messages().empty())
        draw_centred(*ImGui::GetWindowDrawList(), dim(frame), start,
                     {start.x + view.x, start.y + view.y}, strings::chat_empty);
    draw_jump(frame, conversation, peer.id, state.scroll, {start.x + view.x, start.y + view.y});
}

}  // namespace kith::gui
