// SPDX-License-Identifier: MIT
#include "gui/widgets/menu.hpp"

#include <algorithm>
#include <string>

#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

void push_style(const Metrics& size) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {size.s, size.s});
    ImGui::PushStyleVar(ImGuiStyleVar_PopupRounding, size.radius);
}

// The button of a dropdown: like a field, with an arrow at its end.
bool dropdown_button(Frame& frame, const char* id, std::string_view text) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    const float width = std::max(1.0F, ImGui::GetContentRegionAvail().x);
    const bool pressed =
        ImGui::InvisibleButton(id, {width, size.control}, ImGuiButtonFlags_EnableNav);
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(min, max, ImGui::IsItemHovered() ? colour.surface_hover : colour.surface,
                       size.radius);
    draw.AddRect(min, max, colour.border, size.radius, 0, size.line);
    const float arrow = max.x - size.m - size.icon;
    draw_line(draw, body(frame), {min.x + size.m, min.y + (size.control - size.text) / 2},
              arrow - size.s, text);
    draw_icon(draw, Icon::arrow_down, {arrow, min.y + (size.control - size.icon) / 2}, size.icon,
              colour.text_dim);
    focus_ring(frame, size.radius);
    return pressed;
}

// A menu that grows, or that opens low, would end below the window: Dear ImGui leaves it there.
void keep_in_sight(float margin) {
    const ImVec2 at = ImGui::GetWindowPos(), extent = ImGui::GetWindowSize();
    const ImVec2 screen = ImGui::GetMainViewport()->Size;
    const ImVec2 best{std::max(margin, std::min(at.x, screen.x - margin - extent.x)),
                      std::max(margin, std::min(at.y, screen.y - margin - extent.y))};
    if (best.x != at.x || best.y != at.y) ImGui::SetWindowPos(best);
}

}  // namespace

bool begin_menu(Frame& frame, const char* id) {
    push_style(frame.theme.size);
    const bool shown = ImGui::BeginPopup(id, ImGuiWindowFlags_NoMove);
    ImGui::PopStyleVar(2);
    if (shown)
        keep_in_sight(frame.theme.size.xs);
    else
        ImGui::PopStyleVar();
    return shown;
}

void end_menu() {
    ImGui::EndPopup();
    ImGui::PopStyleVar();
}

bool menu_row(Frame& frame, const char* id, Icon icon, std::string_view text, ImU32 colour,
              std::optional<ImU32> icon_colour) {
    if (!row_button(frame, id, icon, text, colour, icon_colour)) return false;
    ImGui::CloseCurrentPopup();
    return true;
}

std::optional<std::size_t> dropdown(Frame& frame, const char* id,
                                    std::span<const std::string> choices, std::size_t current) {
    const std::string menu = std::string(id) + "/menu";
    if (dropdown_button(frame, id, current < choices.size() ? choices[current] : std::string()))
        ImGui::OpenPopup(menu.c_str());
    const ImVec2 below{ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y};
    const float width = ImGui::GetItemRectSize().x;
    std::optional<std::size_t> chosen;
    if (ImGui::IsPopupOpen(menu.c_str())) ImGui::SetNextWindowPos(below, ImGuiCond_Appearing);
    if (!begin_menu(frame, menu.c_str())) return chosen;
    ImGui::Dummy({width - 2 * frame.theme.size.s, 0});
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const std::string row = std::string(id) + "/" + std::to_string(i);
        const ImU32 tick = i == current ? frame.theme.colour.accent : 0;
        if (menu_row(frame, row.c_str(), Icon::check, choices[i], frame.theme.colour.text, tick))
            chosen = i;
    }
    end_menu();
    return chosen;
}

}  // namespace kith::gui
