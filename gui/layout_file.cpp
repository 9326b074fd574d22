// SPDX-License-Identifier: MIT
#include "gui/layout_file.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include "gui/atomic_file.hpp"

namespace kith::gui {
namespace {

constexpr int place_limit = 32'000;  // pixels; larger desktops do not exist
constexpr int width_min = 480, height_min = 360;
constexpr std::size_t file_max = 4096;  // bytes

std::optional<int> number(std::string_view text, int least, int most) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (value < least || value > most) return std::nullopt;
    return value;
}

void take(WindowLayout& layout, std::string_view key, std::string_view text) {
    const auto set = [&](auto& field, int least, int most) {
        if (const auto value = number(text, least, most))
            field = static_cast<std::remove_reference_t<decltype(field)>>(*value);
    };
    if (key == "x") set(layout.x, -place_limit, place_limit);
    if (key == "y") set(layout.y, -place_limit, place_limit);
    if (key == "width") set(layout.width, width_min, place_limit);
    if (key == "height") set(layout.height, height_min, place_limit);
    if (key == "maximized") set(layout.maximized, 0, 1);
    if (key == "sidebar") set(layout.sidebar, 0, place_limit);
    if (key == "details") set(layout.details, 0, place_limit);
    if (key == "details_open") set(layout.details_open, 0, 1);
    if (key == "nearby_closed") set(layout.nearby_closed, 0, 1);
    if (key == "transfers_open") set(layout.transfers_open, 0, 1);
    if (key == "dark") set(layout.dark, 0, 1);
}

}  // namespace

WindowLayout parse_layout(std::string_view text) {
    WindowLayout layout;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto blank = line.find(' ');
        if (blank != std::string_view::npos)
            take(layout, line.substr(0, blank), line.substr(blank + 1));
    }
    return layout;
}

std::string format_layout(const WindowLayout& layout) {
    std::string text;
    const auto put = [&](std::string_view key, auto value) {
        text.append(key).append(" ").append(std::to_string(static_cast<int>(value))).append("\n");
    };
    put("x", layout.x);
    put("y", layout.y);
    put("width", layout.width);
    put("height", layout.height);
    put("maximized", layout.maximized);
    put("sidebar", layout.sidebar);
    put("details", layout.details);
    put("details_open", layout.details_open);
    put("nearby_closed", layout.nearby_closed);
    put("transfers_open", layout.transfers_open);
    put("dark", layout.dark);
    return text;
}

WindowLayout load_layout(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(file_max, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    return parse_layout(text);
}

void save_layout(const std::filesystem::path& path, const WindowLayout& layout) {
    // Losing the layout loses nothing worth a message.
    if (!path.empty()) (void)write_atomically(path, format_layout(layout));
}

}  // namespace kith::gui
