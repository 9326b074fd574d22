// SPDX-License-Identifier: MIT
//
// The window of Kith: the only thing app/ needs to know of gui/.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>

#include "app/model/window_port.hpp"

namespace kith::gui {

struct WindowOptions {
    std::string title = "Kith";
    std::filesystem::path layout_file;    ///< geometry and panel sizes; empty: not kept
    std::filesystem::path item_map_file;  ///< see recorder.hpp; empty: from KITH_UI_MAP, if set
};

/// Shows the window and runs its event loop until the port says Close. Starts in Stage::working.
/// Closing the window sends Quit and goes on until Close, so that the node can end in order.
/// Main thread. Fails with a sentence for a person where there is no display or no OpenGL 3.3.
[[nodiscard]] tl::expected<void, model::Error> run_window(model::WindowPort& port,
                                                          const WindowOptions& options);

/// Something waits at the port: the event loop looks at once. Any thread, at any time, also before
/// run_window() starts and after it returned.
void wake_window();

}  // namespace kith::gui
