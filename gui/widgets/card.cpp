// SPDX-License-Identifier: MIT
#include "gui/widgets/card.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr ImGuiWindowFlags card_flags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                        ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                        ImGuiWindowFlags_AlwaysAutoResize;

void push_style(const Metrics& size) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {size.xl, size.xl});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, size.bubble_radius);
    ImGui::PushStyleVar(ImGuiStyleVar_PopupRounding, size.bubble_radius);
}

// A menu that is open inside the card takes Esc and clicks first. Dear ImGui has closed it before
// this frame is drawn, so what counts is the frame before.
bool menu_was_open(const char* id) {
    bool& before = *ImGui::GetStateStorage()->GetBoolRef(ImGui::GetID(id));
    const bool now = ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId);
    return std::exchange(before, now) || now;
}

bool wants_close() {
    if (menu_was_open("menu-open")) return false;
    if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) return true;
    const bool outside = !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows |
                                                 ImGuiHoveredFlags_AllowWhenBlockedByActiveItem |
                                                 ImGuiHoveredFlags_AllowWhenBlockedByPopup);
    return outside && !ImGui::IsWindowAppearing() && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
}

}  // namespace

bool begin_card(Frame& frame, const char* id, float width, std::string_view title_text) {
    const Metrics& size = frame.theme.size;
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    if (!ImGui::IsPopupOpen(id)) ImGui::OpenPopup(id);
    width = std::min(width, viewport.Size.x - 2 * size.l);
    ImGui::SetNextWindowPos(viewport.GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::SetNextWindowSizeConstraints({width, 0}, {width, viewport.Size.y - 2 * size.l});
    push_style(size);
    const bool shown = ImGui::BeginPopupModal(id, nullptr, card_flags);
    ImGui::PopStyleVar(3);
    if (!shown) return false;
    if (wants_close()) frame.ask(OpenDialog{Dialog::none});
    if (!title_text.empty()) {
        line(title(frame), title_text);
        vertical_gap(size.s);
    }
    return true;
}

float height_in_card(const Frame& frame, float wished, float below) {
    const Metrics& size = frame.theme.size;
    const float most = ImGui::GetMainViewport()->Size.y - 2 * size.l;
    const float room =
        most - ImGui::GetCursorPosY() - below - ImGui::GetStyle().ItemSpacing.y - size.xl;
    return std::round(std::clamp(room, std::min(wished, 2 * size.xxl), wished));
}

void end_card() { ImGui::EndPopup(); }

void align_right(float width) {
    const float room = ImGui::GetContentRegionAvail().x - width;
    if (room > 0) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + room);
}

}  // namespace kith::gui
