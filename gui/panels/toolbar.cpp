// SPDX-License-Identifier: MIT
#include <algorithm>

#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr double copied_seconds = 2;

bool listening(const ViewState& view) {
    return !view.network.listening.empty() || view.profile.port != 0;
}

std::string own_line(const model::Profile& profile) {
    return profile.status.empty() ? std::string(strings::reachable) : safe_line(profile.status);
}

// Leads to where name and status are changed.
void draw_self(Frame& frame, float width) {
    const Metrics& size = frame.theme.size;
    const std::string name = safe_name(frame.view.profile.name);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (ImGui::InvisibleButton("toolbar/self", {width, size.avatar_small},
                               ImGuiButtonFlags_EnableNav))
        frame.ask(OpenDialog{Dialog::settings});
    focus_ring(frame, size.radius);
    tooltip(frame, strings::self_tip);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw_avatar(frame, draw, at, size.avatar_small, frame.view.profile.self, name);
    const bool up = listening(frame.view);
    draw_presence(frame, draw, at, size.avatar_small,
                  up ? model::Presence::online : model::Presence::offline, frame.theme.colour.bar);
    if (width < size.avatar_small + 2 * size.xxl) return;
    const float left = at.x + size.avatar_small + size.m;
    draw_line(draw, bold(frame), {left, at.y}, at.x + width, name);
    draw_line(draw, small_dim(frame), {left, at.y + size.text}, at.x + width,
              up ? own_line(frame.view.profile) : std::string(strings::not_reachable));
}

// What does not fit any more: the words of the two buttons, then the space between all of them.
struct Fit {
    bool words = true;
    float gap = 0, width = 0;
};

constexpr float buttons_with_words = 2, buttons_without = 7;

Fit fit_buttons(const Frame& frame, float room) {
    const Metrics& size = frame.theme.size;
    const auto labelled = [&](std::string_view text) {
        return size.m + size.icon + size.s + measure(bold(frame), text).x + size.l;
    };
    const float gaps = buttons_with_words + buttons_without - 1;
    const float words = labelled(strings::copy_id) + labelled(strings::add_contact) +
                        buttons_without * size.icon_button + gaps * size.s;
    const float name = size.avatar_small + size.m + 2 * size.xxl;
    if (words + name <= room) return {true, size.s, words};
    const float icons = (buttons_with_words + buttons_without) * size.icon_button;
    const float gap = std::clamp((room - icons - size.avatar_small) / gaps, 0.0F, size.s);
    return {false, gap, icons + gaps * gap};
}

bool labelled_button(Frame& frame, const char* id, Icon icon, std::string_view text, ImU32 colour,
                     const Fit& fit) {
    if (fit.words) return icon_text_button(frame, id, icon, text, colour);
    return icon_button(frame, id, icon, text);
}

void draw_copy_id(Frame& frame, ToolbarState& state, const Fit& fit) {
    const bool copied = frame.time < state.copied_until;
    const Palette& colour = frame.theme.colour;
    // The shorter word leaves its space on the left: the buttons beside it stand still.
    if (copied && fit.words)
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + measure(bold(frame), strings::copy_id).x -
                             measure(bold(frame), strings::copied_id).x);
    const bool pressed = labelled_button(
        frame, "toolbar/copy-id", copied ? Icon::check : Icon::copy,
        copied ? strings::copied_id : strings::copy_id, copied ? colour.success : colour.text, fit);
    if (copied) frame.redraw_in(state.copied_until - frame.time);
    if (!pressed || frame.view.profile.connection_id.empty()) return;
    frame.ask(CopyText{frame.view.profile.connection_id, {}});
    state.copied_until = frame.time + copied_seconds;
    frame.redraw_in(0);
}

void draw_theme_switch(Frame& frame) {
    const bool dark = frame.theme.dark;
    if (!icon_button(frame, "toolbar/theme", dark ? Icon::sun : Icon::moon,
                     dark ? strings::light_tip : strings::dark_tip))
        return;
    frame.ask(model::Command{model::ChangeSettings{.theme = dark ? "light" : "dark"}});
}

// The badge counts what moves and what waits.
void draw_transfers_button(Frame& frame) {
    if (icon_button(frame, "toolbar/transfers", Icon::transfers, strings::transfers_tip))
        frame.ask(ToggleTransfers{});
    const std::uint32_t busy = frame.view.transfers.busy();
    if (busy == 0) return;
    const ImVec2 max = ImGui::GetItemRectMax();
    draw_badge(frame, *ImGui::GetWindowDrawList(),
               {max.x + frame.theme.size.xs, ImGui::GetItemRectMin().y + frame.theme.size.s}, busy);
}

void draw_people_buttons(Frame& frame, ToolbarState& state, const Fit& fit) {
    draw_copy_id(frame, state, fit);
    ImGui::SameLine(0, fit.gap);
    if (icon_button(frame, "toolbar/show-id", Icon::qr, strings::show_id_tip))
        frame.ask(OpenDialog{Dialog::connection_id});
    ImGui::SameLine(0, fit.gap);
    if (labelled_button(frame, "toolbar/add-contact", Icon::add_person, strings::add_contact,
                        frame.theme.colour.text, fit))
        frame.ask(OpenDialog{Dialog::add_contact});
}

void draw_window_buttons(Frame& frame, const Fit& fit) {
    if (icon_button(frame, "toolbar/new-instance", Icon::new_window, strings::new_instance_tip))
        frame.ask(model::NewInstance{});
    ImGui::SameLine(0, fit.gap);
    draw_transfers_button(frame);
    ImGui::SameLine(0, fit.gap);
    draw_theme_switch(frame);
    ImGui::SameLine(0, fit.gap);
    if (icon_button(frame, "toolbar/diagnosis", Icon::pulse, strings::diagnosis_tip))
        frame.ask(OpenDialog{Dialog::diagnosis});
    ImGui::SameLine(0, fit.gap);
    if (icon_button(frame, "toolbar/settings", Icon::gear, strings::settings_tip))
        frame.ask(OpenDialog{Dialog::settings});
    ImGui::SameLine(0, fit.gap);
    if (icon_button(frame, "toolbar/shortcuts", Icon::keyboard, strings::shortcuts_tip))
        frame.ask(OpenDialog{Dialog::shortcuts});
}

}  // namespace

void draw_toolbar(Frame& frame, ToolbarState& state) {
    const Metrics& size = frame.theme.size;
    const float width = ImGui::GetWindowWidth();
    const float left = width < size.sidebar_min + size.chat_min ? size.m : size.l;
    const float room = width - left - 2 * size.m;
    const Fit fit = fit_buttons(frame, room);
    ImGui::SetCursorPos({left, (size.toolbar - size.avatar_small) / 2});
    draw_self(frame, std::max(size.avatar_small, room - fit.width));
    ImGui::SetCursorPos({width - fit.width - size.m, (size.toolbar - size.control) / 2});
    draw_people_buttons(frame, state, fit);
    ImGui::SameLine(0, fit.gap);
    draw_window_buttons(frame, fit);
}

}  // namespace kith::gui
