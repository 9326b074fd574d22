// SPDX-License-Identifier: MIT
//
// Whether somebody sits in front of the window: input in a window that has the keyboard is a sign
// of life, five minutes without one mean that they are away. Draws nothing: the event loop asks
// when to look next. UI thread; no clock of its own.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>

namespace kith::gui {

class Activity {
public:
    static constexpr double away_after = 5 * 60;  ///< seconds

    /// Input arrived or not, and whether the window has the keyboard. Returns what others have to
    /// be told, if it has changed.
    std::optional<bool> look(double now, bool input, bool focused) {
        if (focused && (input || !focused_)) alive_at_ = now;
        focused_ = focused;
        return change(now - alive_at_ < away_after);
    }
    /// How long the event loop may sleep, in seconds; forever while they are away.
    [[nodiscard]] double sleep(double now) const {
        if (!told_) return std::numeric_limits<double>::infinity();
        return std::max(0.0, alive_at_ + away_after - now);
    }

private:
    std::optional<bool> change(bool active) {
        if (active == told_) return std::nullopt;
        told_ = active;
        return active;
    }

    double alive_at_ = 0;
    bool focused_ = false;
    bool told_ = true;  ///< a node starts with somebody there
};

}  // namespace kith::gui
