// SPDX-License-Identifier: MIT
#include "gui/panels/file_card.hpp"

#include <algorithm>
#include <cmath>

#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/transfer_text.hpp"
#include "gui/utf8.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

using What = TransferButton::What;

constexpr std::size_t error_max = 300;  // bytes shown of a reason

constexpr TransferButton accept{What::accept, "accept", strings::accept, ButtonKind::primary};
constexpr TransferButton decline{What::decline, "decline", strings::decline};
constexpr TransferButton accept_to{What::accept_to, "accept-to", strings::accept_to,
                                   ButtonKind::link};
constexpr TransferButton review{What::review, "review", strings::choose_files, ButtonKind::link};
constexpr TransferButton pause{What::pause, "pause", strings::pause};
constexpr TransferButton resume{What::resume, "resume", strings::resume, ButtonKind::primary};
constexpr TransferButton cancel{What::cancel, "cancel", strings::cancel, ButtonKind::link};
constexpr TransferButton retry{What::retry, "retry", strings::retry, ButtonKind::primary};
constexpr TransferButton open{What::open, "open", strings::open_folder, ButtonKind::link};
constexpr TransferButton copy{What::copy, "copy", strings::copy_path, ButtonKind::link};

std::vector<TransferButton> offered_buttons(const model::Transfer& transfer) {
    if (transfer.outgoing) return {cancel};
    if (!transfer.listed) return {decline};
    if (transfer.files == 1) return {accept, decline, accept_to};
    return {accept, decline, accept_to, review};
}

std::vector<TransferButton> ended_buttons(const model::Transfer& transfer) {
    std::vector<TransferButton> buttons;
    const bool done = transfer.state == model::TransferState::done;
    if (transfer.state == model::TransferState::failed || (done && transfer.files_failed > 0))
        buttons.push_back(retry);
    const bool landed = done || transfer.files_done > 0;
    if (!transfer.path.empty() && landed) {
        buttons.push_back(open);
        buttons.push_back(copy);
    }
    return buttons;
}

// Pictures are shown as wide as the card, or as high as there is room for.
ImVec2 picture_size(const Frame& frame, const model::Transfer& transfer, float width) {
    const auto held = frame.view.pictures.find(transfer.id);
    if (held == frame.view.pictures.end() || held->second.height == 0) return {};
    const auto wide = static_cast<float>(held->second.width) * frame.theme.size.scale;
    const auto high = static_cast<float>(held->second.height) * frame.theme.size.scale;
    const float scale = std::min({1.0F, width / wide, frame.theme.size.picture / high});
    return {std::round(wide * scale), std::round(high * scale)};
}

void place_buttons(const Frame& frame, float width, FileCard& card) {
    const Metrics& size = frame.theme.size;
    ImVec2 at{0, 0};
    for (const TransferButton& button : card.buttons) {
        const float room = button_width(frame, button.text);
        if (at.x > 0 && at.x + room > width) at = {0, at.y + size.control + size.xs};
        card.places.push_back(at);
        at.x += room + size.xs;
    }
    if (!card.buttons.empty()) card.size.y += at.y + size.control + size.s;
}

void draw_symbol(const Frame& frame, const model::Transfer& transfer, ImVec2 at, ImU32 colour) {
    const Metrics& size = frame.theme.size;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(at, {at.x + size.file_icon, at.y + size.file_icon},
                       with_alpha(colour, 0.16F), size.radius);
    const float inset = std::round(size.file_icon * 0.22F);
    draw_icon(draw, icon_of(transfer), {at.x + inset, at.y + inset}, size.file_icon - 2 * inset,
              colour);
}

