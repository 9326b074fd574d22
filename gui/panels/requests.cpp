// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr float greeting_lines = 3;

void draw_who(const Frame& frame, const model::Request& request) {
    const Metrics& size = frame.theme.size;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float right = at.x + ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({right - at.x, size.avatar_small});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const std::string name = safe_name(request.name);
    draw_avatar(frame, draw, at, size.avatar_small, request.peer, name);
    const float left = at.x + size.avatar_small + size.m;
    draw_line(draw, bold(frame), {left, at.y}, right, name);
    const std::string below = short_id(request.peer) + " · " + short_text(request.at, frame.now);
    draw_line(draw, small_dim(frame), {left, at.y + size.text}, right, below);
}

void draw_greeting(const Frame& frame, const model::Request& request) {
    const Metrics& size = frame.theme.size;
    const std::string greeting = safe_line(request.greeting);
    if (greeting.empty()) return;
    const float width = ImGui::GetContentRegionAvail().x;
    const float height =
        std::min(measure(small_dim(frame), greeting, width).y, greeting_lines * size.small);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushClipRect(at, {at.x + width, at.y + height}, true);
    ImGui::GetWindowDrawList()->AddText(frame.fonts.regular, size.small, at,
                                        frame.theme.colour.text_dim, greeting.data(),
                                        greeting.data() + greeting.size(), width);
    ImGui::PopClipRect();
    ImGui::Dummy({width, height});
}

void draw_decisions(Frame& frame, const model::Request& request) {
    const std::string id = "request/" + short_id(request.peer);
    const bool open = !frame.view.answered.contains(request.peer);
    const float width = (ImGui::GetContentRegionAvail().x - 2 * frame.theme.size.s) / 3;
    if (button(frame, (id + "/accept").c_str(), strings::accept, ButtonKind::primary, width, open))
        frame.ask(model::Command{model::AcceptRequest{request.peer}});
    ImGui::SameLine();
    if (button(frame, (id + "/deny").c_str(), strings::deny, ButtonKind::plain, width, open))
        frame.ask(model::Command{model::DenyRequest{request.peer}});
    ImGui::SameLine();
    if (button(frame, (id + "/block").c_str(), strings::block, ButtonKind::danger, width, open))
        frame.ask(model::Command{model::BlockPeer{request.peer}});
}

}  // namespace

float draw_requests(Frame& frame) {
    const Metrics& size = frame.theme.size;
    const std::string caption =
        std::string(strings::requests) + " · " + std::to_string(frame.view.requests.size());
    ImGui::SetCursorPos({size.m, size.m});
    ImGui::BeginChild("cards", {-size.m, 0});
    line(coloured(bold(frame), frame.theme.colour.accent), caption);
    for (const model::Request& request : frame.view.requests) {
        draw_who(frame, request);
        draw_greeting(frame, request);
        draw_decisions(frame, request);
        vertical_gap(size.m);
    }
    const float height = ImGui::GetCursorPosY() + size.m;
    ImGui::EndChild();
    return height;
}

}  // namespace kith::gui
