// SPDX-License-Identifier: MIT
//
// What is about to be offered: looks through the files and folders a person has chosen. Blocks: for
// a worker thread.
#pragma once

#include <functional>

#include "app/files/file_calls.hpp"
#include "net/transfer/manifest.hpp"

namespace kith::files {

enum class Skipped : std::uint8_t {
    link,        ///< symbolic links are never followed, chosen ones neither
    special,     ///< a socket, a pipe, a device
    unreadable,  ///< no permission, or the disk cannot read it
    missing,
    not_utf8,  ///< a name of bytes that are no text
    too_deep,  ///< manifest_depth_max, or a path above manifest_path_max
    too_many,  ///< manifest_entries_max, manifest_bytes_max; nothing more is looked at
    bad_path,  ///< not absolute, or without a name ("/")
};
[[nodiscard]] const char* reason(Skipped why) noexcept;  ///< "is a symbolic link"

struct SkippedPath {
    std::string path;  ///< absolute, as the disk has it: not fit to be shown as it is
    Skipped why;
};

inline constexpr std::size_t skipped_listed_max = 1000;

struct Walk {
    net::Manifest manifest;
    /// The absolute path of each entry at the top, in the order of the manifest.
    std::vector<std::string> roots;
    std::vector<SkippedPath> skipped;  ///< the first skipped_listed_max
    std::size_t skipped_count = 0;
    bool cancelled = false;
};

/// In the order of `paths`, each folder's contents behind it and sorted by bytes. Hidden and empty
/// files and folders are in it. The second "a" of `paths` is offered as "a (1)". `cancelled` is
/// asked for every entry.
[[nodiscard]] Walk walk(const std::vector<std::string>& paths,
                        const std::function<bool()>& cancelled,
                        const FileCalls& calls = system_calls());

}  // namespace kith::files
