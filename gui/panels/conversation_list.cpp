// SPDX-License-Identifier: MIT
#include <cfloat>

#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

ImU32 row_background(const Frame& frame, bool selected) {
    if (selected) return frame.theme.colour.selected;
    return ImGui::IsItemHovered() ? frame.theme.colour.surface : frame.theme.colour.sidebar;
}

std::string second_line(const Frame& frame, const model::Peer& peer) {
    if (peer.typing) return std::string(strings::typing);
    const bool presence_matters = peer.presence == model::Presence::pending_out ||
                                  peer.presence == model::Presence::blocked ||
                                  peer.last_text.empty();
    if (!presence_matters) return safe_line(peer.last_text);
    const bool says = peer.contact && !peer.status.empty();
    return says ? safe_line(peer.status) : presence_text(peer, frame.now);
}

// Two lines beside the avatar: name and time; last message and unread badge.
void draw_row_text(const Frame& frame, const model::Peer& peer, std::string_view name, ImVec2 min,
                   ImVec2 max) {
    const Metrics& size = frame.theme.size;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float left = min.x + size.m + size.avatar + size.m;
    const float right = max.x - size.m;
    const float top = min.y + (size.row - size.text - size.small) / 2 - size.line;
    const std::string when = short_text(peer.last_activity, frame.now);
    const TextStyle time_style{frame.fonts.regular, size.tiny, frame.theme.colour.text_dim};
    const float time_left = right - measure(time_style, when).x;
    draw_line(draw, bold(frame), {left, top}, time_left - size.s, name);
    // What they say of themselves stands behind the name where the last message is below it.
    if (!peer.status.empty() && !peer.last_text.empty())
        draw_line(draw, small_dim(frame),
                  {left + measure(bold(frame), name).x + size.s, top + size.line},
                  time_left - size.s, safe_line(peer.status));
    draw_line(draw, time_style, {time_left, top + size.xs / 2}, right + 2, when);
    const float below = top + size.text + size.xs / 2;
    float text_right = right;
    if (peer.unread > 0) {
        draw_badge(frame, draw, {right, below + size.small / 2}, peer.unread);
        text_right -= size.badge * 2;
    }
    const TextStyle style =
        peer.typing ? coloured(small_dim(frame), frame.theme.colour.accent) : small_dim(frame);
    draw_line(draw, style, {left, below}, text_right, second_line(frame, peer));
}

void draw_row(Frame& frame, const model::Peer& peer, bool selected) {
    const Metrics& size = frame.theme.size;
    if (peer.last_text.empty()) follow_minutes(frame, peer);
    const std::string id = "conversation/" + short_id(peer.id);
    const bool pressed = ImGui::InvisibleButton(
        id.c_str(), {ImGui::GetContentRegionAvail().x, size.row}, ImGuiButtonFlags_EnableNav);
    const ImVec2 min = ImGui::GetItemRectMin();
    const ImVec2 max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const ImU32 background = row_background(frame, selected);
    draw.AddRectFilled(min, max, background, size.radius);
    const ImVec2 corner{min.x + size.m, min.y + (size.row - size.avatar) / 2};
    const std::string name = safe_name(peer.name);
    draw_avatar(frame, draw, corner, size.avatar, peer.id, name);
    draw_presence(frame, draw, corner, size.avatar, peer.presence, background);
    draw_row_text(frame, peer, name, min, max);
    frame.take_drops(min, max, peer.id);
    if (frame.glowing == peer.id)
        draw.AddRect(min, max, frame.theme.colour.accent, size.radius, 0, 2 * size.line);
    focus_ring(frame, size.radius);
    if (pressed) frame.ask(OpenConversation{peer.id});
}

void draw_empty(Frame& frame, bool filtered) {
    const bool asked = !frame.view.requests.empty();
    vertical_gap(frame.theme.size.xxl);
    centred_paragraph(bold(frame), filtered ? strings::nothing_found
                                   : asked  ? strings::request_waits_title
                                            : strings::empty_list_title);
    if (filtered) return;
    vertical_gap(frame.theme.size.s);
    centred_paragraph(small_dim(frame),
                      asked ? strings::request_waits_text : strings::empty_list_text);
}

void reveal(const Frame& frame, std::size_t index) {
    const float row = frame.theme.size.row;
    const float top = static_cast<float>(index) * row;
    const float view = ImGui::GetWindowHeight();
    if (top < ImGui::GetScrollY()) ImGui::SetScrollY(top);
    if (top + row > ImGui::GetScrollY() + view) ImGui::SetScrollY(top + row - view);
}

// Enter goes to the first of the people found, or on to the messages when nobody is.
void draw_filter(Frame& frame, ListState& state) {
    const Metrics& size = frame.theme.size;
    ImGui::SetCursorPos({size.m, size.m});
    ImGui::BeginChild("search", {-size.m, size.control});
    const bool entered =
        text_field(frame, "list/search", strings::search_hint, state.filter).entered;
    ImGui::EndChild();
    if (!entered || state.filter.empty()) return;
    const auto peers = matching_peers(frame.view, state.filter);
    if (peers.empty()) return frame.ask(OpenSearch{std::nullopt, state.filter});
    frame.ask(OpenConversation{peers.front()->id});
    state.filter.clear();
}

void draw_rows(Frame& frame, ListState& state, const std::optional<model::PeerId>& selected) {
    const auto peers = matching_peers(frame.view, state.filter);
    if (peers.empty()) draw_empty(frame, !state.filter.empty());
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(peers.size()), frame.theme.size.row);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
            draw_row(frame, *peers[static_cast<std::size_t>(i)],
                     selected == peers[static_cast<std::size_t>(i)]->id);
    for (std::size_t i = 0; state.reveal_selected && i < peers.size(); ++i)
        if (selected == peers[i]->id) reveal(frame, i);
    state.reveal_selected = false;
}

}  // namespace

void draw_conversation_list(Frame& frame, ListState& state,
                            const std::optional<model::PeerId>& selected) {
    const Metrics& size = frame.theme.size;
    draw_filter(frame, state);
    const float side = size.xs + size.s / 2;
    ImGui::SetCursorPos({side, size.m + size.control + size.s});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    if (!state.filter.empty()) {
        ImGui::BeginChild("search-messages", {-side, size.control});
        if (row_button(frame, "list/search-messages", Icon::search, strings::search_messages,
                       frame.theme.colour.accent))
            frame.ask(OpenSearch{std::nullopt, state.filter});
        ImGui::EndChild();
        ImGui::SetCursorPosX(side);
    }
    ImGui::BeginChild("rows", {-side, 0});
    draw_rows(frame, state, selected);
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

}  // namespace kith::gui
