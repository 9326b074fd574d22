// SPDX-License-Identifier: MIT
//
// Group commit: many jobs, one transaction, one flush to disk.
#pragma once

#include <vector>

#include "app/store/broken_sessions.hpp"
#include "app/store/database.hpp"

namespace kith::store {

inline constexpr std::size_t batch_jobs_max = 2048;  ///< bounds how long a job waits for the others
inline constexpr std::size_t batch_bytes_max = 4 << 20;  ///< bounds what one commit keeps in memory

/// What a job weighs against batch_bytes_max: about its bytes in the file.
[[nodiscard]] std::size_t weight(const Job& job);

/// Some jobs are done in pieces, with others in between: what has to be submitted next, with the
/// same continuation, instead of giving this answer.
[[nodiscard]] std::optional<Job> rest_of(const Result& result);

/// One result per job, in order. A failed job undoes only itself. When the transaction as a whole
/// fails, every job of the batch gets the same error and nothing of it is stored. What a peer said
/// after something that failed, in the same session, gets Errc::after_failure; `broken` remembers
/// this from batch to batch.
[[nodiscard]] std::vector<Result> run_batch(Database& database, const std::vector<Job>& jobs,
                                            BrokenSessions& broken);
/// A batch by itself.
[[nodiscard]] std::vector<Result> run_batch(Database& database, const std::vector<Job>& jobs);

}  // namespace kith::store
