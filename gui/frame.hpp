// SPDX-License-Identifier: MIT
//
// What every panel gets while a frame is drawn: what to show (view, theme, fonts, time) and where
// to put what it asks for. Lives for one frame. UI thread.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "gui/action.hpp"
#include "gui/fonts.hpp"
#include "gui/theme.hpp"
#include "gui/view_state.hpp"

namespace kith::gui {

inline constexpr double no_redraw = std::numeric_limits<double>::infinity();

/// Where files can be dropped, on the screen. `peer`: who gets them.
struct DropTarget {
    ImVec2 min, max;
    model::PeerId peer;
};

/// A preview that is drawn or wished for, and the file it is read from.
struct PictureInView {
    model::TransferId transfer;
    std::string path;
};

struct Frame {
    const Theme& theme;
    const Fonts& fonts;
    const ViewState& view;
    model::Timestamp now = 0;  ///< wall clock
    double time = 0;           ///< seconds, monotonic: for animations and what fades
    bool window_focused = true;
    Actions actions{};
    std::vector<DropTarget> drop_targets{};  ///< a later one lies above an earlier one
    std::vector<PictureInView> pictures_in_view{};
    std::optional<model::PeerId> glowing{};  ///< files were just dropped on them
    double redraw_after = no_redraw;  ///< seconds until the next frame is due without any input

    /// Files can be dropped within [min, max], as far as the current window shows it.
    void take_drops(ImVec2 min, ImVec2 max, const model::PeerId& peer) {
        const ImVec2 at = ImGui::GetWindowPos(), extent = ImGui::GetWindowSize();
        drop_targets.push_back(
            {{std::max(min.x, at.x), std::max(min.y, at.y)},
             {std::min(max.x, at.x + extent.x), std::min(max.y, at.y + extent.y)},
             peer});
    }
    void ask(Action action) { actions.push_back(std::move(action)); }
    void redraw_in(double seconds) {
        redraw_after = std::min(redraw_after, std::max(0.0, seconds));
    }
};

}  // namespace kith::gui
