// SPDX-License-Identifier: MIT
//
// The drawer with all transfers, newest first.
#include <algorithm>
#include <cmath>

#include "gui/panels/file_card.hpp"
#include "gui/panels/panels.hpp"
#include "gui/recorder.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/transfer_text.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

using What = TransferButton::What;

constexpr float sparkline_width = 2.4F;  // in icon buttons

// In a row there is room for a picture of what the button does, and for the most important ones.
std::optional<Icon> row_icon(What what) {
    switch (what) {
        case What::accept:
            return Icon::check;
        case What::review:
            return Icon::dots;
        case What::decline:
        case What::cancel:
            return Icon::close;
        case What::pause:
            return Icon::pause;
        case What::resume:
            return Icon::play;
        case What::retry:
            return Icon::refresh;
        case What::open:
            return Icon::folder;
        case What::accept_to:
        case What::copy:
            break;
    }
    return std::nullopt;
}

void draw_sparkline(const Frame& frame, const model::Transfer& transfer, ImVec2 min, ImVec2 max) {
    const RateHistory* history = frame.view.transfers.history(transfer.id);
    if (!history) return;
    const auto rates = history->rates();
    const auto most = static_cast<float>(
        std::max<std::uint64_t>(1, *std::max_element(rates.begin(), rates.end())));
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float step = (max.x - min.x) / static_cast<float>(rates.size() - 1);
    for (std::size_t i = 0; i < rates.size(); ++i) {
        const float share = static_cast<float>(rates[i]) / most;
        draw.PathLineTo({min.x + step * static_cast<float>(i), max.y - share * (max.y - min.y)});
    }
    draw.PathStroke(frame.theme.colour.accent, 0, 1.5F * frame.theme.size.line);
}

// From the right edge to the left; returns where they begin.
float draw_row_buttons(Frame& frame, const model::Transfer& transfer, ImVec2 min, ImVec2 max) {
    const Metrics& size = frame.theme.size;
    std::vector<TransferButton> shown = buttons_of(transfer);
    std::erase_if(shown, [](const TransferButton& b) { return !row_icon(b.what); });
    float x = max.x - size.s - static_cast<float>(shown.size()) * size.icon_button;
    const float left = x;
    ImGui::BeginDisabled(frame.view.transfers.deciding(transfer.id));
    for (const TransferButton& wanted : shown) {
        ImGui::SetCursorScreenPos({x, std::round((min.y + max.y - size.icon_button) / 2)});
        const std::string id = transfer_label(transfer.id, wanted.part);
        if (icon_button(frame, id.c_str(), *row_icon(wanted.what), wanted.text))
            press(frame, transfer, wanted.what);
        x += size.icon_button;
    }
    ImGui::EndDisabled();
    return left;
}

std::string with_whom(const model::Transfer& transfer, const model::Peer* peer) {
    return std::string(transfer.outgoing ? strings::to_person : strings::from_person) +
           (peer ? safe_name(peer->name) : std::string(strings::unnamed)) + " · " +
           amount_of(transfer);
}

void draw_words(const Frame& frame, const model::Transfer& transfer, ImVec2 at, float right) {
    const Metrics& size = frame.theme.size;
    const model::Peer* peer = frame.view.find(transfer.peer);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const std::string name = safe_name(transfer.name);
    const bool bad = transfer.state == model::TransferState::failed || transfer.files_failed > 0;
    draw_line(draw, bold(frame), at, right, name);
    const float behind = at.x + measure(bold(frame), name).x + size.m;
    draw_line(draw, small_dim(frame), {behind, at.y + size.line * 2}, right,
              with_whom(transfer, peer));
    const TextStyle state =
        bad ? coloured(small_dim(frame), frame.theme.colour.danger) : small_dim(frame);
    draw_line(draw, state, {at.x, at.y + size.text}, right, state_text(transfer, peer));
    if (has_progress(transfer))
        draw_progress_bar(frame, draw, {at.x, at.y + size.text + size.small + size.xs / 2},
                          std::max(1.0F, right - at.x), transfer);
}

