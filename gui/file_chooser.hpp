// SPDX-License-Identifier: MIT
//
// What the desktop does for the window around files: asks for paths, and shows where one is. The
// window's thread calls everything here; nothing blocks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gui/action.hpp"

namespace kith::gui {

struct ChooserAnswer {
    ChoosePaths asked;
    std::vector<std::string> paths;  ///< none: the person has left it
    bool unavailable = false;        ///< nobody can ask here: ask in the window
};

/// What is asked for, for a person.
[[nodiscard]] std::string title_of(const ChoosePaths& wanted);

class FileChooser {
public:
    virtual ~FileChooser() = default;
    /// `title` for a person. One at a time: a second one while the first is open is ignored.
    virtual void choose(const ChoosePaths& wanted, const std::string& title) = 0;
    /// Opens the file manager where `path` is.
    virtual void show_in_folder(const std::string& path) = 0;
    [[nodiscard]] virtual std::optional<ChooserAnswer> next() = 0;
    /// A path that could not be shown.
    [[nodiscard]] virtual std::optional<std::string> next_unshown() = 0;
};

}  // namespace kith::gui
