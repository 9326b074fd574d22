// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {

void draw_shortcuts(Frame& frame) {
    const Metrics& size = frame.theme.size;
    if (!begin_card(frame, "shortcuts", size.card, strings::shortcuts_title)) return;
    for (const auto& [keys, meaning] : strings::shortcuts) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x;
        ImGui::Dummy({width, size.text + size.xs});
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        draw_line(draw, bold(frame), at, at.x + width, keys);
        draw_line(draw, dim(frame), {at.x + width * 0.45F, at.y}, at.x + width, meaning);
    }
    vertical_gap(size.m);
    align_right(button_width(frame, strings::close));
    if (button(frame, "shortcuts/close", strings::close, ButtonKind::primary))
        frame.ask(OpenDialog{});
    end_card();
}

void draw_confirmation(Frame& frame, const Confirmation& confirmation) {
    const Metrics& size = frame.theme.size;
    if (!begin_card(frame, "confirm", size.card, confirmation.title)) return;
    paragraph(dim(frame), confirmation.text);
    vertical_gap(size.m);
    align_right(button_width(frame, strings::cancel) + size.s +
                button_width(frame, confirmation.button));
    if (button(frame, "confirm/no", strings::cancel, ButtonKind::plain)) frame.ask(OpenDialog{});
    ImGui::SameLine();
    // Sending can be taken back, what else is asked about cannot.
    const bool sends = std::holds_alternative<model::SendFiles>(confirmation.command);
    if (button(frame, "confirm/yes", confirmation.button,
               sends ? ButtonKind::primary : ButtonKind::danger)) {
        frame.ask(confirmation.command);
        frame.ask(OpenDialog{});
    }
    end_card();
}

}  // namespace kith::gui