void draw_words(const Frame& frame, const model::Transfer& transfer, const FileCard& card,
                ImVec2 at, float right, ImU32 text, ImU32 faint) {
    const Metrics& size = frame.theme.size;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const bool bad = transfer.state == model::TransferState::failed || transfer.files_failed > 0;
    const Palette& colour = frame.theme.colour;
    const ImU32 complaint = transfer.outgoing ? colour.warning : colour.danger;
    draw_line(draw, coloured(bold(frame), text), at, right, card.name);
    draw_line(draw, coloured(small_dim(frame), faint), {at.x, at.y + size.text}, right,
              card.amount);
    draw_line(draw, coloured(small_dim(frame), bad ? complaint : faint),
              {at.x, at.y + size.text + size.small}, right,
              state_text(transfer, frame.view.find(transfer.peer)));
}

// Asks for the picture while it is in view; a click shows it large.
void draw_picture(Frame& frame, const model::Transfer& transfer, const FileCard& card, ImVec2 at) {
    if (!shows_picture(transfer)) return;
    frame.pictures_in_view.push_back({transfer.id, transfer.path});
    const auto held = frame.view.pictures.find(transfer.id);
    if (held == frame.view.pictures.end() || card.picture.x <= 0) return;
    const ImVec2 end{at.x + card.picture.x, at.y + card.picture.y};
    ImGui::GetWindowDrawList()->AddImageRounded(ImTextureRef(held->second.texture), at, end, {0, 0},
                                                {1, 1}, IM_COL32_WHITE, frame.theme.size.radius);
    ImGui::SetCursorScreenPos(at);
    const std::string id = transfer_label(transfer.id, "picture");
    if (ImGui::InvisibleButton(id.c_str(), card.picture, ImGuiButtonFlags_EnableNav))
        frame.ask(ViewPicture{transfer.id});
    focus_ring(frame, frame.theme.size.radius);
    tooltip(frame, strings::picture_tip);
}

// In shades of the bubble's own text, which can be read on its colour in every theme.
bool card_button(const Frame& frame, const char* id, const TransferButton& wanted, ImU32 text,
                 bool enabled) {
    const Metrics& size = frame.theme.size;
    ImGui::BeginDisabled(!enabled);
    const bool pressed = ImGui::InvisibleButton(
        id, {button_width(frame, wanted.text), size.control}, ImGuiButtonFlags_EnableNav);
    const bool primary = wanted.kind == ButtonKind::primary;
    const bool link = wanted.kind == ButtonKind::link;
    const bool hovered = ImGui::IsItemHovered();
    const Palette& colour = frame.theme.colour;
    ImU32 fill = with_alpha(text, hovered ? 0.2F : link ? 0.0F : 0.11F);
    if (primary) fill = hovered ? colour.accent_hover : colour.accent;
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha;
    draw.AddRectFilled(min, max, with_alpha(fill, alpha), size.radius);
    const ImU32 letters = primary ? colour.text_on_accent : text;
    draw_centred(draw, coloured(bold(frame), letters), min, max, wanted.text);
    ImGui::EndDisabled();
    focus_ring(frame, size.radius);
    return pressed && enabled;
}

void draw_buttons(Frame& frame, const model::Transfer& transfer, const FileCard& card, ImVec2 at,
                  ImU32 text) {
    const bool enabled = !frame.view.transfers.deciding(transfer.id);
    for (std::size_t i = 0; i < card.buttons.size(); ++i) {
        const TransferButton& wanted = card.buttons[i];
        ImGui::SetCursorScreenPos({at.x + card.places[i].x, at.y + card.places[i].y});
        const std::string id = transfer_label(transfer.id, wanted.part);
        if (card_button(frame, id.c_str(), wanted, text, enabled))
            press(frame, transfer, wanted.what);
    }
}

}  // namespace

std::vector<TransferButton> buttons_of(const model::Transfer& transfer) {
    switch (transfer.state) {
        case model::TransferState::offered:
            return offered_buttons(transfer);
        case model::TransferState::active:
            return {pause, cancel};
        case model::TransferState::waiting:
            return {pause, cancel};
        case model::TransferState::paused:
            if (transfer.paused_by_peer) return {cancel};
            return {resume, cancel};
        default:
            return ended_buttons(transfer);
    }
}

