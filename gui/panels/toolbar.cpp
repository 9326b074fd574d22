// SPDX-License-Identifier: MIT
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
    const float left = at.x + size.avatar_small + size.m;
    draw_line(draw, bold(frame), {left, at.y}, at.x + width, name);
    draw_line(draw, small_dim(frame), {left, at.y + size.text}, at.x + width,
              up ? own_line(frame.view.profile) : std::string(strings::not_reachable));
}

void draw_copy_id(Frame& frame, ToolbarState& state) {
    const bool copied = frame.time < state.copied_until;
    const Palette& colour = frame.theme.colour;
    const bool pressed = icon_text_button(
        frame, "toolbar/copy-id", copied ? Icon::check : Icon::copy,
        copied ? strings::copied_id : strings::copy_id, copied ? colour.success : colour.text);
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

float right_side_width(const Frame& frame, const ToolbarState& state) {
    const Metrics& size = frame.theme.size;
    const auto labelled = [&](std::string_view text) {
        return size.m + size.icon + size.s + measure(bold(frame), text).x + size.l;
    };
    const auto first = frame.time < state.copied_until ? strings::copied_id : strings::copy_id;
    return labelled(first) + labelled(strings::add_contact) + 7 * size.icon_button + 8 * size.s;
}

}  // namespace

void draw_toolbar(Frame& frame, ToolbarState& state) {
    const Metrics& size = frame.theme.size;
    const float right = right_side_width(frame, state);
    const float room = ImGui::GetContentRegionAvail().x - right - 2 * size.l;
    ImGui::SetCursorPos({size.l, (size.toolbar - size.avatar_small) / 2});
    draw_self(frame, std::max(size.avatar_small, room));
    ImGui::SetCursorPos(
        {ImGui::GetWindowWidth() - right - size.m, (size.toolbar - size.control) / 2});
    draw_copy_id(frame, state);
    ImGui::SameLine();
    if (icon_button(frame, "toolbar/show-id", Icon::qr, strings::show_id_tip))
        frame.ask(OpenDialog{Dialog::connection_id});
    ImGui::SameLine();
    if (icon_text_button(frame, "toolbar/add-contact", Icon::add_person, strings::add_contact,
                         frame.theme.colour.text))
        frame.ask(OpenDialog{Dialog::add_contact});
    ImGui::SameLine();
    if (icon_button(frame, "toolbar/new-instance", Icon::new_window, strings::new_instance_tip))
        frame.ask(model::NewInstance{});
    ImGui::SameLine();
    draw_transfers_button(frame);
    ImGui::SameLine();
    draw_theme_switch(frame);
    ImGui::SameLine();
    if (icon_button(frame, "toolbar/diagnosis", Icon::pulse, strings::diagnosis_tip))
        frame.ask(OpenDialog{Dialog::diagnosis});
    ImGui::SameLine();
    if (icon_button(frame, "toolbar/settings", Icon::gear, strings::settings_tip))
        frame.ask(OpenDialog{Dialog::settings});
    ImGui::SameLine();
    if (icon_button(frame, "toolbar/shortcuts", Icon::keyboard, strings::shortcuts_tip))
        frame.ask(OpenDialog{Dialog::shortcuts});
}

}  // namespace kith::gui
