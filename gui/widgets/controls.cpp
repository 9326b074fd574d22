// SPDX-License-Identifier: MIT
#include "gui/widgets/controls.hpp"

#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <cmath>
#include <numbers>

#include "gui/strings.hpp"
#include "gui/utf8.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

struct ButtonColours {
    ImU32 fill, hover, active, text;
};

ButtonColours colours_of(const Palette& colour, ButtonKind kind) {
    switch (kind) {
        case ButtonKind::primary:
            return {colour.accent, colour.accent_hover, colour.accent_active,
                    colour.text_on_accent};
        case ButtonKind::danger:
            return {with_alpha(colour.danger, 0.14F), with_alpha(colour.danger, 0.24F),
                    with_alpha(colour.danger, 0.32F), colour.danger};
        case ButtonKind::link:
            return {0, colour.surface, colour.surface_hover, colour.accent};
        case ButtonKind::plain:
            break;
    }
    return {colour.surface, colour.surface_hover, colour.surface_active, colour.text};
}

ImU32 fill_of(const ButtonColours& colours) {
    if (ImGui::IsItemActive()) return colours.active;
    return ImGui::IsItemHovered() ? colours.hover : colours.fill;
}

bool area(const char* id, ImVec2 size) {
    return ImGui::InvisibleButton(id, size, ImGuiButtonFlags_EnableNav);
}

float alpha() { return ImGui::GetStyle().Alpha; }

std::string initials(std::string_view name) {
    std::string out;
    bool word_start = true;
    int letters = 0;
    for (std::size_t at = 0; at < name.size() && letters < 2;) {
        const char32_t c = decode_utf8(name, at);
        if (word_start && c != ' ' && c != '-') {
            append_utf8(out, c >= 'a' && c <= 'z' ? c - 32 : c);
            ++letters;
        }
        word_start = c == ' ' || c == '-';
    }
    return out;
}

}  // namespace

float button_width(const Frame& frame, std::string_view text) {
    return measure(bold(frame), text).x + 2 * frame.theme.size.l;
}

bool button(Frame& frame, const char* id, std::string_view text, ButtonKind kind, float width,
            bool enabled) {
    const Metrics& size = frame.theme.size;
    if (width < 0) width = ImGui::GetContentRegionAvail().x;
    if (width == 0) width = button_width(frame, text);
    ImGui::BeginDisabled(!enabled);
    const bool pressed = area(id, {std::max(1.0F, width), size.control});
    const ButtonColours colours = colours_of(frame.theme.colour, kind);
    const ImVec2 min = ImGui::GetItemRectMin();
    const ImVec2 max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(min, max, with_alpha(fill_of(colours), alpha()), size.radius);
    draw_centred(draw, coloured(bold(frame), colours.text), min, max, text);
    ImGui::EndDisabled();
    focus_ring(frame, size.radius);
    return pressed && enabled;
}

bool icon_button(Frame& frame, const char* id, Icon icon, std::string_view tip) {
    const Metrics& size = frame.theme.size;
    const bool pressed = area(id, {size.icon_button, size.icon_button});
    const ImVec2 min = ImGui::GetItemRectMin();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered())
        draw.AddRectFilled(min, ImGui::GetItemRectMax(), frame.theme.colour.surface, size.radius);
    const float inset = (size.icon_button - size.icon) / 2;
    const ImU32 colour =
        ImGui::IsItemHovered() ? frame.theme.colour.text : frame.theme.colour.text_dim;
    draw_icon(draw, icon, {min.x + inset, min.y + inset}, size.icon, colour);
    focus_ring(frame, size.radius);
    tooltip(frame, tip);
    return pressed;
}

