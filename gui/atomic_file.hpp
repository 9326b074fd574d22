// SPDX-License-Identifier: MIT
//
// Small files that are either old or new, never half. Any thread.
#pragma once

#include <filesystem>
#include <string_view>

namespace kith::gui {

/// Writes a file beside `path` and renames it. False when that cannot be done.
[[nodiscard]] bool write_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace kith::gui
