// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr std::size_t rows_wished = 5;

float row_height(const Frame& frame) {
    return frame.theme.size.avatar_small + 2 * frame.theme.size.s;
}

// Where they are heard, so that two machines of one person can be told apart; the fingerprint where
// the name could mislead.
std::string second_line(const model::Peer& peer, bool doubtful) {
    std::string text = doubtful ? grouped_short_id(peer.id) : peer.address;
    if (peer.presence != model::Presence::idle) return text;
    std::string words(strings::quiet);
    if (!text.empty()) words.append(" · ").append(text);
    return words;
}

void draw_who(Frame& frame, const model::Peer& peer, ImVec2 min, float right) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const bool idle = peer.presence == model::Presence::idle;
    const std::string name = safe_name(peer.name);
    const ImVec2 corner{min.x + size.m, min.y + size.s};
    draw_avatar(frame, draw, corner, size.avatar_small, peer.id, name);
    const float radius = size.avatar_small / 2;
    if (idle)
        draw.AddCircleFilled({corner.x + radius, corner.y + radius}, radius + size.line,
                             with_alpha(colour.sidebar, 0.55F));
    const bool doubtful = frame.view.looks_like_another(peer);
    float left = corner.x + size.avatar_small + size.m;
    draw_line(draw, idle ? coloured(bold(frame), colour.text_dim) : bold(frame), {left, corner.y},
              right, name);
    const float below = corner.y + size.text;
    if (doubtful) {
        draw_icon(draw, Icon::warning, {left, below}, size.small, colour.warning);
        left += size.small + size.xs;
    }
    draw_line(draw, small_dim(frame), {left, below}, right, second_line(peer, doubtful));
}

void draw_add(Frame& frame, const model::Peer& peer, ImVec2 at, float width) {
    const bool asking = frame.view.asking.contains(peer.id);
    const std::string id = "nearby/" + short_id(peer.id) + "/add";
    ImGui::SetCursorScreenPos(at);
    const auto text = asking ? strings::asking_nearby : strings::add_nearby;
    if (button(frame, id.c_str(), text, ButtonKind::plain, width, !asking))
        frame.ask(model::Command{model::AddNearby{peer.id, {}}});
}

void draw_row(Frame& frame, const model::Peer& peer) {
    const Metrics& size = frame.theme.size;
    const float height = row_height(frame);
    const ImVec2 min = ImGui::GetCursorScreenPos();
    const float right = min.x + ImGui::GetContentRegionAvail().x;
    const float width = std::max(button_width(frame, strings::add_nearby),
                                 button_width(frame, strings::asking_nearby));
    const float left = right - width - size.s;
    ImGui::SetNextItemAllowOverlap();
    const std::string id = "nearby/" + short_id(peer.id);
    ImGui::InvisibleButton(id.c_str(), {std::max(1.0F, left - min.x), height});
    tooltip(frame, frame.view.looks_like_another(peer)
                       ? std::string(strings::lookalike) + grouped_short_id(peer.id)
                       : std::string(strings::fingerprint) + " " + grouped_short_id(peer.id));
    draw_who(frame, peer, min, left - size.s);
    draw_add(frame, peer, {left, min.y + (height - size.control) / 2}, width);
    ImGui::SetCursorScreenPos({min.x, min.y + height});
    ImGui::Dummy({0, 0});
}

void draw_header(Frame& frame, NearbyState& state, std::size_t count) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    if (ImGui::InvisibleButton("nearby/header", {width, size.control}, ImGuiButtonFlags_EnableNav))
        state.closed = !state.closed;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered())
        draw.AddRectFilled(at, {at.x + width, at.y + size.control}, colour.surface, size.radius);
    focus_ring(frame, size.radius);
    std::string text(strings::nearby);
    if (count > 0) text += " · " + std::to_string(count);
    draw_line(draw, coloured(bold(frame), colour.accent),
              {at.x + size.m, at.y + (size.control - size.text) / 2}, at.x + width, text);
    const float icon_top = at.y + (size.control - size.icon) / 2;
    float right = at.x + width - size.m - size.icon;
    draw_icon(draw, state.closed ? Icon::arrow_right : Icon::arrow_down, {right, icon_top},
              size.icon, colour.text_dim);
    if (!frame.view.profile.private_team) return;
    right -= size.icon + size.s;
    draw_icon(draw, Icon::lock, {right, icon_top}, size.icon, colour.text_dim);
}

std::string_view empty_text(const ViewState& view, bool filtered) {
    if (filtered) return strings::nothing_found;
    if (!view.network.discovery_problem.empty()) return view.network.discovery_problem;
    return view.profile.private_team ? strings::nobody_near_team : strings::nobody_near;
}

void draw_empty(Frame& frame, bool filtered) {
    const Metrics& size = frame.theme.size;
    ImGui::Indent(size.m);
    paragraph(small_dim(frame), safe_text(empty_text(frame.view, filtered)));
    if (!filtered && button(frame, "nearby/by-address", strings::by_address, ButtonKind::link))
        frame.ask(OpenDialog{Dialog::add_contact});
    ImGui::Unindent(size.m);
}

void draw_hidden(const Frame& frame) {
    if (frame.view.settings.visible) return;
    ImGui::Indent(frame.theme.size.m);
    paragraph(coloured(small_dim(frame), frame.theme.colour.warning), strings::hidden_here);
    ImGui::Unindent(frame.theme.size.m);
}

std::vector<const model::Peer*> found_nearby(const ViewState& view, std::string_view filter) {
    std::vector<const model::Peer*> found;
    for (const model::PeerId& id : view.nearby)
        if (const model::Peer* peer = view.find(id); peer && name_matches(*peer, filter))
            found.push_back(peer);
    return found;
}

void draw_rows(Frame& frame, const std::vector<const model::Peer*>& people) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::BeginChild("nearby-rows", {0, 0});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(people.size()), row_height(frame));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
            draw_row(frame, *people[static_cast<std::size_t>(i)]);
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

}  // namespace

float draw_nearby(Frame& frame, NearbyState& state, std::string_view filter) {
    const Metrics& size = frame.theme.size;
    const float side = size.xs + size.s / 2;
    ImGui::SetCursorPos({side, size.xs});
    ImGui::BeginChild("nearby-section", {-side, 0}, 0, ImGuiWindowFlags_NoScrollWithMouse);
    draw_header(frame, state, frame.view.nearby.size());
    float height = ImGui::GetCursorPosY();
    if (!state.closed) {
        draw_hidden(frame);
        const auto people = found_nearby(frame.view, filter);
        if (people.empty()) draw_empty(frame, !filter.empty() && !frame.view.nearby.empty());
        height = ImGui::GetCursorPosY();
        height += static_cast<float>(std::min(people.size(), rows_wished)) * row_height(frame);
        if (!people.empty()) draw_rows(frame, people);
    }
    ImGui::EndChild();
    return height + size.xs;
}

}  // namespace kith::gui
