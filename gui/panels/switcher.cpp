// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr int shown_max = 8;

bool draw_choice(Frame& frame, const model::Peer& peer, bool chosen) {
    const Metrics& size = frame.theme.size;
    const std::string id = "switcher/" + short_id(peer.id);
    const float height = size.avatar_small + size.s;
    const bool pressed =
        ImGui::InvisibleButton(id.c_str(), {ImGui::GetContentRegionAvail().x, height});
    const ImVec2 min = ImGui::GetItemRectMin();
    const ImVec2 max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (chosen || ImGui::IsItemHovered())
        draw.AddRectFilled(min, max,
                           chosen ? frame.theme.colour.selected : frame.theme.colour.surface,
                           size.radius);
    const std::string name = safe_name(peer.name);
    draw_avatar(frame, draw, {min.x + size.s, min.y + size.xs}, size.avatar_small, peer.id, name);
    draw_line(draw, body(frame),
              {min.x + size.s + size.avatar_small + size.m, min.y + (height - size.text) / 2},
              max.x, name);
    return pressed;
}

void move_by_keys(SwitcherState& state, int count) {
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) ++state.chosen;
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) --state.chosen;
    state.chosen = std::clamp(state.chosen, 0, std::max(0, count - 1));
}

}  // namespace

void draw_switcher(Frame& frame, SwitcherState& state) {
    if (!begin_card(frame, "switcher", frame.theme.size.card, {})) return;
    if (state.appearing) ImGui::SetKeyboardFocusHere();
    state.appearing = false;
    const auto field = text_field(frame, "switcher/filter", strings::switcher_hint, state.filter);
    if (field.changed) state.chosen = 0;
    const auto peers = matching_peers(frame.view, state.filter);
    const int count = std::min(shown_max, static_cast<int>(peers.size()));
    move_by_keys(state, count);
    for (int i = 0; i < count; ++i) {
        const model::Peer& peer = *peers[static_cast<std::size_t>(i)];
        const bool chosen = i == state.chosen;
        if (!draw_choice(frame, peer, chosen) && !(chosen && field.entered)) continue;
        frame.ask(OpenConversation{peer.id});
        frame.ask(OpenDialog{});
    }
    if (count == 0) paragraph(dim(frame), strings::nothing_found);
    end_card();
}

}  // namespace kith::gui
