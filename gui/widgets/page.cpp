// SPDX-License-Identifier: MIT
#include "gui/widgets/page.hpp"

#include <imgui_internal.h>

#include <cmath>

namespace kith::gui {

void begin_column(const Frame& frame, const char* id) {
    const Metrics& size = frame.theme.size;
    const ImVec2 page = ImGui::GetWindowSize();
    const float width = std::min(size.card, page.x - 2 * size.l);
    ImGuiStorage& storage = *ImGui::GetStateStorage();
    const float measured = storage.GetFloat(ImGui::GetID(id));
    const float height = measured > 0 ? measured : page.y;
    ImGui::SetCursorPos({std::round((page.x - width) / 2),
                         std::round(std::max(size.l, (page.y - height) * 0.45F))});
    ImGui::BeginChild(id, {width, std::min(height, page.y - 2 * size.l)});
    // Not shown before its height is known: it would jump in the next frame.
    if (measured <= 0) ImGui::GetCurrentWindow()->Hidden = true;
}

void end_column(Frame& frame, const char* id) {
    const float height = ImGui::GetCursorPosY() + frame.theme.size.s;
    ImGui::EndChild();
    const ImGuiID key = ImGui::GetID(id);
    ImGuiStorage& storage = *ImGui::GetStateStorage();
    if (std::abs(storage.GetFloat(key) - height) > 0.5F) frame.redraw_in(0);
    storage.SetFloat(key, height);
}

void draw_logo(const Frame& frame) {
    const float diameter = frame.theme.size.avatar_large * 0.75F;
    const float left = ImGui::GetCursorPosX() + (ImGui::GetContentRegionAvail().x - diameter) / 2;
    ImGui::SetCursorPosX(std::round(left));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({diameter, diameter});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const auto point = [&](float x, float y) {
        return ImVec2{at.x + x * diameter, at.y + y * diameter};
    };
    draw.AddRectFilled(at, point(1, 1), frame.theme.colour.accent, diameter * 0.28F);
    // Two people side by side under one roof, as in assets/kith.svg.
    for (const float x : {0.36F, 0.64F}) {
        draw.AddCircleFilled(point(x, 0.37F), diameter * 0.11F, frame.theme.colour.text_on_accent);
        draw.PathArcTo(point(x, 0.75F), diameter * 0.18F, 3.1416F, 6.2832F);
        draw.PathFillConvex(frame.theme.colour.text_on_accent);
    }
}

}  // namespace kith::gui