bool icon_text_button(Frame& frame, const char* id, Icon icon, std::string_view text,
                      ImU32 colour) {
    const Metrics& size = frame.theme.size;
    const float width = size.m + size.icon + size.s + measure(bold(frame), text).x + size.l;
    const bool pressed = area(id, {width, size.control});
    const ImVec2 min = ImGui::GetItemRectMin();
    const ImVec2 max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(min, max, fill_of(colours_of(frame.theme.colour, ButtonKind::plain)),
                       size.radius);
    draw_icon(draw, icon, {min.x + size.m, min.y + (size.control - size.icon) / 2}, size.icon,
              colour);
    draw_line(draw, coloured(bold(frame), colour),
              {min.x + size.m + size.icon + size.s, min.y + (size.control - size.text) / 2}, max.x,
              text);
    focus_ring(frame, size.radius);
    return pressed;
}

bool row_button(Frame& frame, const char* id, Icon icon, std::string_view text, ImU32 colour,
                std::optional<ImU32> icon_colour) {
    const Metrics& size = frame.theme.size;
    const bool pressed = area(id, {std::max(1.0F, ImGui::GetContentRegionAvail().x), size.control});
    const ImVec2 min = ImGui::GetItemRectMin();
    const ImVec2 max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered())
        draw.AddRectFilled(min, max, frame.theme.colour.surface, size.radius);
    draw_icon(draw, icon, {min.x + size.s, min.y + (size.control - size.icon) / 2}, size.icon,
              icon_colour.value_or(colour));
    draw_line(draw, coloured(body(frame), colour),
              {min.x + size.s + size.icon + size.m, min.y + (size.control - size.text) / 2}, max.x,
              text);
    focus_ring(frame, size.radius);
    return pressed;
}

bool toggle(Frame& frame, const char* id, std::string_view title, std::string_view text, bool on) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = std::max(1.0F, ImGui::GetContentRegionAvail().x);
    const ImVec2 knob{2 * size.icon, size.icon + size.xs};
    const float left = width - knob.x - size.m;
    const float below = measure(small_dim(frame), text, left).y;
    const bool pressed = area(id, {width, size.text + below + size.s});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw_line(draw, bold(frame), at, at.x + left, title);
    draw.AddText(frame.fonts.regular, size.small, {at.x, at.y + size.text}, colour.text_dim,
                 text.data(), text.data() + text.size(), left);
    const ImVec2 min{at.x + width - knob.x, at.y + size.xs};
    const float radius = knob.y / 2;
    draw.AddRectFilled(min, {min.x + knob.x, min.y + knob.y},
                       on ? colour.accent : colour.surface_active, radius);
    draw.AddCircleFilled({on ? min.x + knob.x - radius : min.x + radius, min.y + radius},
                         radius - 2 * size.line, colour.text_on_accent);
    focus_ring(frame, size.radius_small);
    return pressed;
}

std::optional<std::size_t> segments(Frame& frame, const char* id,
                                    std::span<const std::string_view> choices,
                                    std::size_t current) {
    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const std::string name = std::string(id) + "/" + std::to_string(i);
        if (i > 0) ImGui::SameLine();
        const auto kind = i == current ? ButtonKind::primary : ButtonKind::plain;
        if (button(frame, name.c_str(), choices[i], kind) && i != current) chosen = i;
    }
    return chosen;
}

FieldResult text_field(Frame& frame, const char* id, const char* hint, std::string& value,
                       Field kind) {
    ImGuiInputTextFlags flags = ImGuiInputTextFlags_EnterReturnsTrue;
    if (kind == Field::password) flags |= ImGuiInputTextFlags_Password;
    const std::string before = value;
    ImGui::SetNextItemWidth(-FLT_MIN);
    FieldResult result;
    // The label names the item and is not drawn.
    ImGui::PushID(id);
    result.entered =
        ImGui::InputTextWithHint((std::string("##") + id).c_str(), hint, &value, flags);
    ImGui::PopID();
    const bool active = ImGui::IsItemActive();
    result.active = active;
    // With EnterReturnsTrue an edit is only announced by Enter, so compare.
    result.changed = value != before;
    const ImU32 edge = active ? frame.theme.colour.accent : frame.theme.colour.border;
    ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), edge,
                                        frame.theme.size.radius, 0,
                                        frame.theme.size.line * (active ? 2.0F : 1.0F));
    return result;
}

