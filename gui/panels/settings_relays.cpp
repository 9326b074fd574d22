// SPDX-License-Identifier: MIT
//
// The page of the settings about relays of one's own: which there are, how they do, one more.
#include <algorithm>
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

// A dot, where it is, below it the state and one's name there, and at the end buttons to choose a
// name and to remove it.
void draw_relay(Frame& frame, SettingsState& state, const model::Relay& relay, std::size_t number) {
    const Metrics& size = frame.theme.size;
    const std::string label = "relays/" + std::to_string(number);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = size.text + size.small + size.s;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float choose = choose_name_width(frame, state, relay);
    const float left = at.x + size.l, right = at.x + width - size.icon_button - size.s - choose;
    draw.AddCircleFilled({at.x + size.xs, at.y + size.text / 2 + size.line}, size.xs,
                         colour_of(frame, relay.state));
    draw_line(draw, bold(frame), {left, at.y}, right, safe_line(relay.name));
    std::string below(relay_state_text(relay.state));
    if (relay.this_run) below.append(" · ").append(strings::relay_this_run);
    if (!relay.keeps_mail) below.append(" · ").append(strings::relay_no_mail);
    draw_line(draw, small_dim(frame), {left, at.y + size.text + size.xs}, right, below);
    record_area(label.c_str(), at, {right, at.y + height});
    if (choose > 0) {
        ImGui::SetCursorScreenPos({right + size.s, at.y + (height - size.control) / 2});
        draw_choose_name(frame, state, relay, label);
    }
    ImGui::SetCursorScreenPos(
        {at.x + width - size.icon_button, at.y + (height - size.icon_button) / 2});
    if (icon_button(frame, (label + "/remove").c_str(), Icon::trash, strings::remove_relay_tip))
        ask_to_remove(frame, relay);
    ImGui::SetCursorScreenPos({left, at.y + height});
    ImGui::Indent(left - at.x);
    if (!relay.error.empty())
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger), safe_text(relay.error));
    draw_relay_name(frame, state, relay, label);
    ImGui::Unindent(left - at.x);
}

void draw_list(Frame& frame, SettingsState& state) {
    const auto& relays = frame.view.relays;
    line(bold(frame), strings::relays_title);
    if (relays.empty()) paragraph(small_dim(frame), strings::no_relays);
    for (std::size_t i = 0; i < relays.size(); ++i) {
        vertical_gap(frame.theme.size.xs);
        draw_relay(frame, state, relays[i], i);
    }
}

/// What can be said of an address without asking the node.
std::string_view problem_of(const Frame& frame, const std::string& address) {
    if (form_of(address) == AddressForm::connection_id) return strings::relay_not_id;
    const auto& relays = frame.view.relays;
    const bool known = std::any_of(relays.begin(), relays.end(), [&](const model::Relay& relay) {
        return relay.address == address && !relay.this_run;
    });
    return known ? strings::relay_known : std::string_view();
}

/// What was typed stays until it is known to be good. True when the answer has just come.
bool take_answer(const Progress& progress, SettingsState& state) {
    if (!state.adding_relay || progress.waiting) return false;
    if (progress.done) state.relay.clear();
    state.adding_relay = false;
    return true;
}

/// True when Enter was pressed.
bool draw_address(Frame& frame, SettingsState& state) {
    const std::string before = state.relay;
    const bool entered =
        text_field(frame, "relays/address", strings::relay_hint, state.relay).entered;
    if (state.relay != before) state.relay_edited = true;
    return entered;
}

void draw_adding(Frame& frame, SettingsState& state) {
    const Progress& progress = frame.view.task(Task::relays);
    const bool answered = take_answer(progress, state);
    const auto kept = std::count_if(frame.view.relays.begin(), frame.view.relays.end(),
                                    [](const auto& relay) { return !relay.this_run; });
    if (static_cast<std::size_t>(kept) >= model::relays_max) {
        paragraph(small_dim(frame), strings::relays_full);
        return;
    }
    line(bold(frame), strings::add_relay_title);
    const bool entered = draw_address(frame, state);
    const std::string address = without_blanks(state.relay);
    // While it is being added it may be in the list already.
    const std::string_view problem = progress.waiting ? "" : problem_of(frame, address);
    paragraph(
        problem.empty() ? small_dim(frame) : coloured(small_dim(frame), frame.theme.colour.danger),
        problem.empty() ? strings::add_relay_text : problem);
    const bool ready = !address.empty() && problem.empty() && !progress.waiting;
    const bool pressed =
        button(frame, "relays/add", strings::add_relay, ButtonKind::primary, 0, ready);
    if (!state.relay_edited || progress.waiting)
        draw_progress(frame, progress, strings::saving, strings::saved);
    if (answered || entered) ImGui::SetScrollHereY(1.0F);  // long lists hide what is said below
    if (!(pressed || entered) || !ready) return;
    state.adding_relay = true;
    state.relay_edited = false;
    frame.ask(model::Command{model::AddRelay{address}});
}

}  // namespace

void draw_relay_settings(Frame& frame, SettingsState& state) {
    const Metrics& size = frame.theme.size;
    paragraph(small_dim(frame), strings::relays_text);
    vertical_gap(size.l);
    draw_list(frame, state);
    vertical_gap(size.xl);
    draw_adding(frame, state);
}

}  // namespace kith::gui
