// SPDX-License-Identifier: MIT
//
// What other people wrote, made safe to show. Names and texts come from strangers: control
// characters, bidirectional overrides and invisible characters could make one name look like
// another or turn a line around (Unicode TR 36 and TR 39, "Trojan Source"). Any thread.
#pragma once

#include <string>
#include <string_view>

namespace kith::gui {

/// A name on one line: what acts on the layout becomes U+FFFD, what cannot be seen is taken out,
/// blanks are collapsed, piles of combining marks are cut. Never empty: `unnamed` if nothing is
/// left.
[[nodiscard]] std::string safe_name(std::string_view name);

/// A message: as safe_name, but lines and blanks stay as they are.
[[nodiscard]] std::string safe_text(std::string_view text);

/// A single line for lists, from a message of many.
[[nodiscard]] std::string safe_line(std::string_view text);

}  // namespace kith::gui
