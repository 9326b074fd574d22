// SPDX-License-Identifier: MIT
//
// Bringing a file to the newest schema: each step in one transaction, so that a crash leaves one
// version or the other. Inside app/store only.
#pragma once

#include <span>

#include "app/store/connection.hpp"
#include "app/store/schema.hpp"

namespace kith::store {

/// Whether the file is ours and not from a newer Kith. Reads only.
/// Errors: wrong_key, damaged, newer_version, and what reading can meet.
[[nodiscard]] Expected<std::int64_t> check_version(Connection& connection, std::size_t newest);

/// Runs the steps the file has not seen.
[[nodiscard]] Expected<void> migrate(Connection& connection, std::span<const char* const> steps);

}  // namespace kith::store
