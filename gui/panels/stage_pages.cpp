// SPDX-License-Identifier: MIT
#include <utility>

#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/page.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {

void draw_unlock(Frame& frame, UnlockState& state) {
    begin_column(frame, "unlock");
    draw_logo(frame);
    vertical_gap(frame.theme.size.l);
    centred_paragraph(heading(frame), strings::unlock_title);
    vertical_gap(frame.theme.size.s);
    centred_paragraph(dim(frame), strings::unlock_text);
    vertical_gap(frame.theme.size.l);
    if (!state.focused) ImGui::SetKeyboardFocusHere();
    state.focused = true;
    const auto field =
        text_field(frame, "unlock/password", strings::unlock_hint, state.password, Field::password);
    if (frame.view.wrong_password && state.password.empty())
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger), strings::wrong_password);
    const bool filled = !state.password.empty() && state.password.size() <= model::password_max;
    const bool pressed =
        button(frame, "unlock/submit", strings::unlock, ButtonKind::primary, -1, filled);
    if ((pressed || field.entered) && filled)
        frame.ask(model::Unlock{std::exchange(state.password, {})});
    end_column(frame, "unlock");
}

void draw_working(Frame& frame) {
    const Metrics& size = frame.theme.size;
    begin_column(frame, "working");
    const float radius = size.xl;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({width, 2 * radius + size.l});
    draw_spinner(frame, {at.x + width / 2, at.y + radius + size.xs}, radius);
    centred_paragraph(dim(frame),
                      frame.view.stage_text.empty() ? strings::working : frame.view.stage_text);
    end_column(frame, "working");
}

void draw_failed(Frame& frame) {
    begin_column(frame, "failed");
    draw_logo(frame);
    vertical_gap(frame.theme.size.l);
    centred_paragraph(heading(frame), strings::failed_title);
    vertical_gap(frame.theme.size.s);
    centred_paragraph(dim(frame), frame.view.stage_text);
    vertical_gap(frame.theme.size.l);
    if (frame.view.can_set_aside) {
        if (button(frame, "failed/set-aside", strings::set_aside, ButtonKind::plain, -1))
            frame.ask(model::SetHistoryAside{});
        centred_paragraph(small_dim(frame), strings::set_aside_text);
        vertical_gap(frame.theme.size.l);
    }
    if (button(frame, "failed/quit", strings::quit, ButtonKind::primary, -1))
        frame.ask(model::Quit{});
    end_column(frame, "failed");
}

}  // namespace kith::gui
