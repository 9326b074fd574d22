// SPDX-License-Identifier: MIT
//
// What is looked through before files are accepted: all of them with their sizes, what is chosen,
// where it goes and whether it fits there.
#include <algorithm>
#include <cmath>

#include "gui/amount_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/proposed_path.hpp"
#include "gui/recorder.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/transfer_text.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr std::uint16_t depth_shown = 12;  // deeper ones are not moved further to the right

enum class Tick { off, some, on };

Tick tick_of(const ReviewEntry& entry) {
    const bool mixed = entry.folder && entry.below_selected != (entry.selected ? entry.below : 0);
    if (mixed) return Tick::some;
    return entry.selected ? Tick::on : Tick::off;
}

void draw_tick(const Frame& frame, ImVec2 at, Tick tick) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    const ImVec2 end{at.x + size.icon, at.y + size.icon};
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (tick == Tick::off)
        return draw.AddRect(at, end, colour.text_dim, size.radius_small, 0, size.line);
    draw.AddRectFilled(at, end, colour.accent, size.radius_small);
    const float inset = size.xs / 2;
    draw_icon(draw, tick == Tick::on ? Icon::check : Icon::minus, {at.x + inset, at.y + inset},
              size.icon - 2 * inset, colour.text_on_accent);
}

std::string_view last_part(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

void draw_entry(Frame& frame, std::size_t index, const ReviewEntry& entry) {
    const Metrics& size = frame.theme.size;
    const std::string id = "review/entry/" + std::to_string(index);
    const bool pressed = ImGui::InvisibleButton(
        id.c_str(), {ImGui::GetContentRegionAvail().x, size.entry_row}, ImGuiButtonFlags_EnableNav);
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered())
        draw.AddRectFilled(min, max, frame.theme.colour.surface, size.radius_small);
    const float top = min.y + (size.entry_row - size.icon) / 2;
    float x = min.x + size.s + size.icon * static_cast<float>(std::min(entry.depth, depth_shown));
    draw_tick(frame, {x, top}, tick_of(entry));
    x += size.icon + size.s;
    draw_icon(draw, entry.folder ? Icon::folder : icon_of_name(entry.path), {x, top}, size.icon,
              frame.theme.colour.text_dim);
    x += size.icon + size.s;
    const std::string amount = entry.folder ? std::string() : size_text(entry.size);
    const float right = max.x - size.s - measure(small_dim(frame), amount).x;
    // An entry without its folder says where it is.
    const auto shown = entry.parent >= 0 ? last_part(entry.path) : std::string_view(entry.path);
    draw_line(draw, body(frame), {x, min.y + (size.entry_row - size.text) / 2}, right - size.s,
              safe_name(shown));
    draw_line(draw, small_dim(frame), {right, min.y + (size.entry_row - size.small) / 2}, max.x,
              amount);
    focus_ring(frame, size.radius_small);
    if (pressed) frame.ask(SelectEntry{index, tick_of(entry) != Tick::on});
}

void draw_list(Frame& frame, float height) {
    const auto& entries = frame.view.review.entries();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::BeginChild("review-rows", {0, height}, ImGuiChildFlags_NavFlattened);
    const ImVec2 at = ImGui::GetWindowPos(), extent = ImGui::GetWindowSize();
    record_area("review/list", at, {at.x + extent.x, at.y + extent.y});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(entries.size()), frame.theme.size.entry_row);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
            draw_entry(frame, static_cast<std::size_t>(i), entries[static_cast<std::size_t>(i)]);
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

// The space of another folder than the proposed one is looked up.
std::optional<std::uint64_t> free_bytes(Frame& frame, const FolderSeen& seen, ReviewState& state) {
    if (!state.typed) return frame.view.review.free_bytes();
    if (state.looked_at != state.folder) {
        state.looked_at = state.folder;
        frame.ask(LookAtFolder{state.folder});
    }
    return seen.text == state.folder ? seen.free_bytes : std::nullopt;
}

void draw_folder(Frame& frame, ReviewState& state) {
    const Metrics& size = frame.theme.size;
    line(bold(frame), strings::review_destination);
    const float browse = button_width(frame, strings::browse);
    ImGui::BeginChild("review-folder",
                      {ImGui::GetContentRegionAvail().x - browse - size.s, size.control},
                      ImGuiChildFlags_NavFlattened);
    if (text_field(frame, "review/folder", strings::path_hint, state.folder).changed)
        state.typed = true;
    ImGui::EndChild();
    ImGui::SameLine();
    if (button(frame, "review/browse", strings::browse, ButtonKind::plain))
        frame.ask(ChoosePaths{PathsFor::review_folder, {}, *frame.view.review.transfer()});
}

