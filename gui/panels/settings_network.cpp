// SPDX-License-Identifier: MIT
//
// The page of the settings about who sees you in the local network and how you are reached.
#include <utility>

#include "gui/address_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

void draw_problem(const Frame& frame, std::string_view problem) {
    if (!problem.empty()) paragraph(coloured(small_dim(frame), frame.theme.colour.danger), problem);
}

void draw_visibility(Frame& frame) {
    const bool visible = frame.view.settings.visible;
    if (toggle(frame, "network/visible", strings::visible_title, strings::visible_text, visible))
        frame.ask(model::Command{model::SetVisibility{!visible}});
}

// The passphrase in use is never shown: the field only takes a new one.
void draw_team(Frame& frame, SettingsState& state) {
    const Progress& progress = frame.view.task(Task::set_team);
    const bool in_team = frame.view.profile.private_team;
    line(bold(frame), strings::team_title);
    paragraph(small_dim(frame), in_team ? strings::team_on : strings::team_off);
    const bool entered =
        text_field(frame, "network/team", strings::team_hint, state.team, Field::password).entered;
    if (!state.team.empty()) draw_strength(frame, state.team);
    const bool too_long = state.team.size() > model::passphrase_max;
    if (too_long) draw_problem(frame, strings::team_too_long);
    const bool ready = !state.team.empty() && !too_long && !progress.waiting;
    const bool pressed =
        button(frame, "network/set-team", strings::team_set, ButtonKind::primary, 0, ready);
    if ((pressed || entered) && ready)
        frame.ask(model::Command{model::SetTeam{std::exchange(state.team, {})}});
    if (in_team) {
        ImGui::SameLine();
        if (button(frame, "network/leave-team", strings::team_leave, ButtonKind::plain, 0,
                   !progress.waiting))
            frame.ask(model::Command{model::SetTeam{}});
    }
    draw_progress(frame, progress, strings::team_working, strings::saved);
}

std::string_view public_address_problem(const std::string& address) {
    if (address.empty()) return {};
    if (address.size() > model::address_max) return strings::address_too_long;
    switch (form_of(address)) {
        case AddressForm::address:
            return {};
        case AddressForm::without_port:
            return strings::address_without_port;
        case AddressForm::bad_port:
            return strings::address_bad_port;
        case AddressForm::none:
        case AddressForm::name:
        case AddressForm::connection_id:
            break;
    }
    return strings::not_an_address;
}

void draw_mapping(Frame& frame) {
    const bool mapping = frame.view.settings.mapping;
    if (toggle(frame, "network/mapping", strings::mapping_title, strings::mapping_text, mapping))
        frame.ask(model::Command{model::ChangeSettings{.mapping = !mapping}});
}

void draw_public_address(Frame& frame, SettingsState& state) {
    line(bold(frame), strings::forwarded_title);
    paragraph(small_dim(frame), strings::forwarded_text);
    const bool entered =
        text_field(frame, "network/address", strings::forwarded_hint, state.public_address).entered;
    const std::string address = without_blanks(state.public_address);
    const auto problem = public_address_problem(address);
    draw_problem(frame, problem);
    const bool fits = problem.empty() && address != frame.view.settings.public_address;
    const bool pressed =
        button(frame, "network/save-address", strings::save, ButtonKind::primary, 0, fits);
    if (!(pressed || entered) || !fits) return;
    frame.ask(model::Command{model::ChangeSettings{.public_address = address}});
}

}  // namespace

void draw_network_settings(Frame& frame, SettingsState& state) {
    const Metrics& size = frame.theme.size;
    draw_visibility(frame);
    vertical_gap(size.m);
    draw_team(frame, state);
    vertical_gap(size.xl);
    draw_mapping(frame);
    vertical_gap(size.m);
    draw_public_address(frame, state);
}

}  // namespace kith::gui