void draw_row(Frame& frame, const model::Transfer& transfer, bool covers) {
    const Metrics& size = frame.theme.size;
    const ImVec2 min = ImGui::GetCursorScreenPos();
    const ImVec2 max{min.x + ImGui::GetContentRegionAvail().x, min.y + size.transfer_row};
    float right = draw_row_buttons(frame, transfer, min, max) - size.m;
    ImGui::SetCursorScreenPos(min);
    const std::string id = transfer_label(transfer.id, "row");
    if (ImGui::InvisibleButton(id.c_str(), {std::max(1.0F, right - min.x), size.transfer_row},
                               ImGuiButtonFlags_EnableNav)) {
        frame.ask(JumpTo{transfer.peer, transfer.id});
        if (covers) frame.ask(ToggleTransfers{});
    }
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered())
        draw.AddRectFilled(min, max, with_alpha(frame.theme.colour.surface, 0.5F), size.radius);
    focus_ring(frame, size.radius);
    const float inset = (size.transfer_row - size.icon) / 2;
    draw_icon(draw, icon_of(transfer), {min.x + size.m, min.y + inset}, size.icon,
              frame.theme.colour.text_dim);
    if (transfer.state == model::TransferState::active) {
        const float wide = sparkline_width * size.icon_button;
        draw_sparkline(frame, transfer, {right - wide, min.y + size.m}, {right, max.y - size.m});
        right -= wide + size.m;
    }
    draw_words(frame, transfer, {min.x + 2 * size.m + size.icon, min.y + size.xs}, right);
    ImGui::SetCursorScreenPos({min.x, max.y});
}

void draw_header(Frame& frame) {
    const Metrics& size = frame.theme.size;
    const TransferFeed& feed = frame.view.transfers;
    const float width = ImGui::GetWindowWidth();
    ImGui::SetCursorPos({size.l, (size.control - size.text) / 2 + size.xs});
    line(bold(frame), strings::transfers);
    if (feed.rate() > 0) {
        const ImVec2 at = ImGui::GetWindowPos();
        const float left = at.x + size.l + measure(bold(frame), strings::transfers).x + size.m;
        draw_line(*ImGui::GetWindowDrawList(), small_dim(frame),
                  {left, at.y + (size.control - size.small) / 2 + size.xs}, at.x + width,
                  rate_text(feed.rate()));
    }
    float x = width - size.icon_button - size.s;
    ImGui::SetCursorPos({x, size.xs});
    if (icon_button(frame, "transfers/close", Icon::close, {})) frame.ask(ToggleTransfers{});
    if (!feed.any_failed()) return;
    x -= button_width(frame, strings::retry_all) + size.s;
    ImGui::SetCursorPos({x, size.xs});
    if (button(frame, "transfers/retry-all", strings::retry_all, ButtonKind::link))
        frame.ask(model::Command{model::RetryTransfer{}});
}

void draw_empty(Frame& frame) {
    vertical_gap(frame.theme.size.xxl);
    centred_paragraph(bold(frame), strings::no_transfers);
    vertical_gap(frame.theme.size.s);
    centred_paragraph(small_dim(frame), strings::no_transfers_text);
}

}  // namespace

void draw_transfers(Frame& frame, bool covers) {
    const Metrics& size = frame.theme.size;
    const auto& all = frame.view.transfers.all();
    draw_header(frame);
    ImGui::SetCursorPos({size.s, size.control + 2 * size.xs});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::BeginChild("transfer-rows", {-size.s, 0});
    const ImVec2 at = ImGui::GetWindowPos(), extent = ImGui::GetWindowSize();
    record_area("transfers/list", at, {at.x + extent.x, at.y + extent.y});
    if (all.empty()) draw_empty(frame);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(all.size()), size.transfer_row);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
            draw_row(frame, all[static_cast<std::size_t>(i)], covers);
    ImGui::EndChild();
    ImGui::PopStyleVar();
    if (frame.view.transfers.rate() > 0) frame.redraw_in(1);  // the lines move
}

}  // namespace kith::gui
