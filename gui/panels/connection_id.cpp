// SPDX-License-Identifier: MIT
//
// One's own connection ID to show to somebody: as a QR code, as text, and whether it leads here
// from outside of the local network.
#include <cmath>

#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/qr.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr double copied_seconds = 2;

// The ID changes when addresses do: what is shown is always the one of now.
void follow_profile(const ViewState& view, ConnectionIdState& state) {
    if (state.text == view.profile.connection_id) return;
    state.text = view.profile.connection_id;
    state.code = model::encode_qr(state.text);
    state.copied_until = 0;
}

struct Verdict {
    Icon icon;
    ImU32 colour;
    std::string_view text;
};

Verdict verdict_of(const Frame& frame) {
    const Palette& colour = frame.theme.colour;
    switch (frame.view.profile.outside) {
        case model::Outside::yes:
            return {Icon::check, colour.success, strings::outside_yes};
        case model::Outside::no:
            return {Icon::warning, colour.warning, strings::outside_no};
        case model::Outside::unknown:
            break;
    }
    return {Icon::info, colour.text_dim, strings::outside_unknown};
}

void draw_verdict(const Frame& frame) {
    const Metrics& size = frame.theme.size;
    const Verdict verdict = verdict_of(frame);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_icon(*ImGui::GetWindowDrawList(), verdict.icon, at, size.icon, verdict.colour);
    ImGui::Indent(size.icon + size.m);
    const std::string& words = frame.view.profile.outside_text;
    paragraph(body(frame), words.empty() ? std::string(verdict.text) : safe_text(words));
    ImGui::Unindent(size.icon + size.m);
}

// The text itself, broken into rows as it comes: people compare its beginning and end.
void draw_text(const Frame& frame, std::string_view text) {
    const Metrics& size = frame.theme.size;
    const float width = ImGui::GetContentRegionAvail().x;
    const float inner = width - 2 * size.m;
    const TextStyle style = small_dim(frame);
    const float height = measure(style, text, inner).y;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({width, height + 2 * size.s});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(at, {at.x + width, at.y + height + 2 * size.s}, frame.theme.colour.surface,
                       size.radius);
    draw.AddText(style.font, style.size, {at.x + size.m, at.y + size.s}, style.colour, text.data(),
                 text.data() + text.size(), inner);
}

void draw_buttons(Frame& frame, ConnectionIdState& state) {
    const bool copied = frame.time < state.copied_until;
    if (button(frame, "connection-id/new", strings::new_id_button, ButtonKind::link))
        frame.ask(Confirm{{.title = std::string(strings::new_id_title),
                           .text = std::string(strings::new_id_confirm),
                           .button = std::string(strings::new_id_button),
                           .command = model::NewConnectionId{},
                           .back = Dialog::connection_id}});
    ImGui::SameLine();
    const auto text = copied ? strings::copied_id : strings::copy;
    align_right(button_width(frame, strings::close) + frame.theme.size.s +
                button_width(frame, text));
    if (button(frame, "connection-id/close", strings::close, ButtonKind::plain))
        frame.ask(OpenDialog{});
    ImGui::SameLine();
    if (copied) frame.redraw_in(state.copied_until - frame.time);
    if (!button(frame, "connection-id/copy", text, ButtonKind::primary, 0, !state.text.empty()))
        return;
    frame.ask(CopyText{state.text, {}});
    state.copied_until = frame.time + copied_seconds;
}

}  // namespace

void draw_connection_id(Frame& frame, ConnectionIdState& state) {
    const Metrics& size = frame.theme.size;
    if (!begin_card(frame, "connection-id", size.card_wide, strings::connection_id_title)) return;
    follow_profile(frame.view, state);
    paragraph(dim(frame), strings::connection_id_text);
    vertical_gap(size.m);
    if (state.code) draw_qr(frame, *state.code);
    vertical_gap(size.m);
    draw_text(frame, state.text);
    vertical_gap(size.m);
    draw_verdict(frame);
    draw_progress(frame, frame.view.task(Task::new_id), strings::saving, {});
    vertical_gap(size.m);
    draw_buttons(frame, state);
    end_card();
}

}  // namespace kith::gui
