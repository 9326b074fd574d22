// SPDX-License-Identifier: MIT
//
// Copying one table around pages that cannot be read. Inside app/store only.
#pragma once

#include "app/store/connection.hpp"

namespace kith::store {

/// Copies what can be read by following the table from its root. Where that ends early, the rest of
/// an ordinary table is looked for on every page of the file, so that a lost page above others
/// costs nothing; a table WITHOUT ROWID is read from its other end, too. `table` is in the schema
/// of both, the target's is empty. Rows that the target's constraints refuse are left out.
///
/// Returns the number of places where rows may be missing. Errors are the target's only. The
/// damaged database is a working copy: its schema is written to.
[[nodiscard]] Expected<std::uint64_t> salvage_table(Connection& damaged, Connection& target,
                                                    const std::string& table);

}  // namespace kith::store