void draw_avatar(const Frame& frame, ImDrawList& draw, ImVec2 corner, float diameter,
                 const model::PeerId& peer, std::string_view name) {
    const float radius = diameter / 2;
    draw.AddCircleFilled({corner.x + radius, corner.y + radius}, radius, avatar_colour(peer));
    const TextStyle style{frame.fonts.bold, std::round(diameter * 0.46F),
                          frame.theme.colour.text_on_accent};
    draw_centred(draw, style, corner, {corner.x + diameter, corner.y + diameter}, initials(name));
}

void draw_presence(const Frame& frame, ImDrawList& draw, ImVec2 corner, float diameter,
                   model::Presence presence, ImU32 background) {
    const Palette& colour = frame.theme.colour;
    ImU32 fill = 0;
    if (presence == model::Presence::online) fill = colour.success;
    if (presence == model::Presence::idle || presence == model::Presence::connecting)
        fill = colour.warning;
    if (presence == model::Presence::offline) fill = colour.offline;
    if (fill == 0) return;
    const float radius = frame.theme.size.presence_dot / 2;
    const ImVec2 centre{corner.x + diameter - radius, corner.y + diameter - radius};
    draw.AddCircleFilled(centre, radius + 2 * frame.theme.size.line, background);
    draw.AddCircleFilled(centre, radius, fill);
}

void draw_badge(const Frame& frame, ImDrawList& draw, ImVec2 right_middle, std::uint32_t count) {
    const Metrics& size = frame.theme.size;
    const std::string text = count > 999 ? "999+" : std::to_string(count);
    const TextStyle style{frame.fonts.bold, size.tiny, frame.theme.colour.badge_text};
    const float width = std::max(size.badge, measure(style, text).x + size.m);
    const ImVec2 min{right_middle.x - width, right_middle.y - size.badge / 2};
    const ImVec2 max{right_middle.x, right_middle.y + size.badge / 2};
    draw.AddRectFilled(min, max, frame.theme.colour.badge, size.badge / 2);
    draw_centred(draw, style, min, max, text);
}

void draw_spinner(Frame& frame, ImVec2 centre, float radius) {
    constexpr float turn = 2 * std::numbers::pi_v<float>;
    const auto start = static_cast<float>(std::fmod(frame.time * 0.9, 1.0)) * turn;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float width = frame.theme.size.xs;
    draw.AddCircle(centre, radius, frame.theme.colour.surface, 0, width);
    draw.PathArcTo(centre, radius, start, start + turn * 0.3F);
    draw.PathStroke(frame.theme.colour.accent, 0, width);
    frame.redraw_in(1.0 / 30);
}

void tooltip(Frame& frame, std::string_view text) {
    if (text.empty() || !ImGui::IsItemHovered()) return;
    if (!ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) {
        // Not resting long enough yet: look again soon, but only until it would have appeared.
        const ImGuiContext& g = *ImGui::GetCurrentContext();
        if (g.HoverItemDelayTimer < 1.0F) frame.redraw_in(0.1);
        return;
    }
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {frame.theme.size.m, frame.theme.size.s});
    if (ImGui::BeginTooltip()) {
        ImGui::TextUnformatted(text.data(), text.data() + text.size());
        ImGui::EndTooltip();
    }
    ImGui::PopStyleVar();
}

void focus_ring(const Frame& frame, float rounding) {
    const ImGuiContext& g = *ImGui::GetCurrentContext();
    if (!ImGui::IsItemFocused() || !g.NavCursorVisible) return;
    ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(),
                                        frame.theme.colour.accent, rounding, 0,
                                        2 * frame.theme.size.line);
}

}  // namespace kith::gui
