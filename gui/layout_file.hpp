// SPDX-License-Identifier: MIT
//
// Where the window was and how wide its panels were: a few "key value" lines in the profile's
// folder. Nothing in it is secret or precious; what does not make sense is ignored. UI thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace kith::gui {

struct WindowLayout {
    int x = -1, y = -1;  ///< -1: wherever the desktop puts it
    int width = 1100, height = 740;
    bool maximized = false;
    float sidebar = 0, details = 0;  ///< at scale 1; 0: the theme's
    bool details_open = false, nearby_closed = false, transfers_open = false;
    bool dark = true;  ///< the theme to start in, before the profile is open
    bool operator==(const WindowLayout&) const = default;
};

[[nodiscard]] WindowLayout parse_layout(std::string_view text);
[[nodiscard]] std::string format_layout(const WindowLayout& layout);

[[nodiscard]] WindowLayout load_layout(const std::filesystem::path& path);
void save_layout(const std::filesystem::path& path, const WindowLayout& layout);

}  // namespace kith::gui
