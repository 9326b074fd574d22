// SPDX-License-Identifier: MIT
//
// What every panel gets while a frame is drawn: what to show (view, theme, fonts, time) and where
// to put what it asks for. Lives for one frame. UI thread.
#pragma once

#include <algorithm>
#include <limits>

#include "gui/action.hpp"
#include "gui/fonts.hpp"
#include "gui/theme.hpp"
#include "gui/view_state.hpp"

namespace kith::gui {

inline constexpr double no_redraw = std::numeric_limits<double>::infinity();

struct Frame {
    const Theme& theme;
    const Fonts& fonts;
    const ViewState& view;
    model::Timestamp now = 0;  ///< wall clock
    double time = 0;           ///< seconds, monotonic: for animations and what fades
    bool window_focused = true;
    Actions actions{};
    double redraw_after = no_redraw;  ///< seconds until the next frame is due without any input

    void ask(Action action) { actions.push_back(std::move(action)); }
    void redraw_in(double seconds) {
        redraw_after = std::min(redraw_after, std::max(0.0, seconds));
    }
};

}  // namespace kith::gui
