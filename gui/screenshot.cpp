// SPDX-License-Identifier: MIT
#include "gui/screenshot.hpp"

#include "gui/strings.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb_image_write.h>
#pragma GCC diagnostic pop

namespace kith::gui {

std::string write_png(const std::string& path, int width, int height,
                      const std::vector<std::uint8_t>& rgb) {
    if (!path.ends_with(".png")) return std::string(strings::not_png);
    stbi_flip_vertically_on_write(1);
    const bool written = stbi_write_png(path.c_str(), width, height, 3, rgb.data(), width * 3) != 0;
    return written ? std::string() : std::string(strings::png_failed);
}

}  // namespace kith::gui
