// SPDX-License-Identifier: MIT
//
// The pictograms of the window, drawn as strokes so that they are sharp at any scale. UI thread.
#pragma once

#include <imgui.h>

namespace kith::gui {

enum class Icon {
    copy,
    check,
    check_double,
    clock,
    warning,
    add_person,
    new_window,
    sun,
    moon,
    pulse,
    keyboard,
    search,
    close,
    arrow_down,
    send,
    info,
    shield,
    pencil,
    trash,
    block,
    lock,
    reply,
    dots,
    smile,
    gear,
    timer,
    save,
    key,
    brush,
    plus,
    minus,
    arrow_left,
    arrow_right,
    qr,
    network,
    file,
    folder,
    picture,
    music,
    film,
    archive,
    clip,
    transfers,
    pause,
    play,
    refresh,
};

/// Inside the square of `size` pixels whose upper left corner is `corner`.
void draw_icon(ImDrawList& draw, Icon icon, ImVec2 corner, float size, ImU32 colour);

}  // namespace kith::gui
