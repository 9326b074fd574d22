// SPDX-License-Identifier: MIT
#include <utility>

#include "gui/panels/panels.hpp"
#include "gui/proposed_path.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/page.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

std::string_view problem_of(const WelcomeState& state) {
    if (state.name.size() > model::name_max) return strings::name_too_long;
    return password_problem(state.password, state.repeat);
}

bool complete(const WelcomeState& state) {
    const bool named = state.name.find_first_not_of(" \t") != std::string::npos;
    return named && problem_of(state).empty() &&
           (state.password.empty() || state.password == state.repeat);
}

void draw_danger(const Frame& frame, std::string_view text) {
    if (!text.empty()) paragraph(coloured(small_dim(frame), frame.theme.colour.danger), text);
}

// Enter in any field is enough once all is filled in; before, it goes on to what is missing.
bool draw_welcome_fields(Frame& frame, WelcomeState& state) {
    if (!state.focused) ImGui::SetKeyboardFocusHere();
    state.focused = true;
    bool entered = text_field(frame, "welcome/name", strings::name_hint, state.name).entered;
    const bool password_entered = text_field(frame, "welcome/password", strings::password_hint,
                                             state.password, Field::password)
                                      .entered;
    entered |= password_entered;
    if (state.password.empty()) {
        paragraph(small_dim(frame), strings::password_explained);
        state.repeat.clear();
        return entered;
    }
    draw_strength(frame, state.password);
    if (password_entered && state.repeat.empty()) ImGui::SetKeyboardFocusHere();
    entered |=
        text_field(frame, "welcome/repeat", strings::repeat_hint, state.repeat, Field::password)
            .entered;
    return entered;
}

void draw_head(Frame& frame, std::string_view title, std::string_view text) {
    const Metrics& size = frame.theme.size;
    draw_logo(frame);
    vertical_gap(size.l);
    centred_paragraph(heading(frame), title);
    vertical_gap(size.s);
    centred_paragraph(dim(frame), text);
    vertical_gap(size.l);
}

void draw_new_profile(Frame& frame, WelcomeState& state) {
    draw_head(frame, strings::welcome_title, strings::welcome_text);
    const bool entered = draw_welcome_fields(frame, state);
    draw_danger(frame, problem_of(state));
    if (state.asked) draw_danger(frame, frame.view.stage_text);
    vertical_gap(frame.theme.size.s);
    const bool pressed =
        button(frame, "welcome/create", strings::create, ButtonKind::primary, -1, complete(state));
    if ((pressed || entered) && complete(state)) {
        frame.ask(model::CreateProfile{state.name, std::exchange(state.password, {})});
        state.repeat.clear();
        state.asked = true;
    }
    vertical_gap(frame.theme.size.s);
    paragraph(small_dim(frame), strings::id_explained);
    if (button(frame, "welcome/restore", strings::restore_link, ButtonKind::link, -1)) {
        state.restoring = true;
        state.focused = state.asked = false;
    }
}

void draw_restore(Frame& frame, WelcomeState& state) {
    draw_head(frame, strings::restore_title, strings::restore_text);
    // After a wrong password that is what has to be typed anew.
    const bool appearing = !std::exchange(state.focused, true);
    if (appearing && state.backup_path.empty()) ImGui::SetKeyboardFocusHere();
    bool entered =
        text_field(frame, "restore/path", strings::backup_path_hint, state.backup_path).entered;
    if (appearing && !state.backup_path.empty()) ImGui::SetKeyboardFocusHere();
    entered |= text_field(frame, "restore/password", strings::backup_password_hint,
                          state.backup_password, Field::password)
                   .entered;
    if (state.asked) draw_danger(frame, frame.view.stage_text);
    vertical_gap(frame.theme.size.s);
    const std::string path = full_path(state.backup_path);
    const bool ready = !path.empty() && !state.backup_password.empty() &&
                       state.backup_password.size() <= model::password_max;
    const bool pressed =
        button(frame, "restore/submit", strings::restore_button, ButtonKind::primary, -1, ready);
    if ((pressed || entered) && ready) {
        frame.ask(model::RestoreBackup{path, std::exchange(state.backup_password, {})});
        state.asked = true;
    }
    if (button(frame, "restore/back", strings::back_button, ButtonKind::link, -1)) state = {};
}

}  // namespace

void draw_welcome(Frame& frame, WelcomeState& state) {
    begin_column(frame, "welcome");
    state.restoring ? draw_restore(frame, state) : draw_new_profile(frame, state);
    end_column(frame, "welcome");
}

}  // namespace kith::gui
