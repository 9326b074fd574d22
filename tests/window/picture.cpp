// SPDX-License-Identifier: MIT
#include "tests/window/picture.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wuseless-cast"
#pragma GCC diagnostic ignored "-Wduplicated-branches"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#include <stb_image.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb_image_write.h>
#pragma GCC diagnostic pop

namespace kith::window {
namespace {

// X11/XWDFile.h: big-endian words, by their place in the header.
enum XwdWord : std::size_t {
    header_size = 0,
    pixmap_width = 4,
    pixmap_height = 5,
    bytes_per_line = 12,
    colour_count = 19,
    words = 25,
};
constexpr std::size_t colour_entry_size = 12;

std::size_t word(const std::string& bytes, XwdWord which) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8 | static_cast<std::uint8_t>(bytes.at(which * 4 + i));
    }
    return value;
}

}  // namespace

std::size_t Picture::colours() const {
    std::set<std::array<std::uint8_t, 3>> seen;
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
        seen.insert({rgb[i], rgb[i + 1], rgb[i + 2]});
    }
    return seen.size();
}

Picture crop(const Picture& whole, int x, int y, int width, int height) {
    Picture part{std::min(width, whole.width - x), std::min(height, whole.height - y), {}};
    const auto row_size = static_cast<std::ptrdiff_t>(part.width) * 3;
    for (int row = y; row < y + part.height; ++row) {
        const auto start =
            whole.rgb.begin() + (static_cast<std::ptrdiff_t>(row) * whole.width + x) * 3;
        part.rgb.insert(part.rgb.end(), start, start + row_size);
    }
    return part;
}

Picture read_png(const std::filesystem::path& file) {
    Picture picture;
    int channels = 0;
    unsigned char* pixels =
        stbi_load(file.c_str(), &picture.width, &picture.height, &channels, STBI_rgb);
    if (pixels == nullptr) throw std::runtime_error(file.string() + " is not a picture");
    const auto size =
        static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3;
    picture.rgb.assign(pixels, pixels + size);
    stbi_image_free(pixels);
    return picture;
}

Picture read_xwd(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (bytes.size() < words * 4) throw std::runtime_error("no screen in " + file.string());
    const std::size_t width = word(bytes, pixmap_width), height = word(bytes, pixmap_height);
    const std::size_t start =
        word(bytes, header_size) + word(bytes, colour_count) * colour_entry_size;
    Picture picture{static_cast<int>(width), static_cast<int>(height), {}};
    picture.rgb.reserve(width * height * 3);
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t pixel = start + y * word(bytes, bytes_per_line) + x * 4;
            for (const std::size_t channel : {2, 1, 0}) {  // blue first in memory
                picture.rgb.push_back(static_cast<std::uint8_t>(bytes.at(pixel + channel)));
            }
        }
    }
    return picture;
}

void write_png(const std::filesystem::path& file, const Picture& picture) {
    const int done = stbi_write_png(file.c_str(), picture.width, picture.height, 3,
                                    picture.rgb.data(), picture.width * 3);
    if (done == 0) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace kith::window
