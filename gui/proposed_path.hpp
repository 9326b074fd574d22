// SPDX-License-Identifier: MIT
//
// Where a file is written unless somebody says otherwise: Documents in the home folder, or that
// itself. UI thread.
#pragma once

#include <string>
#include <string_view>

namespace kith::gui {

/// "/home/ada/Documents/Kith Bob 2026-03-03.txt"; `person` becomes a harmless file name.
[[nodiscard]] std::string proposed_export(std::string_view person);
/// "/home/ada/Documents/Kith Ada 2026-03-03.kithbackup"
[[nodiscard]] std::string proposed_backup(std::string_view own_name);
/// The same with another ending: ".txt" becomes ".json". Without an ending it is added.
[[nodiscard]] std::string with_ending(std::string_view path, std::string_view ending);
/// "~/x" with the home folder in place of the tilde, and without blanks around.
[[nodiscard]] std::string full_path(std::string_view typed);

}  // namespace kith::gui
