// SPDX-License-Identifier: MIT
#include "gui/pasted_paths.hpp"

#include <optional>

#include "app/model/types.hpp"
#include "gui/proposed_path.hpp"

namespace kith::gui {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::optional<std::string> path_in(std::string_view line) {
    constexpr std::string_view scheme = "file://";
    if (line.size() > model::path_max * 3) return std::nullopt;
    if (line.starts_with(scheme)) {
        line.remove_prefix(scheme.size());
        if (line.starts_with("localhost/")) line.remove_prefix(9);
        if (!line.starts_with('/')) return std::nullopt;
        return unescaped(line);
    }
    if (line.starts_with("~/") && line.size() > 2) return full_path(line);
    if (!line.starts_with('/') || line.size() < 2) return std::nullopt;
    return std::string(line);
}

}  // namespace

std::vector<std::string> pasted_paths(std::string_view text) {
    std::vector<std::string> paths;
    text = trimmed(text);
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto path = path_in(trimmed(text.substr(0, end)));
        if (!path || path->size() > model::path_max || paths.size() == model::paths_max) return {};
        paths.push_back(*path);
        text = end == std::string_view::npos ? std::string_view{} : trimmed(text.substr(end));
    }
    return paths;
}

}  // namespace kith::gui
