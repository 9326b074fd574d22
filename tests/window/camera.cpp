// SPDX-License-Identifier: MIT
#include "tests/window/camera.hpp"

#include <iostream>
#include <utility>

namespace kith::window {

std::filesystem::path Camera::file_of(const std::string& name) const {
    std::cout << name << ".png" << std::endl;
    return folder_ / (name + ".png");
}

void Camera::take(const std::string& name) {
    const auto file = file_of(name);
    desktop_.put_mouse_away();
    std::vector<std::uint8_t> last;
    window_.wait_until("a window that stands still", [&] {
        window_.ask({{"cmd", "screenshot"}, {"path", file.string()}});
        const auto before = std::exchange(last, read_png(file).rgb);
        return before == last;
    });
}

void Camera::take_moving(const std::string& name) {
    window_.ask({{"cmd", "screenshot"}, {"path", file_of(name).string()}});
}

void Camera::take_from_screen(const std::string& name) {
    desktop_.put_mouse_away();
    Picture last;
    window_.wait_until("a window that stands still", [&] {
        const Picture before = std::exchange(last, window_.picture());
        return before.rgb == last.rgb;
    });
    write_png(file_of(name), last);
}

}  // namespace kith::window
