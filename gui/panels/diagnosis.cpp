// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/report_text.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr double refresh_every = 2;  // seconds

// An answer that is still on its way is waited for: a busy node is not asked twice.
void refresh(Frame& frame, DiagnosisState& state) {
    if (frame.time >= state.next_at && !frame.view.task(Task::network_status).waiting) {
        frame.ask(model::Command{model::GetNetworkStatus{}});
        state.next_at = frame.time + refresh_every;
    }
    frame.redraw_in(std::max(0.1, state.next_at - frame.time));
}

TextStyle style_of(const Frame& frame, Tone tone) {
    const Palette& colour = frame.theme.colour;
    switch (tone) {
        case Tone::dim:
            return small_dim(frame);
        case Tone::good:
            return coloured(body(frame), colour.success);
        case Tone::bad:
            return coloured(body(frame), colour.danger);
        case Tone::plain:
            break;
    }
    return body(frame);
}

void draw_section(const Frame& frame, const ReportSection& section) {
    line(coloured(bold(frame), frame.theme.colour.accent), section.caption);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, frame.theme.size.xs});
    for (const ReportLine& entry : section.lines)
        paragraph(style_of(frame, entry.tone), entry.text);
    ImGui::PopStyleVar();
    vertical_gap(frame.theme.size.l);
}

}  // namespace

void draw_diagnosis(Frame& frame, DiagnosisState& state) {
    const Metrics& size = frame.theme.size;
    if (!begin_card(frame, "diagnosis", size.card_wide, strings::diagnosis_title)) return;
    refresh(frame, state);
    const float height = height_in_card(frame, ImGui::GetMainViewport()->Size.y * 0.6F,
                                        size.s + size.control + 2 * size.s);
    ImGui::BeginChild("diagnosis-body", {0, height}, ImGuiChildFlags_NavFlattened);
    for (const ReportSection& section : sections_of(frame.view)) draw_section(frame, section);
    ImGui::EndChild();
    vertical_gap(size.s);
    align_right(button_width(frame, strings::copy_report) + size.s +
                button_width(frame, strings::close));
    if (button(frame, "diagnosis/copy-report", strings::copy_report, ButtonKind::plain))
        frame.ask(CopyText{report_of(frame.view), std::string(strings::report_copied)});
    ImGui::SameLine();
    if (button(frame, "diagnosis/close", strings::close, ButtonKind::primary))
        frame.ask(OpenDialog{});
    end_card();
}

}  // namespace kith::gui
