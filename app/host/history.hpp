// SPDX-License-Identifier: MIT
//
// The history of a profile at its start: opened, or set aside when it is damaged. Blocks; any
// thread but the window's and the network's. The caller holds the profile's lock.
//
// Setting aside renames the file and its write-ahead log, never over another file, and takes what
// can be read over into a new history. A marker with the new name is on the disk before the first
// rename and goes last, so that a start after a crash goes on where it ended.
#pragma once

#include "app/profile/file_calls.hpp"
#include "app/profile/profile_paths.hpp"
#include "app/store/database.hpp"

namespace kith::host {

struct HistoryOptions {
    profile::ProfilePaths paths;
    bool fresh = false;      ///< the profile was made just now: no history is expected
    bool set_aside = false;  ///< asked for by a person
    model::Timestamp now = 0;
};

struct OpenedHistory {
    store::Database database;
    std::vector<std::string> notices;  ///< for a person: what happened to the history
};

using DatabaseKey = std::span<const std::uint8_t, 32>;

/// Error codes: damaged (may be set aside), newer_version, disk_full, read_only, storage. After an
/// error everything is as it was.
[[nodiscard]] tl::expected<OpenedHistory, model::Error> open_history(const HistoryOptions& options,
                                                                     DatabaseKey key);

/// Sets a damaged history aside, or ends what was begun earlier. The result is a sentence about
/// what was kept and where the damaged file lies; empty: there was nothing to do.
[[nodiscard]] tl::expected<std::string, model::Error> set_history_aside(
    const profile::ProfilePaths& paths, DatabaseKey key, model::Timestamp now,
    const profile::FileCalls& calls = profile::system_calls());

}  // namespace kith::host
