// SPDX-License-Identifier: MIT
//
// The name one has at a relay of one's own, in its row of the settings: shown, chosen, changed,
// given back. What the relay says of it stands beside it.
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

std::string full_name(const model::Relay& relay) {
    return relay.registered_name + "@" + relay.name;
}

void open_field(SettingsState& state, const model::Relay& relay) {
    state.naming_relay = relay.address;
    state.relay_name = relay.registered_name;
    state.named_relay.clear();  // what was said of the last one is over
    state.focus_name = true;
}

void ask_to_give_back(Frame& frame, SettingsState& state, const model::Relay& relay) {
    state.named_relay = relay.address;
    frame.ask(
        Confirm{{.title = std::string(strings::give_back_title) + safe_line(full_name(relay)) + "?",
                 .text = std::string(strings::give_back_text),
                 .button = std::string(strings::give_name_back),
                 .command = model::ClaimName{relay.address, {}},
                 .back = Dialog::settings}});
}

void draw_owned(Frame& frame, SettingsState& state, const model::Relay& relay,
                const std::string& id) {
    const float edge = frame.theme.size.l;  // of a link, beside its text
    const std::string name = full_name(relay);
    paragraph(body(frame), safe_line(name));
    tooltip(frame, strings::relay_name_tip);
    if (!relay.name_error.empty())
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger),
                  safe_text(relay.name_error));
    else if (!relay.registered)
        paragraph(small_dim(frame), strings::name_not_told);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() - edge);
    if (button(frame, (id + "/copy").c_str(), strings::copy_name_tip, ButtonKind::link))
        frame.ask(CopyText{name, std::string(strings::name_copied)});
    ImGui::SameLine(0, 0);
    if (button(frame, (id + "/change").c_str(), strings::change_name, ButtonKind::link))
        open_field(state, relay);
    ImGui::SameLine(0, 0);
    if (button(frame, (id + "/give-back").c_str(), strings::give_name_back, ButtonKind::link))
        ask_to_give_back(frame, state, relay);
}

void draw_field(Frame& frame, SettingsState& state, const model::Relay& relay,
                const std::string& id, bool waiting) {
    if (std::exchange(state.focus_name, false)) ImGui::SetKeyboardFocusHere();
    const bool entered =
        text_field(frame, (id + "/name").c_str(), strings::relay_name_hint, state.relay_name)
            .entered;
    tooltip(frame, strings::relay_name_tip);
    paragraph(small_dim(frame), strings::relay_name_text);
    const bool ready = !waiting && state.relay_name != relay.registered_name &&
                       state.relay_name.find_first_not_of(' ') != std::string::npos;
    const bool pressed =
        button(frame, (id + "/claim").c_str(), strings::claim_name, ButtonKind::primary, 0, ready);
    tooltip(frame, strings::relay_name_tip);
    ImGui::SameLine();
    if (button(frame, (id + "/cancel").c_str(), strings::cancel, ButtonKind::plain))
        state.naming_relay.clear();
    if (!(pressed || entered) || !ready) return;
    state.named_relay = relay.address;
    frame.ask(model::Command{model::ClaimName{relay.address, state.relay_name}});
}

}  // namespace

float choose_name_width(const Frame& frame, const SettingsState& state, const model::Relay& relay) {
    const bool none = relay.registered_name.empty() && state.naming_relay != relay.address;
    return none ? button_width(frame, strings::choose_name) : 0;
}

void draw_choose_name(Frame& frame, SettingsState& state, const model::Relay& relay,
                      const std::string& id) {
    if (button(frame, (id + "/choose").c_str(), strings::choose_name, ButtonKind::link))
        open_field(state, relay);
    tooltip(frame, strings::relay_name_tip);
}

void draw_relay_name(Frame& frame, SettingsState& state, const model::Relay& relay,
                     const std::string& id) {
    const Progress& progress = frame.view.task(Task::relay_name);
    const bool asked = state.named_relay == relay.address;
    if (asked && progress.done && state.naming_relay == relay.address) state.naming_relay.clear();
    if (state.naming_relay == relay.address)
        draw_field(frame, state, relay, id, progress.waiting);
    else if (!relay.registered_name.empty())
        draw_owned(frame, state, relay, id);
    if (asked) draw_progress(frame, progress, strings::claiming_name, {});
}

}  // namespace kith::gui
