// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/marked_text.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr int snippet_lines = 2;

void draw_field(Frame& frame, SearchState& state, bool& entered) {
    const Metrics& size = frame.theme.size;
    ImGui::SetCursorPos({size.m, size.m});
    ImGui::BeginChild("search-field", {-(size.m + size.icon_button), size.control});
    if (state.active && ImGui::IsKeyPressed(ImGuiKey_Escape, false)) frame.ask(CloseSearch{});
    if (std::exchange(state.focus, false)) ImGui::SetKeyboardFocusHere();
    const auto field = text_field(frame, "search/text", strings::search_words_hint, state.text);
    entered = field.entered;
    state.active = field.active;
    if (entered) state.focus = true;  // the next hit is a key away
    ImGui::EndChild();
    if (field.changed) frame.ask(SearchFor{state.text, state.peer});
    ImGui::SameLine(0, 0);
    if (icon_button(frame, "search/close", Icon::close, strings::close_search_tip))
        frame.ask(CloseSearch{});
}

// Where is searched; one conversation can be left for all of them.
void draw_scope(Frame& frame, SearchState& state) {
    const Metrics& size = frame.theme.size;
    const model::Peer* peer = state.peer ? frame.view.find(*state.peer) : nullptr;
    ImGui::SetCursorPos({size.m, size.m + size.control + size.xs});
    ImGui::BeginChild("search-scope", {-size.m, size.control});
    const std::string text = peer ? std::string(strings::search_in) + safe_name(peer->name)
                                  : std::string(strings::search_everywhere);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_line(*ImGui::GetWindowDrawList(), small_dim(frame),
              {at.x, at.y + (size.control - size.small) / 2},
              at.x + ImGui::GetWindowWidth() - (peer ? button_width(frame, strings::widen) : 0),
              text);
    if (peer) {
        ImGui::SetCursorPosX(ImGui::GetWindowWidth() - button_width(frame, strings::widen));
        if (button(frame, "search/widen", strings::widen, ButtonKind::link)) {
            state.peer.reset();
            state.focus = true;
            frame.ask(SearchFor{state.text, state.peer});
        }
    }
    ImGui::EndChild();
}

void draw_hit_text(const Frame& frame, const model::Hit& hit, std::string_view name, ImVec2 min,
                   ImVec2 max) {
    const Metrics& size = frame.theme.size;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float left = min.x + size.m + size.avatar_small + size.m, right = max.x - size.m;
    const float top = min.y + size.s;
    const TextStyle time_style{frame.fonts.regular, size.tiny, frame.theme.colour.text_dim};
    const std::string when = short_text(hit.message.at, frame.now);
    const float time_left = right - measure(time_style, when).x;
    draw_line(draw, bold(frame), {left, top}, time_left - size.s, name);
    draw_line(draw, time_style, {time_left, top + size.xs / 2}, right + 2, when);
    MarkedText text = marked_text(hit.snippet, hit.marks);
    if (hit.message.outgoing) text.insert(text.begin(), {std::string(strings::you) + ": ", false});
    draw_marked(frame, draw, {left, top + size.text + size.xs / 2}, right - left, snippet_lines,
                text);
}

// True when it is clicked.
bool draw_hit(Frame& frame, const model::Hit& hit, std::size_t index, bool chosen) {
    const Metrics& size = frame.theme.size;
    const std::string id = "search/hit/" + std::to_string(index);
    const bool pressed = ImGui::InvisibleButton(
        id.c_str(), {ImGui::GetContentRegionAvail().x, size.hit_row}, ImGuiButtonFlags_EnableNav);
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (chosen || ImGui::IsItemHovered())
        draw.AddRectFilled(min, max,
                           chosen ? frame.theme.colour.selected : frame.theme.colour.surface,
                           size.radius);
    const model::Peer* peer = frame.view.find(hit.message.peer);
    const std::string name = safe_name(peer ? std::string_view(peer->name) : std::string_view());
    draw_avatar(frame, draw, {min.x + size.m, min.y + (size.hit_row - size.avatar_small) / 2},
                size.avatar_small, hit.message.peer, name);
    draw_hit_text(frame, hit, name, min, max);
    focus_ring(frame, size.radius);
    return pressed;
}

void move_by_keys(const SearchFeed& feed, SearchState& state) {
    if (state.number != feed.number()) state.chosen = 0;
    state.number = feed.number();
    if (!state.active) return;
    const std::size_t before = state.chosen;
    if (ImGui::IsKeyChordPressed(ImGuiKey_DownArrow)) ++state.chosen;
    if (ImGui::IsKeyChordPressed(ImGuiKey_UpArrow) && state.chosen > 0) --state.chosen;
    if (state.chosen >= feed.hits().size()) state.chosen = before;
    state.reveal_chosen = state.reveal_chosen || state.chosen != before;
}

void reveal(const Frame& frame, std::size_t index) {
    const float top = static_cast<float>(index) * frame.theme.size.hit_row;
    const float end = top + frame.theme.size.hit_row, view = ImGui::GetWindowHeight();
    if (top < ImGui::GetScrollY()) ImGui::SetScrollY(top);
    if (end > ImGui::GetScrollY() + view) ImGui::SetScrollY(end - view);
}

void draw_nothing(Frame& frame, const SearchFeed& feed) {
    if (feed.waiting()) return;
    vertical_gap(frame.theme.size.xxl);
    if (!feed.error().empty())
        return paragraph(coloured(small_dim(frame), frame.theme.colour.danger), feed.error());
    centred_paragraph(small_dim(frame),
                      feed.blank() ? strings::search_explained : strings::search_none);
}

void draw_hits(Frame& frame, SearchState& state, bool entered) {
    const SearchFeed& feed = frame.view.search;
    // Enter means what is typed now, not what was found for the letters before: it waits for that.
    const bool go = state.entered && !feed.waiting();
    state.entered = entered || (state.entered && !go);
    if (entered) frame.redraw_in(0);
    if (feed.hits().empty()) return draw_nothing(frame, feed);
    state.chosen = std::min(state.chosen, feed.hits().size() - 1);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(feed.hits().size()), frame.theme.size.hit_row);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const auto index = static_cast<std::size_t>(i);
            const model::Hit& hit = feed.hits()[index];
            const bool clicked = draw_hit(frame, hit, index, index == state.chosen);
            if (clicked) state.chosen = index;
            if (clicked) frame.ask(JumpTo{hit.message.peer, hit.message.id});
        }
    if (std::exchange(state.reveal_chosen, false)) reveal(frame, state.chosen);
    const model::Hit& chosen = feed.hits()[state.chosen];
    if (go) frame.ask(JumpTo{chosen.message.peer, chosen.message.id});
    const float height = static_cast<float>(feed.hits().size()) * frame.theme.size.hit_row;
    const bool near_end = ImGui::GetScrollY() + 2 * ImGui::GetWindowHeight() > height;
    if (near_end && feed.more() && !feed.waiting()) frame.ask(SearchMore{});
}

}  // namespace

void draw_search(Frame& frame, SearchState& state) {
    const Metrics& size = frame.theme.size;
    const float side = size.xs + size.s / 2;
    bool entered = false;
    draw_field(frame, state, entered);
    draw_scope(frame, state);
    ImGui::SetCursorPos({side, size.m + 2 * size.control + size.s});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::BeginChild("hits", {-side, 0});
    move_by_keys(frame.view.search, state);
    draw_hits(frame, state, entered);
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

}  // namespace kith::gui
