// SPDX-License-Identifier: MIT
#include "app/files/places.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unordered_map>
#include <unordered_set>

#include "app/files/open_folders.hpp"
#include "app/files/safe_name.hpp"

namespace kith::files {
namespace {

constexpr std::size_t part_tail = 14;  // ".0123abcd.part"
constexpr std::size_t entry_tail = 9;  // ".0000002a"
constexpr std::size_t part_stem_max = name_max - part_tail - entry_tail;

}  // namespace

std::string join(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
}

bool is_top_level(const net::ManifestEntry& entry) {
    return entry.path.find('/') == std::string::npos;
}

std::size_t top_level_count(const net::Manifest& manifest) {
    return static_cast<std::size_t>(std::ranges::count_if(manifest.entries, is_top_level));
}

bool is_safe_path(const std::string& path) {
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find('/', begin), path.size());
        const auto name = std::string_view(path).substr(begin, end - begin);
        if (safe_name(name) != name) return false;
        begin = end + 1;
    }
    return true;
}

bool is_selection(const net::Manifest& manifest, const std::vector<std::uint32_t>& selected) {
    return std::ranges::adjacent_find(selected, std::greater_equal<>()) == selected.end() &&
           (selected.empty() || selected.back() < manifest.entries.size());
}

std::optional<Places> Places::of(const net::Manifest& manifest,
                                 const std::vector<std::string>& names) {
    const std::unordered_set<std::string_view> distinct(names.begin(), names.end());
    if (names.size() != top_level_count(manifest) || distinct.size() != names.size() ||
        !std::ranges::all_of(names, is_safe_path))
        return std::nullopt;
    Places out;
    out.places_.reserve(manifest.entries.size());
    std::unordered_map<std::string, std::uint32_t> bases;  // path -> of folders_
    struct Known {
        std::uint32_t entry, folder;
    };
    std::unordered_map<std::string_view, Known> known;  // folders of the manifest
    std::vector<NamesInFolder> taken;                   // in each of folders_
    const auto add_folder = [&](std::string path, std::optional<std::uint32_t> base) {
        const auto index = static_cast<std::uint32_t>(out.folders_.size());
        out.folders_.push_back({std::move(path), base.value_or(index)});
        taken.emplace_back();
        return index;
    };
    std::size_t top = 0;
    for (std::uint32_t i = 0; i < manifest.entries.size(); ++i) {
        const auto& entry = manifest.entries[i];
        Place place;
        if (is_top_level(entry)) {
            const std::string& name = names[top++];
            const auto [base, fresh] = bases.try_emplace(parent_of(name), 0);
            if (fresh) base->second = add_folder(base->first, std::nullopt);
            place = {base->second, none, last_name(name)};
        } else {
            const auto slash = entry.path.rfind('/');
            const auto parent = known.find(std::string_view(entry.path).substr(0, slash));
            if (parent == known.end()) return std::nullopt;
            const auto [above, folder] = parent->second;
            place = {folder, above, taken[folder].take(safe_name(entry.path.substr(slash + 1)))};
        }
        if (entry.folder) {
            const Folder& in = out.folders_[place.folder];
            const auto base = in.base;
            known.emplace(entry.path, Known{i, add_folder(join(in.path, place.name), base)});
        }
        out.places_.push_back(std::move(place));
    }
    return out;
}

std::string Places::name(std::uint32_t entry, std::uint32_t number) const {
    return number == 0 ? name(entry) : numbered(name(entry), number);
}

std::string Places::path(std::uint32_t entry, std::uint32_t number) const {
    return join(folder(entry), name(entry, number));
}

/// With its entry where it is cut: what is cut may be all two names differ in. A name that is not
/// cut is shorter than one with an entry, so they never meet.
std::string Places::part_name(std::uint32_t entry, const std::string& tag) const {
    const std::string& whole = name(entry);
    std::string out(cut_text(whole, part_stem_max));
    if (out.size() < whole.size()) {
        std::array<char, entry_tail + 1> text{};
        (void)std::snprintf(text.data(), text.size(), ".%08x", entry);
        out += text.data();
    }
    return out + "." + tag + ".part";
}

std::vector<std::uint32_t> Places::with_parents(const std::vector<std::uint32_t>& selected) const {
    std::vector<bool> in(places_.size());
    for (const auto entry : selected)
        for (auto at = entry; at != none && !in[at]; at = places_[at].parent) in[at] = true;
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = 0; i < in.size(); ++i)
        if (in[i]) out.push_back(i);
    return out;
}

}  // namespace kith::files
