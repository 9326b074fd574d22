// SPDX-License-Identifier: MIT
//
// The pages of the settings on which passwords are typed: protection of the profile, backup.
#include <utility>

#include "gui/panels/panels.hpp"
#include "gui/proposed_path.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

void draw_problem(const Frame& frame, std::string_view problem) {
    if (!problem.empty()) paragraph(coloured(small_dim(frame), frame.theme.colour.danger), problem);
}

// A password that is typed twice. True when Enter was pressed in one of the fields.
bool draw_new_password(Frame& frame, const char* id, const char* hint, std::string& password,
                       const char* repeat_id, const char* repeat_hint, std::string& repeat) {
    bool entered = text_field(frame, id, hint, password, Field::password).entered;
    if (password.empty()) return false;
    draw_strength(frame, password);
    entered |= text_field(frame, repeat_id, repeat_hint, repeat, Field::password).entered;
    draw_problem(frame, password_problem(password, repeat));
    return entered;
}

bool chosen_well(const std::string& password, const std::string& repeat) {
    return !password.empty() && password == repeat && password.size() <= model::password_max;
}

void draw_removal(Frame& frame, SettingsState& state, bool entered, bool ready) {
    paragraph(small_dim(frame), strings::remove_password_text);
    const bool pressed =
        button(frame, "password/submit", strings::remove_password, ButtonKind::danger, 0, ready);
    if ((pressed || entered) && ready)
        frame.ask(model::Command{model::SetPassword{std::exchange(state.current, {}), {}}});
}

void draw_change(Frame& frame, SettingsState& state, bool entered, bool ready, bool protected_now) {
    entered |= draw_new_password(frame, "password/new", strings::new_password_hint, state.password,
                                 "password/repeat", strings::repeat_new_hint, state.repeat);
    ready = ready && chosen_well(state.password, state.repeat);
    const auto text = protected_now ? strings::change_password : strings::set_password;
    const bool pressed = button(frame, "password/submit", text, ButtonKind::primary, 0, ready);
    if (!(pressed || entered) || !ready) return;
    state.repeat.clear();
    frame.ask(model::Command{
        model::SetPassword{std::exchange(state.current, {}), std::exchange(state.password, {})}});
}

}  // namespace

void draw_password_settings(Frame& frame, SettingsState& state) {
    const bool protected_now = frame.view.profile.password_protected;
    const Progress& progress = frame.view.task(Task::set_password);
    line(bold(frame), protected_now ? strings::password_some : strings::password_none);
    paragraph(small_dim(frame), strings::password_text);
    vertical_gap(frame.theme.size.s);
    bool entered = false;
    if (protected_now)
        entered = text_field(frame, "password/current", strings::current_password_hint,
                             state.current, Field::password)
                      .entered;
    const bool ready = !progress.waiting && (!protected_now || !state.current.empty());
    const bool removing = protected_now && state.removing_password;
    if (removing)
        draw_removal(frame, state, entered, ready);
    else
        draw_change(frame, state, entered, ready, protected_now);
    if (protected_now) {
        const auto other = removing ? strings::keep_password_link : strings::remove_password_link;
        if (button(frame, "password/other", other, ButtonKind::link))
            state.removing_password = !removing;
    }
    draw_progress(frame, progress, strings::password_working, strings::password_done);
}

void draw_backup_settings(Frame& frame, SettingsState& state) {
    const Progress& progress = frame.view.task(Task::backup);
    paragraph(small_dim(frame), strings::backup_text);
    vertical_gap(frame.theme.size.s);
    bool entered =
        text_field(frame, "backup/path", strings::backup_file_hint, state.backup_path).entered;
    entered |= draw_new_password(frame, "backup/password", strings::backup_new_password_hint,
                                 state.backup_password, "backup/repeat",
                                 strings::backup_repeat_hint, state.backup_repeat);
    const std::string path = full_path(state.backup_path);
    const bool ready = !progress.waiting && !path.empty() &&
                       chosen_well(state.backup_password, state.backup_repeat);
    const bool pressed =
        button(frame, "backup/submit", strings::backup_button, ButtonKind::primary, 0, ready);
    if ((pressed || entered) && ready) {
        state.backup_repeat.clear();
        frame.ask(
            model::Command{model::CreateBackup{path, std::exchange(state.backup_password, {})}});
    }
    draw_progress(frame, progress, strings::backing_up, {});
}

}  // namespace kith::gui
