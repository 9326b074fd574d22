// SPDX-License-Identifier: MIT
#include "app/files/safe_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "net/utf8.hpp"

namespace kith::files {
namespace {

constexpr std::size_t extension_max = 16;
constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

/// The first character: its bytes; empty when it is none.
std::string_view first_character(std::string_view text) {
    for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size)
        if (net::valid_utf8(text.substr(0, size))) return text.substr(0, size);
    return {};
}

char32_t code_point(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return lead;
    char32_t value = lead & (0xFFU >> (character.size() + 1));
    for (const char c : character.substr(1))
        value = value << 6 | (static_cast<unsigned char>(c) & 0x3FU);
    return value;
}

struct Range {
    char32_t first, last;
};
/// Zero width, direction and line marks, tags: nobody sees them, and they change what is seen.
constexpr std::array<Range, 9> unseen{{{0x00AD, 0x00AD},
                                       {0x061C, 0x061C},
                                       {0x180E, 0x180E},
                                       {0x200B, 0x200F},
                                       {0x2028, 0x202E},
                                       {0x2060, 0x206F},
                                       {0xFEFF, 0xFEFF},
                                       {0xFFF9, 0xFFFB},
                                       {0xE0000, 0xE007F}}};

bool is_unseen(char32_t c) {
    return std::ranges::any_of(unseen, [c](const Range& r) { return c >= r.first && c <= r.last; });
}

bool is_refused(char32_t c) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
    return c < 0x80 &&
           std::string_view("/\\<>:\"|?*").find(static_cast<char>(c)) != std::string_view::npos;
}

std::string replace_characters(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    while (!raw.empty()) {
        const auto character = first_character(raw);
        raw.remove_prefix(std::max<std::size_t>(1, character.size()));
        if (character.empty()) {
            out += replacement;
        } else if (const char32_t c = code_point(character); is_refused(c)) {
            out += '_';
        } else if (!is_unseen(c)) {
            out += character;
        }
    }
    return out;
}

std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(' ');
    const auto end = text.find_last_not_of(" .");
    return end == std::string::npos ? std::string() : text.substr(begin, end + 1 - begin);
}

/// What Windows takes for a device whatever its extension.
bool is_device(std::string_view name) {
    std::string stem(name.substr(0, name.find('.')));
    stem.erase(stem.find_last_not_of(' ') + 1);
    std::ranges::transform(stem, stem.begin(), [](unsigned char c) {
        return static_cast<char>(c < 0x80 ? std::toupper(c) : c);
    });
    for (const char* device : {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"})
        if (stem == device) return true;
    if (!stem.starts_with("COM") && !stem.starts_with("LPT")) return false;
    const auto number = std::string_view(stem).substr(3);
    return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "\u00b9" ||
           number == "\u00b2" || number == "\u00b3";
}

bool looks_unfinished(std::string_view name) {
    constexpr std::size_t tail = 14;  // ".0123abcd.part"
    if (name.size() < tail || !name.ends_with(".part")) return false;
    const auto tag = name.substr(name.size() - tail, 9);
    return tag[0] == '.' && std::all_of(tag.begin() + 1, tag.end(),
                                        [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::string cut_keeping_extension(const std::string& name, std::size_t max) {
    if (name.size() <= max) return name;
    const auto tail = extension(name);
    const auto stem = std::string_view(name).substr(0, name.size() - tail.size());
    return std::string(cut_text(stem, max - tail.size())) += tail;
}

std::string once(std::string_view raw) {
    auto name = trimmed(replace_characters(raw));
    if (is_device(name)) name.insert(0, 1, '_');
    name = trimmed(cut_keeping_extension(name, name_max));
    if (looks_unfinished(name)) {
        name = cut_text(name, name_max - 1);
        name += '_';
    }
    return name.empty() ? "_" : name;
}

}  // namespace

std::string_view cut_text(std::string_view text, std::size_t max) {
    if (text.size() <= max) return text;
    while (max > 0 && is_continuation(text[max])) --max;
    return text.substr(0, max);
}

std::string_view extension(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot > extension_max) return {};
    const auto tail = name.substr(dot);
    return tail.find(' ') == std::string_view::npos ? tail : std::string_view{};
}

std::string safe_name(std::string_view raw) {
    auto name = once(raw);
    // Cutting can uncover what another step looks for; each pass leaves less to be found.
    for (auto again = once(name); again != name; again = once(name)) name = again;
    return name;
}

std::string numbered(std::string_view name, std::uint32_t number) {
    const auto tail = extension(name);
    const auto stem = name.substr(0, name.size() - tail.size());
    const std::string middle = " (" + std::to_string(number) + ")";
    std::string out(cut_text(stem, name_max - tail.size() - middle.size()));
    return (out += middle) += tail;
}

std::string numbering_of(std::string_view name) {
    constexpr std::uint32_t longest = 4'000'000'000;  // no number cuts more off a name
    return numbered(name, longest);
}

std::string NamesInFolder::take(std::string name) {
    if (taken_.insert(name).second) return name;
    for (auto& number = next_[numbering_of(name)];;) {
        auto other = numbered(name, ++number);
        if (taken_.insert(other).second) return other;
    }
}

}  // namespace kith::files
