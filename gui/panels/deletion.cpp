// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {

void draw_deletion(Frame& frame, const DeletionState& state) {
    const Metrics& size = frame.theme.size;
    if (!begin_card(frame, "delete-message", size.card, strings::delete_title)) return;
    paragraph(dim(frame), state.own ? strings::delete_own_text : strings::delete_other_text);
    vertical_gap(size.m);
    const auto give = [&](model::DeleteFor whom) {
        frame.ask(model::Command{model::DeleteMessage{state.message, whom}});
        frame.ask(OpenDialog{});
    };
    if (state.own && button(frame, "delete/both", strings::delete_for_both, ButtonKind::danger, -1))
        give(model::DeleteFor::both);
    if (button(frame, "delete/me", strings::delete_for_me, ButtonKind::danger, -1))
        give(model::DeleteFor::me);
    if (button(frame, "delete/no", strings::cancel, ButtonKind::plain, -1)) frame.ask(OpenDialog{});
    end_card();
}

}  // namespace kith::gui
