// SPDX-License-Identifier: MIT
//
// The desktop's file manager, opened where a file is. Any thread; blocks for seconds at most.
#pragma once

#include <string>
#include <string_view>

namespace kith::gui {

/// By org.freedesktop.FileManager1, else by xdg-open on the folder. The file itself is never
/// opened: what a stranger sent is run by nobody but the person. False when neither is there.
[[nodiscard]] bool show_in_file_manager(const std::string& path);

/// "file:///home/ada/a%20b" (RFC 8089).
[[nodiscard]] std::string file_uri(std::string_view path);

}  // namespace kith::gui
