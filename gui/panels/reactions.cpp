// SPDX-License-Identifier: MIT
#include "gui/panels/bubble.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

void draw_chip(const Frame& frame, const ReactionChip& chip, ImVec2 min, ImVec2 max) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float radius = size.chip / 2;
    draw.AddRectFilled(min, max, colour.day_pill, radius);
    if (chip.mine) draw.AddRectFilled(min, max, with_alpha(colour.accent, 0.35F), radius);
    const ImU32 edge = chip.mine || ImGui::IsItemHovered() ? colour.accent : colour.border;
    draw.AddRect(min, max, edge, radius, 0, size.line);
    draw_centred(draw, {frame.fonts.regular, size.small, colour.text}, min, max, chip.label);
}

}  // namespace

void draw_reactions(Frame& frame, const Row& row, ImVec2 bubble_min, ImVec2 bubble_max) {
    const Metrics& size = frame.theme.size;
    const float right = bubble_max.x - row.box->chips_width;
    const float left =
        row.message->outgoing ? std::max(ImGui::GetWindowPos().x + size.l, right) : bubble_min.x;
    for (std::size_t i = 0; i < row.box->chips.size(); ++i) {
        const ReactionChip& chip = row.box->chips[i];
        const ImVec2 min{left + chip.at.x, bubble_max.y + chip.at.y};
        ImGui::SetCursorScreenPos(min);
        const auto id = message_label(row.message->id, "reaction/" + std::to_string(i));
        if (ImGui::InvisibleButton(id.c_str(), {chip.width, size.chip}))
            frame.ask(model::Command{model::React{row.message->id, chip.emoji, !chip.mine}});
        draw_chip(frame, chip, min, {min.x + chip.width, min.y + size.chip});
    }
}

}  // namespace kith::gui