// What is chosen, and what there is room for. False when it does not fit.
bool draw_sum(Frame& frame, std::optional<std::uint64_t> room) {
    const ReviewList& list = frame.view.review;
    const bool fits = !room || list.bytes_selected() <= *room;
    std::string text = std::to_string(list.files_selected()) + std::string(strings::selected_of) +
                       count_text(list.files(), strings::one_file, strings::some_files) + ", " +
                       size_text(list.bytes_selected());
    if (room && fits) text += " · " + size_text(*room) + std::string(strings::free_space);
    paragraph(small_dim(frame), text);
    if (!fits)
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger),
                  std::string(strings::does_not_fit) + size_text(*room) +
                      std::string(strings::free_space) + ".");
    return fits;
}

void draw_loading(const Frame& frame) {
    const ReviewList& list = frame.view.review;
    if (!list.error().empty())
        return paragraph(coloured(small_dim(frame), frame.theme.colour.danger),
                         safe_text(list.error()));
    if (list.complete()) return;
    paragraph(small_dim(frame),
              std::string(strings::reading_list) + std::to_string(list.entries().size()) +
                  std::string(strings::selected_of) + std::to_string(list.total()));
}

void draw_all_or_none(Frame& frame) {
    if (button(frame, "review/all", strings::review_all, ButtonKind::link))
        frame.ask(SelectEntry{std::nullopt, true});
    ImGui::SameLine();
    if (button(frame, "review/none", strings::review_none, ButtonKind::link))
        frame.ask(SelectEntry{std::nullopt, false});
}

std::string_view folder_problem(const ReviewState& state) {
    if (!state.typed) return {};
    const std::string path = full_path(state.folder);
    return !path.empty() && !path.starts_with('/') ? strings::absolute_folder : std::string_view{};
}

void accept(Frame& frame, const ReviewState& state) {
    const ReviewList& list = frame.view.review;
    frame.ask(model::Command{
        model::AcceptTransfer{*list.transfer(), state.typed ? full_path(state.folder) : "",
                              list.complete() ? list.selection() : std::nullopt}});
    frame.ask(OpenDialog{});
}

void draw_end(Frame& frame, const ReviewState& state, bool fits) {
    const ReviewList& list = frame.view.review;
    const model::Transfer* transfer = frame.view.transfers.find(*list.transfer());
    const bool offered = transfer && transfer->state == model::TransferState::offered;
    // What is chosen by hand counts once the whole list is there.
    const bool ready = offered && fits && list.complete() && list.files_selected() > 0 &&
                       folder_problem(state).empty();
    align_right(button_width(frame, strings::cancel) + frame.theme.size.s +
                button_width(frame, strings::accept_selected));
    if (button(frame, "review/cancel", strings::cancel, ButtonKind::plain)) frame.ask(OpenDialog{});
    ImGui::SameLine();
    if (button(frame, "review/accept", strings::accept_selected, ButtonKind::primary, 0, ready))
        accept(frame, state);
}

}  // namespace

void draw_review(Frame& frame, ReviewState& state, const FolderSeen& seen) {
    const Metrics& size = frame.theme.size;
    if (!frame.view.review.transfer()) return frame.ask(OpenDialog{});
    if (!begin_card(frame, "review", size.card_wide, strings::review_title)) return;
    if (!state.typed) state.folder = frame.view.review.folder();
    const model::Transfer* transfer = frame.view.transfers.find(*frame.view.review.transfer());
    const model::Peer* peer = transfer ? frame.view.find(transfer->peer) : nullptr;
    if (peer)
        paragraph(dim(frame), std::string(strings::review_from) + safe_name(peer->name) + ": " +
                                  safe_name(transfer->name));
    draw_loading(frame);
    draw_all_or_none(frame);
    draw_list(frame, std::round(ImGui::GetMainViewport()->Size.y * 0.36F));
    vertical_gap(size.s);
    draw_folder(frame, state);
    if (const auto problem = folder_problem(state); !problem.empty())
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger), problem);
    const bool fits = draw_sum(frame, free_bytes(frame, seen, state));
    vertical_gap(size.s);
    draw_end(frame, state, fits);
    end_card();
}

}  // namespace kith::gui
