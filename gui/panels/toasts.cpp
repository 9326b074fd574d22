// SPDX-License-Identifier: MIT
#include <cmath>

#include "gui/panels/panels.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr double info_seconds = 3.5, error_seconds = 10;
constexpr std::size_t toasts_max = 3;  ///< older ones stay in the log

// Notices that came since the last frame, newest of them at the end.
void take_new(const Frame& frame, ToastState& state) {
    const std::uint64_t fresh =
        frame.view.notices_seen - std::min(state.notices_seen, frame.view.notices_seen);
    const std::size_t count = std::min<std::size_t>(fresh, frame.view.notices.size());
    state.notices_seen = frame.view.notices_seen;
    for (std::size_t i = frame.view.notices.size() - count; i < frame.view.notices.size(); ++i) {
        const model::Notice& notice = frame.view.notices[i];
        const bool info = notice.level == model::NoticeLevel::info;
        std::string text = safe_text(notice.text);
        // Said again, it stays longer: a pile of the same sentence says no more.
        std::erase_if(state.toasts, [&](const Toast& toast) { return toast.text == text; });
        state.toasts.push_back(
            {notice.level, std::move(text), frame.time + (info ? info_seconds : error_seconds)});
    }
}

void drop_old(const Frame& frame, ToastState& state) {
    std::erase_if(state.toasts, [&](const Toast& toast) { return toast.until <= frame.time; });
    while (state.toasts.size() > toasts_max) state.toasts.pop_front();
}

ImU32 colour_of(const Frame& frame, model::NoticeLevel level) {
    if (level == model::NoticeLevel::error) return frame.theme.colour.danger;
    return level == model::NoticeLevel::warning ? frame.theme.colour.warning
                                                : frame.theme.colour.accent;
}

bool draw_toast(const Frame& frame, const Toast& toast, const std::string& id, float bottom,
                float& top) {
    const Metrics& size = frame.theme.size;
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    const float limit = std::min(size.card_wide, viewport.Size.x - 4 * size.l);
    const ImVec2 text = measure(body(frame), toast.text, limit - 3 * size.l);
    const ImVec2 extent{text.x + 3 * size.l, text.y + 2 * size.m};
    ImGui::SetNextWindowPos({std::round(viewport.GetCenter().x - extent.x / 2), bottom - extent.y});
    ImGui::SetNextWindowSize(extent);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, size.radius);
    ImGui::PushStyleColor(ImGuiCol_WindowBg, frame.theme.colour.surface_active);
    ImGui::Begin(id.c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                     ImGuiWindowFlags_NoNav);
    const bool clicked = ImGui::InvisibleButton("toast", extent);
    const ImVec2 at = ImGui::GetWindowPos();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled({at.x + size.m, at.y + size.m},
                       {at.x + size.m + size.xs, at.y + extent.y - size.m},
                       colour_of(frame, toast.level), size.xs / 2);
    draw.AddText(frame.fonts.regular, size.text, {at.x + 2 * size.l - size.xs, at.y + size.m},
                 frame.theme.colour.text, toast.text.data(), toast.text.data() + toast.text.size(),
                 text.x + 1);
    ImGui::End();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    top = bottom - extent.y - size.s;
    return clicked;
}

}  // namespace

void draw_toasts(Frame& frame, ToastState& state) {
    take_new(frame, state);
    drop_old(frame, state);
    float bottom = ImGui::GetMainViewport()->Size.y - 2 * frame.theme.size.xxl;
    for (std::size_t i = state.toasts.size(); i-- > 0;) {
        Toast& toast = state.toasts[i];
        if (draw_toast(frame, toast, "##toast" + std::to_string(i), bottom, bottom))
            toast.until = 0;
        frame.redraw_in(toast.until - frame.time);
    }
}

}  // namespace kith::gui
