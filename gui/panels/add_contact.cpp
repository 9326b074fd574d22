// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/utf8.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

// A connection ID that went through mail or a chat comes back with blanks and line breaks in it.
std::string without_blanks(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') out += c;
    return out;
}

std::string_view problem_of(const ViewState& view, const AddContactState& state) {
    const std::string id = without_blanks(state.id);
    if (!id.empty() && id == view.profile.connection_id) return strings::own_id;
    if (count_code_points(state.greeting) > model::greeting_max_code_points)
        return strings::greeting_too_long;
    return {};
}

void draw_fields(Frame& frame, AddContactState& state, bool& entered) {
    if (state.appearing) ImGui::SetKeyboardFocusHere();
    state.appearing = false;
    entered |= text_field(frame, "add-contact/id", strings::id_hint, state.id).entered;
    entered |=
        text_field(frame, "add-contact/greeting", strings::greeting_hint, state.greeting).entered;
}

void draw_error(const Frame& frame, const AddContactState& state, std::string_view problem) {
    const std::string_view error = problem.empty() ? std::string_view(state.error) : problem;
    if (!error.empty()) paragraph(coloured(small_dim(frame), frame.theme.colour.danger), error);
}

}  // namespace

void draw_add_contact(Frame& frame, AddContactState& state) {
    const Metrics& size = frame.theme.size;
    if (!begin_card(frame, "add-contact", size.card_wide, strings::add_title)) return;
    const bool waiting = frame.view.task(Task::add_contact).waiting;
    paragraph(dim(frame), strings::add_text);
    vertical_gap(size.s);
    bool entered = false;
    draw_fields(frame, state, entered);
    if (!waiting) state.error = frame.view.task(Task::add_contact).error;
    const auto problem = problem_of(frame.view, state);
    draw_error(frame, state, problem);
    vertical_gap(size.s);
    const auto text = waiting ? strings::adding : strings::add_button;
    align_right(button_width(frame, strings::cancel) + size.s + button_width(frame, text));
    if (button(frame, "add-contact/cancel", strings::cancel, ButtonKind::plain))
        frame.ask(OpenDialog{});
    ImGui::SameLine();
    const std::string id = without_blanks(state.id);
    const bool ready = !waiting && !id.empty() && problem.empty();
    if ((button(frame, "add-contact/submit", text, ButtonKind::primary, 0, ready) || entered) &&
        ready)
        frame.ask(model::Command{model::AddContact{id, state.greeting}});
    end_card();
}

}  // namespace kith::gui
