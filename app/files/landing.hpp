// SPDX-License-Identifier: MIT
//
// Where a transfer's files go: chosen once when it is accepted, kept with it, and held to from then
// on. Blocking calls, for a worker thread; free functions.
#pragma once

#include "app/files/file_calls.hpp"
#include "net/transfer/file_io.hpp"

namespace kith::files {

struct Landing {
    std::string folder;  ///< absolute; exists
    /// Of the entries at the top, in the manifest's order: where each goes in `folder`. Safe
    /// names with "/" between them, no two alike. One that was not selected has its place, too.
    std::vector<std::string> names;
    bool operator==(const Landing&) const = default;
};

struct LandingOrder {
    std::string folder;  ///< absolute; made when it is missing
    /// As Landing::names, as the naming template gives them: safe names, which may be taken.
    std::vector<std::string> wished;
    /// Entries that were accepted, ascending; empty: all of them.
    std::vector<std::uint32_t> selected{};
};

/// A name that is taken "name (1)" to "name (9999)" instead of.
inline constexpr std::uint32_t number_max = 9999;

/// Makes the folder and those between it and the entries. A selected folder at the top is made,
/// too, under a name that is not taken: it is this transfer's alone. Files get their number when
/// they get their name. Called again, it chooses anew. Errors: what cannot be made, and why.
[[nodiscard]] net::FileResult<Landing> choose_landing(const LandingOrder& order,
                                                      const net::Manifest& manifest,
                                                      const FileCalls& calls = system_calls());

/// Bytes for files of this user at `folder` (absolute), or at the nearest parent that exists.
[[nodiscard]] net::FileResult<std::uint64_t> free_bytes(const std::string& folder,
                                                        const FileCalls& calls = system_calls());

}  // namespace kith::files
