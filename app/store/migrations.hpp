// SPDX-License-Identifier: MIT
//
// Bringing a file to the newest schema: each step in one transaction, so that a crash leaves one
// version or the other. Inside app/store only.
#pragma once

#include <span>

#include "app/store/connection.hpp"
#include "app/store/schema.hpp"
#include "app/store/settings.hpp"

namespace kith::store {

/// Whether the file is ours and not from a newer Kith: `mark` is the application id it has to bear.
/// Reads only. Errors: wrong_key, damaged, newer_version, and what reading can meet.
[[nodiscard]] Expected<std::int64_t> check_version(Connection& connection, std::size_t newest,
                                                   int mark = application_id);

/// Runs the steps the file has not seen.
[[nodiscard]] Expected<void> migrate(Connection& connection, std::span<const char* const> steps,
                                     int mark = application_id);

}  // namespace kith::store
