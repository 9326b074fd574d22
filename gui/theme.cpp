// SPDX-License-Identifier: MIT
#include "gui/theme.hpp"

#include <array>

namespace kith::gui {
namespace {

constexpr ImU32 rgb(unsigned hex, unsigned alpha = 255) {
    return IM_COL32(hex >> 16 & 255, hex >> 8 & 255, hex & 255, alpha);
}

constexpr Palette dark_palette{
    .chat = rgb(0x14161B),
    .sidebar = rgb(0x1A1D23),
    .bar = rgb(0x1A1D23),
    .surface = rgb(0x262A33),
    .surface_hover = rgb(0x2F3440),
    .surface_active = rgb(0x383E4C),
    .border = rgb(0x282C35),
    .text = rgb(0xE8EAEE),
    .text_dim = rgb(0x929AA8),
    .text_on_accent = rgb(0xFFFFFF),
    .accent = rgb(0x4178D6),
    .accent_hover = rgb(0x4F87E6),
    .accent_active = rgb(0x3669C2),
    .danger = rgb(0xE5636D),
    .warning = rgb(0xE0A544),
    .success = rgb(0x46C08A),
    .offline = rgb(0x6B7482),
    .bubble_in = rgb(0x242932),
    .bubble_out = rgb(0x2C5288),
    .bubble_out_text = rgb(0xF4F7FC),
    .bubble_out_dim = rgb(0xA9C2E8),
    .ticks_read = rgb(0x7FD4FF),
    .selected = rgb(0x2A3B57),
    .badge = rgb(0x4178D6),
    .badge_text = rgb(0xFFFFFF),
    .overlay = rgb(0x07080A, 165),
    .shadow = rgb(0x000000, 70),
    .day_pill = rgb(0x23272F),
    .day_pill_text = rgb(0xA4ACB9),
    .mark = rgb(0xE0A544, 80),
    .highlight = rgb(0x4178D6, 70),
};

constexpr Palette light_palette{
    .chat = rgb(0xE3E9F1),
    .sidebar = rgb(0xFFFFFF),
    .bar = rgb(0xFFFFFF),
    .surface = rgb(0xF0F3F7),
    .surface_hover = rgb(0xE5EAF1),
    .surface_active = rgb(0xD9E0EA),
    .border = rgb(0xDFE4EB),
    .text = rgb(0x1A1E26),
    .text_dim = rgb(0x646D7B),
    .text_on_accent = rgb(0xFFFFFF),
    .accent = rgb(0x2E6BD9),
    .accent_hover = rgb(0x3F7BE8),
    .accent_active = rgb(0x245BC0),
    .danger = rgb(0xC9363F),
    .warning = rgb(0xA66A00),
    .success = rgb(0x1F9D66),
    .offline = rgb(0xA3ACB8),
    .bubble_in = rgb(0xFFFFFF),
    .bubble_out = rgb(0xD6E6FF),
    .bubble_out_text = rgb(0x14233C),
    .bubble_out_dim = rgb(0x55719B),
    .ticks_read = rgb(0x1E78E6),
    .selected = rgb(0xDFEAFD),
    .badge = rgb(0x2E6BD9),
    .badge_text = rgb(0xFFFFFF),
    .overlay = rgb(0x1A1E26, 110),
    .shadow = rgb(0x1A2A44, 28),
    .day_pill = rgb(0xF3F6FA),
    .day_pill_text = rgb(0x55606F),
    .mark = rgb(0xFFC94D, 130),
    .highlight = rgb(0x2E6BD9, 50),
};

Metrics base_metrics() {
    return {.scale = 1,
            .text = 20,
            .small = 17,
            .tiny = 15.5F,
            .title = 23,
            .heading = 32,
            .xs = 4,
            .s = 8,
            .m = 12,
            .l = 16,
            .xl = 24,
            .xxl = 48,
            .radius = 10,
            .radius_small = 5,
            .bubble_radius = 14,
            .line = 1,
            .control = 40,
            .icon = 20,
            .icon_button = 40,
            .toolbar = 60,
            .chat_header = 60,
            .avatar = 46,
            .avatar_small = 38,
            .avatar_large = 96,
            .row = 68,
            .badge = 20,
            .presence_dot = 12,
            .sidebar_min = 220,
            .sidebar = 310,
            .sidebar_max = 520,
            .details_min = 240,
            .details = 290,
            .details_max = 480,
            .chat_min = 320,
            .bubble_max = 560,
            .composer_lines = 6,
            .card = 440,
            .card_wide = 620,
            .splitter = 6,
            .chip = 26,
            .quote_stripe = 3,
            .menu = 250,
            .emoji = 24,
            .hit_row = 82,
            .settings_nav = 170,
            .settings_height = 400,
            .file_card = 372,
            .file_icon = 44,
            .progress = 6,
            .picture = 280,
            .drawer = 250,
            .transfer_row = 64,
            .entry_row = 34};
}

void scale_all(Metrics& metrics, float scale) {
    for (float* value : {&metrics.text,
                         &metrics.small,
                         &metrics.tiny,
                         &metrics.title,
                         &metrics.heading,
                         &metrics.xs,
                         &metrics.s,
                         &metrics.m,
                         &metrics.l,
                         &metrics.xl,
                         &metrics.xxl,
                         &metrics.radius,
                         &metrics.radius_small,
                         &metrics.bubble_radius,
                         &metrics.control,
                         &metrics.icon,
                         &metrics.icon_button,
                         &metrics.toolbar,
                         &metrics.chat_header,
                         &metrics.avatar,
                         &metrics.avatar_small,
                         &metrics.avatar_large,
                         &metrics.row,
                         &metrics.badge,
                         &metrics.presence_dot,
                         &metrics.sidebar_min,
                         &metrics.sidebar,
                         &metrics.sidebar_max,
                         &metrics.details_min,
                         &metrics.details,
                         &metrics.details_max,
                         &metrics.chat_min,
                         &metrics.bubble_max,
                         &metrics.card,
                         &metrics.card_wide,
                         &metrics.splitter,
                         &metrics.chip,
                         &metrics.quote_stripe,
                         &metrics.menu,
                         &metrics.emoji,
                         &metrics.hit_row,
                         &metrics.settings_nav,
                         &metrics.settings_height,
                         &metrics.file_card,
                         &metrics.file_icon,
                         &metrics.progress,
                         &metrics.picture,
                         &metrics.drawer,
                         &metrics.transfer_row,
                         &metrics.entry_row}) {
        *value = static_cast<float>(static_cast<int>(*value * scale + 0.5F));
    }
    metrics.scale = scale;
    metrics.line = scale < 1.5F ? 1.0F : static_cast<float>(static_cast<int>(scale + 0.5F));
}

void apply_sizes(ImGuiStyle& style, const Metrics& size) {
    style.WindowPadding = {0, 0};
    style.FramePadding = {size.m, (size.control - size.text) / 2};
    style.ItemSpacing = {size.s, size.s};
    style.ItemInnerSpacing = {size.s, size.s};
    style.WindowBorderSize = style.ChildBorderSize = style.FrameBorderSize = 0;
    style.PopupBorderSize = size.line;
    style.WindowRounding = 0;
    style.ChildRounding = 0;
    style.FrameRounding = style.PopupRounding = size.radius;
    style.ScrollbarSize = size.s + size.xs;
    style.ScrollbarRounding = size.s;
    style.GrabRounding = size.s;
    style.WindowMinSize = {1, 1};
    style.DisabledAlpha = 0.5F;
}

void apply_colours(ImGuiStyle& style, const Palette& colour) {
    const auto set = [&](ImGuiCol which, ImU32 value) { style.Colors[which] = to_vec4(value); };
    set(ImGuiCol_Text, colour.text);
    set(ImGuiCol_TextDisabled, colour.text_dim);
    set(ImGuiCol_InputTextCursor, colour.accent);
    set(ImGuiCol_WindowBg, colour.chat);
    set(ImGuiCol_ChildBg, 0);
    set(ImGuiCol_PopupBg, colour.sidebar);
    set(ImGuiCol_Border, colour.border);
    set(ImGuiCol_FrameBg, colour.surface);
    set(ImGuiCol_FrameBgHovered, colour.surface);
    set(ImGuiCol_FrameBgActive, colour.surface);
    set(ImGuiCol_ScrollbarBg, 0);
    set(ImGuiCol_ScrollbarGrab, colour.surface_active);
    set(ImGuiCol_ScrollbarGrabHovered, colour.text_dim);
    set(ImGuiCol_ScrollbarGrabActive, colour.text_dim);
    set(ImGuiCol_Header, colour.surface_hover);
    set(ImGuiCol_HeaderHovered, colour.surface_hover);
    set(ImGuiCol_HeaderActive, colour.surface_active);
    set(ImGuiCol_Button, colour.surface);
    set(ImGuiCol_ButtonHovered, colour.surface_hover);
    set(ImGuiCol_ButtonActive, colour.surface_active);
    set(ImGuiCol_CheckMark, colour.accent);
    set(ImGuiCol_NavCursor, 0);  // controls draw a ring of their own, see focus_ring()
    set(ImGuiCol_TextSelectedBg, with_alpha(colour.accent, 0.35F));
    set(ImGuiCol_ModalWindowDimBg, colour.overlay);
}

}  // namespace

bool is_dark(std::string_view name) { return name != "light"; }

Theme make_theme(bool dark, float scale) {
    Metrics size = base_metrics();
    scale_all(size, scale);
    return {dark ? dark_palette : light_palette, size, dark};
}

void apply_style(const Theme& theme) {
    ImGuiStyle style;
    apply_sizes(style, theme.size);
    apply_colours(style, theme.colour);
    style.FontSizeBase = theme.size.text;
    ImGui::GetStyle() = style;
}

ImU32 avatar_colour(const model::PeerId& peer) {
    constexpr std::array colours{rgb(0x5B8DD9), rgb(0x4BA29B), rgb(0x6FA35A), rgb(0xC58B3C),
                                 rgb(0xCF6F5C), rgb(0xC4688F), rgb(0x9A74C9), rgb(0x6E7FCB),
                                 rgb(0x4E9AC0), rgb(0x8A8F4A)};
    return colours[(peer.bytes[0] * 256U + peer.bytes[1]) % colours.size()];
}

ImU32 with_alpha(ImU32 colour, float alpha) {
    const auto old = static_cast<float>(colour >> IM_COL32_A_SHIFT & 255);
    return (colour & ~IM_COL32_A_MASK) | static_cast<ImU32>(old * alpha) << IM_COL32_A_SHIFT;
}

ImVec4 to_vec4(ImU32 colour) { return ImGui::ColorConvertU32ToFloat4(colour); }

}  // namespace kith::gui
