// SPDX-License-Identifier: MIT
#include "gui/columns.hpp"

#include <algorithm>
#include <cmath>

namespace kith::gui {
namespace {

// Under this part of its usual height beside the drawer, a conversation is of no use.
constexpr float rest_share = 0.6F;

float width_of(float remembered, float usual, float least, float most, float scale) {
    return std::round(
        std::clamp(remembered > 0 ? remembered * scale : usual, least, std::max(least, most)));
}

float drawer_height(const Metrics& size, float room) {
    if (room - size.drawer < size.drawer * rest_share) return room;
    return std::round(std::min(size.drawer, room / 2));
}

void fill_one(Columns& columns, float width, const Shown& shown) {
    columns.one = true;
    float& chosen = shown.details ? columns.details : columns.chat;
    (shown.chat ? chosen : columns.sidebar) = width;
}

// The list gives way first; then the details stand in the chat's place.
void fill(Columns& columns, const Metrics& size, float width, const Shown& shown) {
    const float room = width - size.sidebar_min - size.chat_min;
    const bool all = shown.details && room >= size.details_min;
    const float beside = size.chat_min + (all ? size.details_min : 0);
    columns.sidebar = width_of(shown.sizes.sidebar, size.sidebar, size.sidebar_min,
                               std::min(size.sidebar_max, width - beside), size.scale);
    const float rest = width - columns.sidebar;
    if (all)
        columns.details = width_of(shown.sizes.details, size.details, size.details_min,
                                   std::min(size.details_max, rest - size.chat_min), size.scale);
    else if (shown.details)
        columns.details = rest;
    columns.chat = rest - columns.details;
}

}  // namespace

Columns arrange_columns(const Metrics& size, ImVec2 page, const Shown& shown) {
    Columns columns;
    columns.top = size.toolbar + size.line;
    const float room = page.y - columns.top;
    if (shown.transfers) columns.drawer = drawer_height(size, room);
    columns.height = room - columns.drawer;
    if (page.x < size.sidebar_min + size.chat_min)
        fill_one(columns, page.x, shown);
    else
        fill(columns, size, page.x, shown);
    return columns;
}

}  // namespace kith::gui
