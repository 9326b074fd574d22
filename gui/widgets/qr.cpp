// SPDX-License-Identifier: MIT
#include "gui/widgets/qr.hpp"

#include <algorithm>
#include <cmath>

namespace kith::gui {
namespace {

constexpr float wished_side = 270;  // pixels at scale 1
constexpr float module_min = 3;
constexpr ImU32 dark = IM_COL32(0, 0, 0, 255), light = IM_COL32(255, 255, 255, 255);

struct Run {
    std::size_t x, y, length;
};

// Dark modules side by side are one rectangle.
std::vector<Run> runs_of(const model::QrCode& code) {
    std::vector<Run> runs;
    for (std::size_t y = 0; y < code.size; ++y)
        for (std::size_t x = 0; x < code.size; ++x) {
            if (!code.dark(x, y)) continue;
            const std::size_t start = x;
            while (x < code.size && code.dark(x, y)) ++x;
            runs.push_back({start, y, x - start});
        }
    return runs;
}

}  // namespace

float qr_module(const model::QrCode& code, float scale) {
    const auto modules = static_cast<float>(code.size + 2 * model::qr_quiet_zone);
    return std::max(module_min, std::floor(wished_side * scale / modules));
}

void draw_qr(const Frame& frame, const model::QrCode& code) {
    const float module = qr_module(code, frame.theme.size.scale);
    const float side = module * static_cast<float>(code.size + 2 * model::qr_quiet_zone);
    const float room = ImGui::GetContentRegionAvail().x - side;
    if (room > 0) ImGui::SetCursorPosX(std::round(ImGui::GetCursorPosX() + room / 2));
    const ImVec2 item = ImGui::GetCursorScreenPos();
    const ImVec2 at{std::round(item.x), std::round(item.y)};
    ImGui::Dummy({side, side});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(at, {at.x + side, at.y + side}, light, frame.theme.size.radius_small);
    const float start = module * static_cast<float>(model::qr_quiet_zone);
    const std::vector<Run> runs = runs_of(code);
    const int count = static_cast<int>(runs.size());
    draw.PrimReserve(count * 6, count * 4);
    for (const Run& run : runs) {
        const ImVec2 min{at.x + start + module * static_cast<float>(run.x),
                         at.y + start + module * static_cast<float>(run.y)};
        draw.PrimRect(min, {min.x + module * static_cast<float>(run.length), min.y + module}, dark);
    }
}

}  // namespace kith::gui
