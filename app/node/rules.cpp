// SPDX-License-Identifier: MIT
#include "app/node/rules.hpp"

#include <algorithm>

#include "app/files/naming.hpp"
#include "app/node/addresses.hpp"
#include "net/utf8.hpp"

namespace kith::node {
namespace {

struct Range {
    char32_t first, last;
};

// White_Space, Cc, the invisible ones of Cf and letters that look like nothing (Unicode 15), but
// for those emoji are made with.
constexpr Range blank[] = {
    {0x00, 0x20},       {0x7f, 0xa0},       {0xad, 0xad},       {0x034f, 0x034f},
    {0x061c, 0x061c},   {0x115f, 0x1160},   {0x1680, 0x1680},   {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x2000, 0x200c},   {0x200e, 0x200f},   {0x2028, 0x202f},
    {0x205f, 0x206f},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe001f}, {0xe0080, 0xe0fff},
};
// Zero width joiner, variation selectors, tags: part of an emoji, but none of them is one.
constexpr Range joining[] = {{0x200d, 0x200d}, {0xfe00, 0xfe0f}, {0xe0020, 0xe007f}};

bool among(char32_t c, const auto& ranges) {
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [c](Range range) { return c >= range.first && c <= range.last; });
}

/// The next code point of valid UTF-8.
char32_t next(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t c = size == 1 ? lead : lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i)
        c = c << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    text.remove_prefix(size);
    return c;
}

bool is_visible(std::string_view emoji) {
    bool visible = false;
    while (!emoji.empty()) {
        const char32_t c = next(emoji);
        if (among(c, blank)) return false;
        visible = visible || !among(c, joining);
    }
    return visible;
}

Problem bad_request(std::string text) { return model::Error{"bad_request", std::move(text)}; }

}  // namespace

Problem text_problem(std::string_view text) {
    if (text.empty()) return model::Error{"empty", "The message is empty."};
    if (text.size() > model::text_max) {
        return model::Error{"too_long", "The message is too long: 64 KiB at most. Split it."};
    }
    if (!net::valid_utf8(text)) return bad_request("The message is not valid UTF-8.");
    return std::nullopt;
}

Problem emoji_problem(std::string_view emoji) {
    if (emoji.empty()) return model::Error{"empty", "The reaction is empty."};
    if (emoji.size() > model::emoji_max) {
        return model::Error{"too_long", "The reaction is too long: 64 bytes of UTF-8 at most."};
    }
    if (!net::valid_utf8(emoji)) return bad_request("The reaction is not valid UTF-8.");
    if (!is_visible(emoji)) {
        return bad_request("A reaction is one emoji, without spaces or control characters.");
    }
    return std::nullopt;
}

Problem query_problem(std::string_view query) {
    if (query.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return model::Error{"empty", "There is nothing to search for."};
    }
    if (query.size() > model::query_max) {
        return model::Error{"too_long", "The search is too long: 256 bytes of UTF-8 at most."};
    }
    if (!net::valid_utf8(query)) return bad_request("The search is not valid UTF-8.");
    return std::nullopt;
}

namespace {

bool is_path(std::string_view path) {
    return path.starts_with('/') && path.size() <= model::path_max &&
           path.find_first_of(std::string_view("\n\0", 2)) == std::string_view::npos;
}

Problem files_problem(const model::Settings& settings) {
    if (!settings.downloads.empty() && !is_path(settings.downloads))
        return bad_request("The folder for received files is an absolute path.");
    if (settings.naming.empty()) return std::nullopt;
    if (settings.naming.size() > model::naming_max)
        return bad_request("The naming of received files is too long: 256 bytes at most.");
    const auto parsed = files::parse_naming(settings.naming);
    if (!parsed) return bad_request(parsed.error());
    return std::nullopt;
}

}  // namespace

Problem paths_problem(const std::vector<std::string>& paths) {
    if (paths.empty()) return model::Error{"empty", "Nothing was chosen."};
    if (paths.size() > model::paths_max)
        return model::Error{"too_many",
                            "At most 1000 files and folders at once; put them into a folder."};
    for (const auto& path : paths) {
        if (!is_path(path))
            return model::Error{"bad_path", "The paths have to be absolute, without line breaks."};
    }
    return std::nullopt;
}

Problem settings_problem(const model::Settings& settings) {
    const auto& theme = settings.theme;
    if (theme != "system" && theme != "dark" && theme != "light") {
        return bad_request("The theme is one of system, dark, light.");
    }
    if (!(settings.zoom >= 0.5 && settings.zoom <= 3.0)) {
        return bad_request("The zoom is a number from 0.5 to 3.");
    }
    if (const auto& address = settings.public_address; !address.empty()) {
        const auto parsed = parse_host_port(address);
        if (!parsed) return parsed.error();
        if (address.find_first_of(" \t\r\n") != std::string::npos)
            return bad_request("The public address has no spaces: host:port.");
    }
    if (auto problem = files_problem(settings)) return problem;
    if (settings.history_days > model::history_days_max) {
        return bad_request("The history is kept for 1 to 36500 days; 0 keeps it for ever.");
    }
    return std::nullopt;
}

Problem limit_problem(std::size_t limit, std::size_t max) {
    if (limit != 0 && limit <= max) return std::nullopt;
    return bad_request("The limit is a number from 1 to " + std::to_string(max) + ".");
}

}  // namespace kith::node
