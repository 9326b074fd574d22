// SPDX-License-Identifier: MIT
//
// New messages go into the search index in groups, when there is time or when somebody searches.
// Inside app/store only.
#pragma once

#include <chrono>

#include "app/store/connection.hpp"

namespace kith::store {

inline constexpr std::size_t index_rows_due = 256;     ///< waiting: worth a transaction when idle
inline constexpr std::size_t index_rows_late = 8'192;  ///< waiting: done also while jobs come in
inline constexpr std::chrono::milliseconds index_pause{200};  ///< without jobs: idle
inline constexpr std::size_t index_rows_max = 512;            ///< in one transaction, or …
inline constexpr std::size_t index_bytes_max = 512 * 1024;    ///< … about so much text

/// Messages that are not in the index yet; an upper bound where some were removed.
[[nodiscard]] Expected<std::size_t> index_backlog(Connection& connection);

/// Indexes the oldest of them, `rows` at most; all or none. Returns whether more wait.
[[nodiscard]] Expected<bool> index_some(Connection& connection, std::size_t rows);

}  // namespace kith::store
