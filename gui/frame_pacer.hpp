// SPDX-License-Identifier: MIT
//
// Decides when a frame is drawn: after something happened, for a couple of frames more so that what
// Dear ImGui computes with a frame's delay settles, and when an animation is due. Otherwise never:
// an idle window costs nothing. UI thread; no clock of its own.
#pragma once

#include <limits>

namespace kith::gui {

class FramePacer {
public:
    static constexpr int settle_frames = 3;
    static constexpr double forever = std::numeric_limits<double>::infinity();

    /// Input, an event, a resize.
    void poke() { owed_ = settle_frames; }
    [[nodiscard]] bool due(double now) const { return owed_ > 0 || now >= due_at_; }
    /// A frame was drawn; the next one is wanted `after` seconds from `now`.
    void drawn(double now, double after) {
        if (owed_ > 0) --owed_;
        due_at_ = now + after;
    }
    /// How long the event loop may sleep, in seconds; forever when only input can change anything.
    [[nodiscard]] double sleep(double now) const {
        if (due(now)) return 0;
        return due_at_ - now;
    }

private:
    int owed_ = settle_frames;
    double due_at_ = forever;
};

}  // namespace kith::gui
