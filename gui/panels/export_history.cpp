// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/proposed_path.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

void draw_format(Frame& frame, ExportState& state) {
    const auto current = state.format == model::ExportFormat::json ? 1 : 0;
    const auto chosen = segments(frame, "export/format", strings::formats, current);
    if (!chosen) return;
    state.format = *chosen == 1 ? model::ExportFormat::json : model::ExportFormat::text;
    state.path = with_ending(state.path, *chosen == 1 ? ".json" : ".txt");
}

}  // namespace

void draw_progress(Frame& frame, const Progress& progress, std::string_view waiting,
                   std::string_view done) {
    const Palette& colour = frame.theme.colour;
    if (progress.waiting) paragraph(small_dim(frame), waiting);
    if (!progress.error.empty())
        paragraph(coloured(small_dim(frame), colour.danger), safe_text(progress.error));
    if (!progress.done) return;
    paragraph(coloured(small_dim(frame), colour.success),
              progress.result.empty() ? std::string(done) : safe_text(progress.result));
}

void draw_export(Frame& frame, const model::PeerId& peer, ExportState& state) {
    const Metrics& size = frame.theme.size;
    if (!begin_card(frame, "export", size.card_wide, strings::export_title)) return;
    const Progress& progress = frame.view.task(Task::export_history);
    paragraph(dim(frame), strings::export_text);
    vertical_gap(size.s);
    draw_format(frame, state);
    if (std::exchange(state.appearing, false)) ImGui::SetKeyboardFocusHere();
    const bool entered =
        text_field(frame, "export/path", strings::export_path_hint, state.path).entered;
    draw_progress(frame, progress, strings::exporting, {});
    vertical_gap(size.s);
    const auto leave = progress.done ? strings::close : strings::cancel;
    align_right(button_width(frame, leave) + size.s + button_width(frame, strings::export_button));
    if (button(frame, "export/close", leave, ButtonKind::plain)) frame.ask(OpenDialog{});
    ImGui::SameLine();
    const std::string path = full_path(state.path);
    const bool ready = !progress.waiting && !path.empty();
    const bool pressed =
        button(frame, "export/submit", strings::export_button, ButtonKind::primary, 0, ready);
    if ((pressed || entered) && ready)
        frame.ask(model::Command{model::ExportHistory{peer, path, state.format}});
    end_card();
}

}  // namespace kith::gui
