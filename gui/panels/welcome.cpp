// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/page.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

// Length and variety only: an honest hint, not a promise.
std::size_t strength_of(std::string_view password) {
    bool lower = false, upper = false, digit = false, other = false;
    for (const char c : password) {
        if (c >= 'a' && c <= 'z')
            lower = true;
        else if (c >= 'A' && c <= 'Z')
            upper = true;
        else if (c >= '0' && c <= '9')
            digit = true;
        else
            other = true;
    }
    const int kinds = lower + upper + digit + other;
    const double bits = static_cast<double>(password.size()) * (kinds <= 1   ? 2.5
                                                                : kinds == 2 ? 3.2
                                                                             : 4.0);
    return bits < 22 ? 0 : bits < 38 ? 1 : bits < 56 ? 2 : 3;
}

void draw_strength(const Frame& frame, std::string_view password) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    const std::size_t strength = strength_of(password);
    const ImU32 fill = strength == 0   ? colour.danger
                       : strength == 3 ? colour.success
                                       : colour.warning;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({width, size.xs});
    const float part = (width - 3 * size.xs) / 4;
    for (std::size_t i = 0; i < 4; ++i) {
        const float x = at.x + static_cast<float>(i) * (part + size.xs);
        ImGui::GetWindowDrawList()->AddRectFilled({x, at.y}, {x + part, at.y + size.xs},
                                                  i <= strength ? fill : colour.surface,
                                                  size.xs / 2);
    }
    line(small_dim(frame), strings::strengths[strength]);
}

std::string_view problem_of(const WelcomeState& state) {
    if (state.name.size() > model::name_max) return strings::name_too_long;
    if (state.password.size() > model::password_max) return strings::password_too_long;
    if (!state.password.empty() && !state.repeat.empty() && state.password != state.repeat)
        return strings::passwords_differ;
    return {};
}

bool complete(const WelcomeState& state) {
    const bool named = state.name.find_first_not_of(" \t") != std::string::npos;
    return named && problem_of(state).empty() &&
           (state.password.empty() || state.password == state.repeat);
}

bool draw_welcome_fields(Frame& frame, WelcomeState& state) {
    if (!state.focused) ImGui::SetKeyboardFocusHere();
    state.focused = true;
    bool entered = text_field(frame, "welcome/name", strings::name_hint, state.name).entered;
    entered |= text_field(frame, "welcome/password", strings::password_hint, state.password,
                          Field::password)
                   .entered;
    if (state.password.empty()) {
        paragraph(small_dim(frame), strings::password_explained);
        state.repeat.clear();
        return entered;
    }
    draw_strength(frame, state.password);
    entered |=
        text_field(frame, "welcome/repeat", strings::repeat_hint, state.repeat, Field::password)
            .entered;
    return entered;
}

}  // namespace

void draw_welcome(Frame& frame, WelcomeState& state) {
    const Metrics& size = frame.theme.size;
    begin_column(frame, "welcome");
    draw_logo(frame);
    vertical_gap(size.l);
    centred_paragraph(heading(frame), strings::welcome_title);
    vertical_gap(size.s);
    centred_paragraph(dim(frame), strings::welcome_text);
    vertical_gap(size.l);
    const bool entered = draw_welcome_fields(frame, state);
    const auto problem = problem_of(state);
    if (!problem.empty()) paragraph(coloured(small_dim(frame), frame.theme.colour.danger), problem);
    vertical_gap(size.s);
    const bool pressed =
        button(frame, "welcome/create", strings::create, ButtonKind::primary, -1, complete(state));
    if ((pressed || entered) && complete(state)) {
        frame.ask(model::CreateProfile{state.name, state.password});
        state = {};
    }
    vertical_gap(size.s);
    paragraph(small_dim(frame), strings::id_explained);
    end_column(frame, "welcome");
}

}  // namespace kith::gui
