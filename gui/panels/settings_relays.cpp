// SPDX-License-Identifier: MIT
//
// The page of the settings about relays of one's own: which there are, how they do, one more.
#include <utility>

#include "gui/address_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/recorder.hpp"
#include "gui/report_text.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

ImU32 colour_of(const Frame& frame, model::RelayState state) {
    const Palette& colour = frame.theme.colour;
    if (state == model::RelayState::online) return colour.success;
    return state == model::RelayState::offline ? colour.danger : colour.text_dim;
}

void ask_to_remove(Frame& frame, const model::Relay& relay) {
    frame.ask(Confirm{{.title = std::string(strings::remove_title) + safe_line(relay.name) + "?",
                       .text = std::string(strings::remove_relay_text),
                       .button = std::string(strings::remove_button),
                       .command = model::RemoveRelay{relay.address},
                       .back = Dialog::settings}});
}

// A dot, the name, below it the state, and at the end a button to remove it.
void draw_relay(Frame& frame, const model::Relay& relay, std::size_t number) {
    const Metrics& size = frame.theme.size;
    const std::string label = "relays/" + std::to_string(number);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = size.text + size.small + size.s;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float left = at.x + size.l, right = at.x + width - size.icon_button - size.s;
    draw.AddCircleFilled({at.x + size.s, at.y + size.text / 2}, size.xs,
                         colour_of(frame, relay.state));
    draw_line(draw, bold(frame), {left, at.y}, right, safe_line(relay.name));
    std::string below(relay_state_text(relay.state));
    if (relay.this_run) below.append(" · ").append(strings::relay_this_run);
    draw_line(draw, small_dim(frame), {left, at.y + size.text + size.xs}, right, below);
    record_area(label.c_str(), at, {right, at.y + height});
    ImGui::SetCursorScreenPos(
        {at.x + width - size.icon_button, at.y + (height - size.icon_button) / 2});
    if (icon_button(frame, (label + "/remove").c_str(), Icon::trash, strings::remove_relay_tip))
        ask_to_remove(frame, relay);
    ImGui::SetCursorScreenPos({left, at.y + height});
    if (relay.error.empty()) return;
    ImGui::Indent(left - at.x);
    paragraph(coloured(small_dim(frame), frame.theme.colour.danger), safe_text(relay.error));
    ImGui::Unindent(left - at.x);
}

void draw_list(Frame& frame) {
    const auto& relays = frame.view.relays;
    line(bold(frame), strings::relays_title);
    if (relays.empty()) paragraph(small_dim(frame), strings::no_relays);
    for (std::size_t i = 0; i < relays.size(); ++i) {
        vertical_gap(frame.theme.size.xs);
        draw_relay(frame, relays[i], i);
    }
}

/// What was typed stays until it is known to be good.
void draw_adding(Frame& frame, SettingsState& state) {
    const Progress& progress = frame.view.task(Task::relays);
    if (state.adding_relay && !progress.waiting) {
        if (progress.done) state.relay.clear();
        state.adding_relay = false;
    }
    line(bold(frame), strings::add_relay_title);
    const bool entered =
        text_field(frame, "relays/address", strings::relay_hint, state.relay).entered;
    paragraph(small_dim(frame), strings::add_relay_text);
    const std::string address = without_blanks(state.relay);
    const bool full = frame.view.relays.size() >= model::relays_max;
    if (full) paragraph(small_dim(frame), strings::relays_full);
    const bool ready = !address.empty() && !progress.waiting && !full;
    const bool pressed =
        button(frame, "relays/add", strings::add_relay, ButtonKind::primary, 0, ready);
    draw_progress(frame, progress, strings::saving, strings::saved);
    if (!(pressed || entered) || !ready) return;
    state.adding_relay = true;
    frame.ask(model::Command{model::AddRelay{address}});
}

}  // namespace

void draw_relay_settings(Frame& frame, SettingsState& state) {
    const Metrics& size = frame.theme.size;
    paragraph(small_dim(frame), strings::relays_text);
    vertical_gap(size.l);
    draw_list(frame);
    vertical_gap(size.xl);
    draw_adding(frame, state);
}

}  // namespace kith::gui
