// SPDX-License-Identifier: MIT
//
// Takes the pictures of the documentation: of one window, into one folder, as name.png.
#pragma once

#include <string>

#include "tests/window/kith_window.hpp"

namespace kith::window {

class Camera {
public:
    Camera(Desktop& desktop, KithWindow& window, std::filesystem::path folder)
        : desktop_(desktop), window_(window), folder_(std::move(folder)) {}

    /// Once everything typed and clicked is on screen: when two pictures in a row are the same.
    /// The mouse goes out of the way first.
    void take(const std::string& name);
    /// At once, for what never stands still.
    void take_moving(const std::string& name);
    /// From the screen, as there is no control socket before a profile exists.
    void take_from_screen(const std::string& name);

private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& name) const;

    Desktop& desktop_;
    KithWindow& window_;
    std::filesystem::path folder_;
};

}  // namespace kith::window
