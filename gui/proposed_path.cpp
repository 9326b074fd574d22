// SPDX-License-Identifier: MIT
#include "gui/proposed_path.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"
#include "gui/utf8.hpp"

namespace kith::gui {
namespace {

constexpr std::size_t name_part_max = 64;  // bytes of a person's name in a file name

std::filesystem::path home() {
#ifdef _WIN32
    const char* folder = std::getenv("USERPROFILE");
#else
    const char* folder = std::getenv("HOME");
#endif
    return folder ? folder : "";
}

std::filesystem::path folder() {
    const auto documents = home() / "Documents";
    std::error_code ignored;
    return std::filesystem::is_directory(documents, ignored) ? documents : home();
}

// Whatever has a meaning in a path on any system becomes a blank.
std::string file_part(std::string_view name) {
    std::string part(cut_utf8(name, name_part_max));
    part = safe_line(part);
    for (char& c : part)
        if (std::string_view("/\\:*?\"<>|.").find(c) != std::string_view::npos) c = ' ';
    return part;
}

std::string proposed(std::string_view name, std::string_view ending) {
    const std::string day = full_text(wall_clock()).substr(0, 10);
    const std::string file = "Kith " + file_part(name) + " " + day + std::string(ending);
    return (folder() / file).string();
}

}  // namespace

std::string proposed_export(std::string_view person) { return proposed(person, ".txt"); }

std::string proposed_backup(std::string_view own_name) { return proposed(own_name, ".kithbackup"); }

std::string with_ending(std::string_view path, std::string_view ending) {
    return std::filesystem::path(path).replace_extension(ending).string();
}

std::string full_path(std::string_view typed) {
    const auto first = typed.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    typed = typed.substr(first, typed.find_last_not_of(' ') - first + 1);
    if (typed != "~" && !typed.starts_with("~/")) return std::string(typed);
    return (home() / std::filesystem::path(typed.substr(std::min<std::size_t>(2, typed.size()))))
        .string();
}

}  // namespace kith::gui
