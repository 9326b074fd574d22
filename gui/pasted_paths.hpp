// SPDX-License-Identifier: MIT
//
// Paths in a text that was pasted: what a file manager puts into the clipboard, or a path somebody
// copied. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kith::gui {

/// Every line a path that begins with "/" or "~/" or a file:// URI of this machine (RFC 8089);
/// otherwise nothing. At most 1,000.
[[nodiscard]] std::vector<std::string> pasted_paths(std::string_view text);

}  // namespace kith::gui
