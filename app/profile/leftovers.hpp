// SPDX-License-Identifier: MIT
//
// What interrupted work left in a profile's folder. Called at each start, before any other file is
// touched; the caller holds the profile's lock.
//
// A restore writes, in this order: the marker, the history under a fresh key, the key file; then it
// removes the marker. Without a key file nobody can ever read that history, so marker and no key
// means: it never happened. Marker and key: it was complete.
#pragma once

#include <vector>

#include "app/profile/profile_paths.hpp"

namespace kith::profile {

/// Names SQLite uses beside a database, the database itself included.
[[nodiscard]] std::vector<std::filesystem::path> database_files(
    const std::filesystem::path& database);

/// Removes temporary files, which may hold keys, and a restore that did not come to its end.
/// Errors: denied, io.
[[nodiscard]] Expected<void> clear_leftovers(const ProfilePaths& paths);

}  // namespace kith::profile
