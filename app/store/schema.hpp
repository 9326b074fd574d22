// SPDX-License-Identifier: MIT
//
// The tables, as steps from one version of the file to the next. Inside app/store only.
#pragma once

#include <span>

namespace kith::store {

/// Step n takes a file from version n-1 to n. Each is SQL, one or more statements. A step is never
/// edited once released: a change is a new step.
[[nodiscard]] std::span<const char* const> schema_steps();

}  // namespace kith::store
