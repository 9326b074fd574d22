// SPDX-License-Identifier: MIT
#include "app/files/naming.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <optional>

#include "app/files/safe_name.hpp"

namespace kith::files {
namespace {

using Field = NamingTemplate::Field;
using Parts = std::vector<NamingTemplate::Part>;

constexpr std::pair<std::string_view, Field> fields[] = {
    {"person", Field::person}, {"date", Field::date}, {"time", Field::time},
    {"name", Field::name},     {"stem", Field::stem}, {"ext", Field::extension},
};

tl::unexpected<std::string> refuse(std::string text) { return tl::unexpected(std::move(text)); }

std::tm local_time(std::int64_t at_ms) {
    const auto seconds = static_cast<std::time_t>(at_ms / 1000);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return parts;
}

std::string date_of(std::int64_t at_ms) {
    const auto parts = local_time(at_ms);
    char text[16] = "";
    std::strftime(text, sizeof text, "%Y%m%d", &parts);
    return text;
}

std::string time_of(std::int64_t at_ms) {
    const auto parts = local_time(at_ms);
    char text[16] = "";
    std::strftime(text, sizeof text, "%H%M%S", &parts);
    return text;
}

/// What stands between two separators, or at an end.
bool is_dots(const std::string& name) { return name == "." || name == ".."; }

std::optional<std::string> problem_of(const Parts& parts) {
    std::size_t depth = 1;
    std::string literal;
    bool only_text = true, empty = true, tells_apart = false;
    const auto name_problem = [&]() -> std::optional<std::string> {
        if (empty) return "The naming has an empty name: no \"/\" at its ends, nor two in a row.";
        if (only_text && is_dots(literal)) return "The naming may not lead out of its folder.";
        return std::nullopt;
    };
    for (const auto& part : parts) {
        if (part.field == Field::separator) {
            if (auto problem = name_problem()) return problem;
            if (++depth > naming_depth_max) return "The naming makes too many folders.";
            literal.clear();
            only_text = empty = true;
            tells_apart = false;
            continue;
        }
        empty = false;
        only_text = only_text && part.field == Field::text;
        literal += part.text;
        tells_apart = tells_apart || part.field == Field::name || part.field == Field::stem;
    }
    if (auto problem = name_problem()) return problem;
    if (!tells_apart)
        return "The naming has to end with {name} or {stem}: all files would be called the same.";
    return std::nullopt;
}

void add_text(Parts& parts, std::string_view text) {
    while (!text.empty()) {
        const auto slash = text.find('/');
        if (slash > 0) parts.push_back({Field::text, std::string(text.substr(0, slash))});
        if (slash == std::string_view::npos) return;
        parts.push_back({Field::separator});
        text.remove_prefix(slash + 1);
    }
}

std::string value_of(const NamingTemplate::Part& part, const NamedFile& file,
                     const std::string& name) {
    const auto ext = extension(name);
    switch (part.field) {
        case Field::text:
            return part.text;
        case Field::person:
            return safe_name(file.person);
        case Field::date:
            return date_of(file.at);
        case Field::time:
            return time_of(file.at);
        case Field::name:
            return name;
        case Field::stem:
            return name.substr(0, name.size() - ext.size());
        case Field::extension:
            return std::string(ext);
        case Field::separator:
            break;
    }
    return {};
}

/// user-dirs.dirs(5): XDG_DOWNLOAD_DIR="$HOME/…" or an absolute path, with \ before " and \.
std::optional<std::string> read_entry(const std::string& line, const std::string& home) {
    constexpr std::string_view key = "XDG_DOWNLOAD_DIR=\"";
    const auto start = line.find_first_not_of(" \t");
    if (start == std::string::npos || line.compare(start, key.size(), key) != 0)
        return std::nullopt;
    std::string value;
    std::size_t at = start + key.size();
    for (; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\' && at + 1 < line.size()) ++at;
        value += line[at];
    }
    if (at == line.size()) return std::nullopt;  // no closing quote
    constexpr std::string_view in_home = "$HOME";
    if (value.starts_with(in_home)) value = home + value.substr(in_home.size());
    while (value.size() > 1 && value.back() == '/') value.pop_back();
    // "$HOME" itself stands for "there is no such folder".
    const bool usable = value.starts_with('/') && value != home && value.find('\n') == value.npos;
    return usable ? std::optional(value) : std::nullopt;
}

}  // namespace

tl::expected<NamingTemplate, std::string> parse_naming(std::string_view text) {
    if (text.empty()) return refuse("The naming is empty.");
    NamingTemplate made;
    while (!text.empty()) {
        const auto open = text.find_first_of("{}");
        add_text(made.parts_, text.substr(0, open));
        if (open == std::string_view::npos) break;
        const auto close = text.find('}', open);
        if (text[open] == '}' || close == std::string_view::npos)
            return refuse("The naming has a brace without its other half.");
        const auto field = text.substr(open + 1, close - open - 1);
        const auto known = std::ranges::find(fields, field, [](const auto& f) { return f.first; });
        if (known == std::end(fields))
            return refuse("{" + std::string(field) +
                          "} is not known. There are {person}, {date}, {time}, {name}, {stem} and "
                          "{ext}.");
        made.parts_.push_back({known->second});
        text.remove_prefix(close + 1);
    }
    if (auto problem = problem_of(made.parts_)) return refuse(std::move(*problem));
    return made;
}

std::string place_of(const NamingTemplate& naming, const NamedFile& file) {
    const std::string name = safe_name(file.name);
    std::string path, current;
    for (const auto& part : naming.parts()) {
        if (part.field == Field::separator) {
            path += safe_name(current) + "/";
            current.clear();
        } else {
            current += value_of(part, file, name);
        }
    }
    return path + safe_name(current);
}

std::string downloads_folder(const std::string& home, std::string config_home) {
    if (home.empty()) return {};
    if (config_home.empty()) config_home = home + "/.config";
    std::ifstream file(config_home + "/user-dirs.dirs");
    std::string line;
    std::string folder = home + "/Downloads";
    for (int lines = 0; lines < 1000 && std::getline(file, line); ++lines) {
        if (auto entry = read_entry(line, home)) folder = *entry;
    }
    return folder;
}

}  // namespace kith::files
