// SPDX-License-Identifier: MIT
//
// A virtual desktop: an X server that draws into memory, and a window manager for focus and
// stacking. Mouse and keyboard are those of xdotool: the X server takes them for real ones.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/process.hpp"
#include "tests/window/picture.hpp"

namespace kith::window {

using e2e::Clock;
using e2e::patience;

/// Looks at `condition` until it holds; false after `timeout`.
[[nodiscard]] bool comes_true(const std::function<bool()>& condition,
                              Clock::duration timeout = patience);

class Desktop {
public:
    static constexpr int width = 1600, height = 1000;

    /// Throws, saying what is missing, when a program of scripts/deps --tests is not installed.
    Desktop();

    /// The command line that runs a program here.
    [[nodiscard]] std::vector<std::string> here(std::vector<std::string> command) const;
    [[nodiscard]] std::unique_ptr<e2e::Process> start(std::vector<std::string> command,
                                                      const std::filesystem::path& errors) const;
    e2e::Finished run(std::vector<std::string> command, Clock::duration timeout = patience) const;
    /// Mouse, keyboard and windows; throws when xdotool fails. Gives what it printed.
    std::string xdotool(std::vector<std::string> words) const;
    /// The mouse to a corner where no window is.
    void put_mouse_away() const;
    /// What is on the screen now.
    [[nodiscard]] Picture picture() const;
    /// Keeps it in picture_file(), the first time it is called: what fails first matters. Never
    /// throws.
    void keep_picture() noexcept;
    /// Exists after keep_picture().
    [[nodiscard]] const std::filesystem::path& picture_file() const { return picture_file_; }

private:
    e2e::TemporaryFolder folder_;
    std::string display_;
    std::unique_ptr<e2e::Process> server_, manager_;
    std::filesystem::path picture_file_;
    bool picture_kept_ = false;
};

}  // namespace kith::window
