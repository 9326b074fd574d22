// SPDX-License-Identifier: MIT
#include "gui/widgets/text.hpp"

#include <imgui_internal.h>

#include <cfloat>
#include <cmath>

namespace kith::gui {

TextStyle body(const Frame& frame) {
    return {frame.fonts.regular, frame.theme.size.text, frame.theme.colour.text};
}
TextStyle dim(const Frame& frame) {
    return {frame.fonts.regular, frame.theme.size.text, frame.theme.colour.text_dim};
}
TextStyle small_dim(const Frame& frame) {
    return {frame.fonts.regular, frame.theme.size.small, frame.theme.colour.text_dim};
}
TextStyle bold(const Frame& frame) {
    return {frame.fonts.bold, frame.theme.size.text, frame.theme.colour.text};
}
TextStyle title(const Frame& frame) {
    return {frame.fonts.bold, frame.theme.size.title, frame.theme.colour.text};
}
TextStyle heading(const Frame& frame) {
    return {frame.fonts.bold, frame.theme.size.heading, frame.theme.colour.text};
}
TextStyle coloured(TextStyle style, ImU32 colour) {
    style.colour = colour;
    return style;
}

ImVec2 measure(const TextStyle& style, std::string_view text, float wrap_width) {
    const ImVec2 size = style.font->CalcTextSizeA(style.size, FLT_MAX, wrap_width, text.data(),
                                                  text.data() + text.size());
    return {std::ceil(size.x), size.y};
}

void draw_line(ImDrawList& draw, const TextStyle& style, ImVec2 at, float max_x,
               std::string_view text) {
    if (max_x <= at.x) return;
    ImGui::PushFont(style.font, style.size);
    ImGui::PushStyleColor(ImGuiCol_Text, style.colour);
    ImGui::RenderTextEllipsis(&draw, at, {max_x, at.y + style.size * 2}, max_x, text.data(),
                              text.data() + text.size(), nullptr);
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void draw_centred(ImDrawList& draw, const TextStyle& style, ImVec2 min, ImVec2 max,
                  std::string_view text) {
    const ImVec2 size = measure(style, text);
    const float x = std::max(min.x, std::round((min.x + max.x - size.x) / 2));
    draw_line(draw, style, {x, std::round((min.y + max.y - size.y) / 2)}, max.x + 1, text);
}

void paragraph(const TextStyle& style, std::string_view text) {
    const float width = std::max(1.0F, ImGui::GetContentRegionAvail().x);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({width, measure(style, text, width).y});
    ImGui::GetWindowDrawList()->AddText(style.font, style.size, at, style.colour, text.data(),
                                        text.data() + text.size(), width);
}

void line(const TextStyle& style, std::string_view text) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = std::max(1.0F, ImGui::GetContentRegionAvail().x);
    ImGui::Dummy({std::min(width, measure(style, text).x), style.size});
    draw_line(*ImGui::GetWindowDrawList(), style, at, at.x + width, text);
}

void centred_paragraph(const TextStyle& style, std::string_view text) {
    const float width = std::max(1.0F, ImGui::GetContentRegionAvail().x - 2);
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        const char* stop = style.font->CalcWordWrapPosition(style.size, at, end, width);
        if (stop == at) ++stop;
        const char* last = stop;  // blanks at the end of a row would shift its middle
        while (last > at && last[-1] == ' ') --last;
        const std::string_view row(at, static_cast<std::size_t>(last - at));
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() +
                             std::max(0.0F, std::round((width - measure(style, row).x) / 2)));
        line(style, row);
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() - ImGui::GetStyle().ItemSpacing.y);
        for (at = stop; at < end && (*at == ' ' || *at == '\n');) ++at;
    }
    ImGui::Dummy({0, 0});
}

void vertical_gap(float height) {
    ImGui::Dummy({1, std::max(0.0F, height - ImGui::GetStyle().ItemSpacing.y)});
}

}  // namespace kith::gui
