// SPDX-License-Identifier: MIT
//
// Where each entry of a manifest lies beneath the landing folder: safe names, no two alike, the
// same whenever they are worked out. A value; any thread.
#pragma once

#include <optional>

#include "app/files/landing.hpp"

namespace kith::files {

class Places {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// Nothing when `names` (Landing::names) are not those of this manifest, or not safe.
    [[nodiscard]] static std::optional<Places> of(const net::Manifest& manifest,
                                                  const std::vector<std::string>& names);

    /// The folder it lies in, "" for the landing folder itself.
    [[nodiscard]] const std::string& folder(std::uint32_t entry) const {
        return folders_[places_[entry].folder].path;
    }
    /// The folder its top-level entry lies in.
    [[nodiscard]] const std::string& base(std::uint32_t entry) const {
        return folders_[folders_[places_[entry].folder].base].path;
    }
    [[nodiscard]] const std::string& name(std::uint32_t entry) const { return places_[entry].name; }
    /// With the number it got; 0: none.
    [[nodiscard]] std::string name(std::uint32_t entry, std::uint32_t number) const;
    [[nodiscard]] std::string path(std::uint32_t entry, std::uint32_t number = 0) const;
    /// While it is being received: "name.<tag>.part"; a long name is cut for it. No two alike.
    [[nodiscard]] std::string part_name(std::uint32_t entry, const std::string& tag) const;
    /// `selected`, and the folders that have to be there for it; ascending.
    [[nodiscard]] std::vector<std::uint32_t> with_parents(
        const std::vector<std::uint32_t>& selected) const;

private:
    struct Folder {
        std::string path;
        std::uint32_t base = 0;
    };
    struct Place {
        std::uint32_t folder = 0;  // of folders_
        std::uint32_t parent = none;
        std::string name;
    };
    std::vector<Folder> folders_;
    std::vector<Place> places_;  // of each entry
};

/// "folder/name"; "name" when `folder` is empty.
[[nodiscard]] std::string join(const std::string& folder, const std::string& name);
/// How many entries have no "/" in their path.
[[nodiscard]] std::size_t top_level_count(const net::Manifest& manifest);
[[nodiscard]] bool is_top_level(const net::ManifestEntry& entry);
/// Relative, and every name in it is what safe_name() makes of it.
[[nodiscard]] bool is_safe_path(const std::string& path);
/// Ascending, and entries of the manifest.
[[nodiscard]] bool is_selection(const net::Manifest& manifest,
                                const std::vector<std::uint32_t>& selected);

}  // namespace kith::files
