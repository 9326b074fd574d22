// SPDX-License-Identifier: MIT
//
// Asking somebody to become a contact: by connection ID, by their name at a relay, or by the
// address of their computer. Names and addresses prove nothing, so whoever they lead to is shown
// for approval first, unless their fingerprint was given.
#include "gui/address_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/utf8.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

bool by_address(const AddContactState& state) {
    return form_of(without_blanks(state.id)) == AddressForm::address;
}

bool by_name(const AddContactState& state) {
    return form_of(without_blanks(state.id)) == AddressForm::name;
}

std::string_view address_problem(const AddContactState& state) {
    const AddressForm form = form_of(without_blanks(state.id));
    if (form == AddressForm::without_port) return strings::address_without_port;
    if (form == AddressForm::bad_port) return strings::address_bad_port;
    const bool compared =
        form == AddressForm::address && !without_blanks(state.fingerprint).empty();
    return compared && !parse_fingerprint(state.fingerprint) ? strings::bad_fingerprint
                                                             : std::string_view();
}

std::string_view problem_of(const ViewState& view, const AddContactState& state) {
    const std::string id = without_blanks(state.id);
    if (!id.empty() && id == view.profile.connection_id) return strings::own_id;
    if (count_code_points(state.greeting) > model::greeting_max_code_points)
        return strings::greeting_too_long;
    return address_problem(state);
}

void draw_fields(Frame& frame, AddContactState& state, bool& entered) {
    if (state.appearing) ImGui::SetKeyboardFocusHere();
    state.appearing = false;
    entered |= text_field(frame, "add-contact/id", strings::id_hint, state.id).entered;
    if (by_address(state))
        entered |= text_field(frame, "add-contact/fingerprint", strings::fingerprint_hint,
                              state.fingerprint)
                       .entered;
    entered |=
        text_field(frame, "add-contact/greeting", strings::greeting_hint, state.greeting).entered;
}

void draw_error(const Frame& frame, const AddContactState& state, std::string_view problem) {
    const std::string_view error = problem.empty() ? std::string_view(state.error) : problem;
    if (!error.empty())
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger), safe_text(error));
}

model::Command command_of(const AddContactState& state) {
    const std::string id = without_blanks(state.id);
    if (by_name(state)) return model::FindName{id};
    if (by_address(state))
        return model::ConnectAddress{id, parse_fingerprint(state.fingerprint), state.greeting};
    return model::AddContact{id, state.greeting};
}

std::string_view submit_text(const AddContactState& state, bool waiting) {
    const bool looking =
        by_name(state) || (by_address(state) && without_blanks(state.fingerprint).empty());
    if (waiting) return looking ? strings::looking : strings::adding;
    return looking ? strings::look_button : strings::add_button;
}

std::string_view explanation_of(const AddContactState& state) {
    if (by_name(state)) return strings::name_at_relay_text;
    return by_address(state) ? strings::address_text : strings::add_text;
}

void draw_request(Frame& frame, AddContactState& state, bool waiting) {
    const Metrics& size = frame.theme.size;
    paragraph(dim(frame), explanation_of(state));
    vertical_gap(size.s);
    bool entered = false;
    draw_fields(frame, state, entered);
    const auto problem = problem_of(frame.view, state);
    draw_error(frame, state, problem);
    vertical_gap(size.s);
    const auto text = submit_text(state, waiting);
    align_right(button_width(frame, strings::cancel) + size.s + button_width(frame, text));
    if (button(frame, "add-contact/cancel", strings::cancel, ButtonKind::plain))
        frame.ask(OpenDialog{});
    ImGui::SameLine();
    const bool ready = !waiting && !without_blanks(state.id).empty() && problem.empty();
    if ((button(frame, "add-contact/submit", text, ButtonKind::primary, 0, ready) || entered) &&
        ready)
        frame.ask(command_of(state));
}

void draw_person(const Frame& frame, const model::FoundPerson& person) {
    const Metrics& size = frame.theme.size;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({width, size.avatar});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const std::string name = safe_name(person.name);
    draw_avatar(frame, draw, at, size.avatar, person.peer, name);
    const float left = at.x + size.avatar + size.m;
    draw_line(draw, bold(frame), {left, at.y + size.xs / 2}, at.x + width, name);
    draw_line(draw, small_dim(frame), {left, at.y + size.xs / 2 + size.text}, at.x + width,
              safe_line(person.address));
}

// Four rows of four groups, as people read them to each other.
void draw_fingerprint(const Frame& frame, const model::PeerId& peer) {
    constexpr std::size_t rows = 4, per_row = 4, group = 5;
    const Metrics& size = frame.theme.size;
    const std::string text = grouped_fingerprint(peer);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = rows * (size.text + size.xs) + 2 * size.m;
    ImGui::Dummy({width, height});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(at, {at.x + width, at.y + height}, frame.theme.colour.surface, size.radius);
    for (std::size_t i = 0; i < rows * per_row; ++i) {
        const float x = at.x + static_cast<float>(i % per_row) * width / per_row;
        const float y = at.y + size.m + static_cast<float>(i / per_row) * (size.text + size.xs);
        draw_centred(draw, bold(frame), {x, y}, {x + width / per_row, y + size.text},
                     std::string_view(text).substr(i * group, group - 1));
    }
}

model::Command approval_of(const AddContactState& state, const AnsweredAt& answer) {
    if (!answer.connection_id.empty())
        return model::AddContact{answer.connection_id, state.greeting};
    return model::ConnectAddress{answer.asked, answer.person.peer, state.greeting};
}

std::string_view approval_text(const AnsweredAt& answer, bool self) {
    if (answer.connection_id.empty()) return self ? strings::found_self : strings::compare_text;
    return self ? strings::found_own_name : strings::compare_name_text;
}

void draw_approval(Frame& frame, AddContactState& state, const AnsweredAt& answer, bool waiting) {
    const Metrics& size = frame.theme.size;
    const model::PeerId& peer = answer.person.peer;
    const bool self = peer == frame.view.profile.self;
    draw_person(frame, answer.person);
    vertical_gap(size.s);
    draw_fingerprint(frame, peer);
    vertical_gap(size.s);
    paragraph(dim(frame), approval_text(answer, self));
    draw_error(frame, state, {});
    vertical_gap(size.s);
    const auto text = waiting ? strings::adding : strings::approve_button;
    align_right(button_width(frame, strings::back_button) + size.s + button_width(frame, text));
    if (button(frame, "add-contact/back", strings::back_button, ButtonKind::plain))
        frame.ask(OpenDialog{Dialog::add_contact});
    ImGui::SameLine();
    if (button(frame, "add-contact/approve", text, ButtonKind::primary, 0, !waiting && !self))
        frame.ask(approval_of(state, answer));
}

}  // namespace

void draw_add_contact(Frame& frame, AddContactState& state) {
    const auto& answer = frame.view.answered_at;
    // An answer to what was typed before the dialog was opened anew is not shown.
    const bool answered = answer && answer->asked == without_blanks(state.id);
    const auto title = answered ? strings::found_title : strings::add_title;
    if (!begin_card(frame, "add-contact", frame.theme.size.card_wide, title)) return;
    const Progress& progress = frame.view.task(Task::add_contact);
    if (!progress.waiting) state.error = progress.error;
    answered ? draw_approval(frame, state, *answer, progress.waiting)
             : draw_request(frame, state, progress.waiting);
    end_card();
}

}  // namespace kith::gui