void press(Frame& frame, const model::Transfer& transfer, What what) {
    const auto give = [&](model::Command command) { frame.ask(std::move(command)); };
    switch (what) {
        case What::accept:
            return give(model::AcceptTransfer{transfer.id, {}, std::nullopt});
        case What::accept_to:
            return frame.ask(ChoosePaths{PathsFor::accept_to, transfer.peer, transfer.id});
        case What::review:
            return frame.ask(OpenReview{transfer.id});
        case What::decline:
            return give(model::DeclineTransfer{transfer.id});
        case What::pause:
            return give(model::PauseTransfer{transfer.id});
        case What::resume:
            return give(model::ResumeTransfer{transfer.id});
        case What::retry:
            return give(model::RetryTransfer{transfer.id});
        case What::cancel:
            return give(model::CancelTransfer{transfer.id});
        case What::open:
            return frame.ask(ShowInFolder{transfer.path});
        case What::copy:
            return frame.ask(CopyText{transfer.path, std::string(strings::copied_path)});
    }
}

FileCard measure_card(const Frame& frame, const model::Transfer& transfer, float room) {
    const Metrics& size = frame.theme.size;
    FileCard card;
    const float width = std::min(room, size.file_card);
    card.name = safe_name(transfer.name);
    card.amount = amount_of(transfer);
    card.buttons = buttons_of(transfer);
    card.picture = picture_size(frame, transfer, width);
    card.size = {width, size.text + 2 * size.small};
    if (card.picture.y > 0) card.size.y += card.picture.y + size.s;
    if (has_progress(transfer)) card.size.y += size.progress + size.s;
    const bool ended = !is_open(transfer);
    if (ended && !transfer.error.empty()) {
        card.error = safe_line(cut_utf8(transfer.error, error_max));
        card.error_size = measure(small_dim(frame), card.error, width);
        card.size.y += card.error_size.y + size.xs;
    }
    card.top = card.size.y + size.s;
    place_buttons(frame, width, card);
    return card;
}

void draw_card(Frame& frame, const model::Transfer& held, const FileCard& card, ImVec2 at,
               ImU32 text, ImU32 faint) {
    const Metrics& size = frame.theme.size;
    const model::Transfer& transfer = current(frame, held);
    const ImVec2 corner = at;
    draw_picture(frame, transfer, card, at);
    if (card.picture.y > 0) at.y += card.picture.y + size.s;
    const float left = at.x + size.file_icon + size.m;
    draw_symbol(frame, transfer, {at.x, at.y + size.xs}, text);
    draw_words(frame, transfer, card, {left, at.y}, corner.x + card.size.x, text, faint);
    at.y += size.text + 2 * size.small + size.s;
    if (has_progress(transfer)) {
        draw_progress_bar(frame, *ImGui::GetWindowDrawList(), at, card.size.x, transfer);
        at.y += size.progress + size.s;
    }
    if (!card.error.empty())
        ImGui::GetWindowDrawList()->AddText(frame.fonts.regular, size.small, {at.x, at.y - size.xs},
                                            faint, card.error.data(),
                                            card.error.data() + card.error.size(), card.size.x);
    draw_buttons(frame, transfer, card, {corner.x, corner.y + card.top}, text);
}

void draw_progress_bar(const Frame& frame, ImDrawList& draw, ImVec2 min, float width,
                       const model::Transfer& transfer) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    const ImVec2 max{min.x + width, min.y + size.progress};
    const float radius = size.progress / 2;
    const bool moves = transfer.state == model::TransferState::active;
    const ImU32 fill = moves ? colour.success : colour.warning;
    draw.AddRectFilled(min, max, with_alpha(colour.text_dim, 0.3F), radius);
    const float share = share_of(transfer);
    if (share <= 0) return;
    draw.AddRectFilled(min, {min.x + std::max(size.progress, width * share), max.y}, fill, radius);
}

const model::Transfer& current(const Frame& frame, const model::Transfer& held) {
    const model::Transfer* now = frame.view.transfers.find(held.id);
    // The card was measured for what the message holds: only the numbers may be newer.
    return now && same_shape(*now, held) ? *now : held;
}

}  // namespace kith::gui
