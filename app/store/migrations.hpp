// SPDX-License-Identifier: MIT
//
// The schema as a list of steps. Step n takes a file from version n-1 to n, in one transaction, so
// that a crash leaves one version or the other. Steps are never edited once released: a change is a
// new step. Inside app/store only.
#pragma once

#include <span>

#include "app/store/connection.hpp"

namespace kith::store {

/// Each is SQL, one or more statements.
[[nodiscard]] std::span<const char* const> schema_steps();

/// Whether the file is ours and not from a newer Kith. Reads only.
/// Errors: wrong_key, damaged, newer_version, and what reading can meet.
[[nodiscard]] Expected<std::int64_t> check_version(Connection& connection, std::size_t newest);

/// Runs the steps the file has not seen.
[[nodiscard]] Expected<void> migrate(Connection& connection, std::span<const char* const> steps);

}  // namespace kith::store
