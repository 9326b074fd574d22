// SPDX-License-Identifier: MIT
//
// Names of files as strangers give them, made such that every file system takes them, Windows
// included, and that they look like what they are. Free functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace kith::files {

inline constexpr std::size_t name_max = 255;  ///< bytes; what common file systems take

/// One name, never empty, "." or "..", valid UTF-8 of at most name_max bytes:
/// - `/ \ < > : " | ? *` and control characters become "_", broken UTF-8 becomes U+FFFD;
/// - what is not seen or turns the direction of text is left out (U+202E, U+200B, ...);
/// - spaces around it and dots behind it are left out; dots before it stay (hidden files);
/// - device names of Windows (CON, COM1, nul.txt) get a "_" in front, names of files that are
///   still being received (".0123abcd.part") one behind;
/// - what is too long is cut between two characters, and keeps its extension.
/// A safe name stays as it is.
[[nodiscard]] std::string safe_name(std::string_view raw);

/// "photo.jpg", 2 -> "photo (2).jpg"; cut to name_max.
[[nodiscard]] std::string numbered(std::string_view name, std::uint32_t number);

/// Long names that differ only in their ends may be the same once they are numbered. They have this
/// in common and share one count, or each of many would try all the numbers of the others again.
[[nodiscard]] std::string numbering_of(std::string_view name);

/// ".jpg"; empty for hidden files without one, and for what is too long to be one.
[[nodiscard]] std::string_view extension(std::string_view name);

/// The first `max` bytes, or less: no character is cut.
[[nodiscard]] std::string_view cut_text(std::string_view text, std::size_t max);

/// The names in one folder: gives each at most once.
class NamesInFolder {
public:
    /// `name` if it is free, or the first "name (1)" that is.
    std::string take(std::string name);

private:
    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, std::uint32_t> next_;  // last tried; by numbering_of()
};

}  // namespace kith::files
