// SPDX-License-Identifier: MIT
//
// Which names look alike. Anybody in the local network may call themselves anything, so a name that
// could be taken for a contact's is shown with a warning. After Unicode TR 39, "skeleton", cut down
// to the letters that are mistaken for Latin ones. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace kith::gui {

/// The same for names that look alike: "Alice", "АLIСE" with Cyrillic letters, "A1ice", "al ice".
/// Not for showing.
[[nodiscard]] std::string name_skeleton(std::string_view name);

}  // namespace kith::gui
