// SPDX-License-Identifier: MIT
//
// A preview, as large as the window allows.
#include <algorithm>
#include <cmath>

#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {

void draw_picture_viewer(Frame& frame, const model::TransferId& id) {
    const Metrics& size = frame.theme.size;
    const ImVec2 screen = ImGui::GetMainViewport()->Size;
    const auto held = frame.view.pictures.find(id);
    const model::Transfer* transfer = frame.view.transfers.find(id);
    frame.pictures_in_view.push_back({id, transfer ? transfer->path : std::string()});
    const ImVec2 room{screen.x - 2 * size.xxl - 2 * size.xl, screen.y - 4 * size.xxl - 2 * size.xl};
    ImVec2 shown{size.card, 0};
    if (held != frame.view.pictures.end() && held->second.height > 0) {
        const auto wide = static_cast<float>(held->second.width);
        const auto high = static_cast<float>(held->second.height);
        const float scale = std::min(room.x / wide, room.y / high);
        shown = {std::round(wide * scale), std::round(high * scale)};
    }
    const float width = std::max(size.card, shown.x + 2 * size.xl);
    if (!begin_card(frame, "picture", width, transfer ? safe_name(transfer->name) : std::string()))
        return;
    if (shown.y > 0) {
        const float room_left = ImGui::GetContentRegionAvail().x - shown.x;
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0F, std::round(room_left / 2)));
        ImGui::Image(ImTextureRef(held->second.texture), shown);
    } else {
        paragraph(dim(frame), strings::no_picture);
    }
    vertical_gap(size.s);
    align_right(button_width(frame, strings::close));
    if (button(frame, "picture/close", strings::close, ButtonKind::plain)) frame.ask(OpenDialog{});
    end_card();
}

}  // namespace kith::gui
