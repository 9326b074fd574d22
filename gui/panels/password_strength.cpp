// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

// Length and variety only: an honest hint, not a promise.
std::size_t strength_of(std::string_view password) {
    bool lower = false, upper = false, digit = false, other = false;
    for (const char c : password) {
        if (c >= 'a' && c <= 'z')
            lower = true;
        else if (c >= 'A' && c <= 'Z')
            upper = true;
        else if (c >= '0' && c <= '9')
            digit = true;
        else
            other = true;
    }
    const int kinds = lower + upper + digit + other;
    const double bits = static_cast<double>(password.size()) * (kinds <= 1   ? 2.5
                                                                : kinds == 2 ? 3.2
                                                                             : 4.0);
    return bits < 22 ? 0 : bits < 38 ? 1 : bits < 56 ? 2 : 3;
}

}  // namespace

void draw_strength(const Frame& frame, std::string_view password) {
    const Metrics& size = frame.theme.size;
    const Palette& colour = frame.theme.colour;
    const std::size_t strength = strength_of(password);
    const ImU32 fill = strength == 0   ? colour.danger
                       : strength == 3 ? colour.success
                                       : colour.warning;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({width, size.xs});
    const float part = (width - 3 * size.xs) / 4;
    for (std::size_t i = 0; i < 4; ++i) {
        const float x = at.x + static_cast<float>(i) * (part + size.xs);
        ImGui::GetWindowDrawList()->AddRectFilled({x, at.y}, {x + part, at.y + size.xs},
                                                  i <= strength ? fill : colour.surface,
                                                  size.xs / 2);
    }
    line(small_dim(frame), strings::strengths.at(strength));
}

std::string_view password_problem(std::string_view password, std::string_view repeat) {
    if (password.size() > model::password_max) return strings::password_too_long;
    if (!password.empty() && !repeat.empty() && password != repeat)
        return strings::passwords_differ;
    return {};
}

}  // namespace kith::gui
